// Elements are built by hand: text from outside only ever becomes a text node.

const SVG = "http://www.w3.org/2000/svg";

function furnish(made, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") made.addEventListener(name, value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return made;
}

/** An HTML element; an attribute whose value is a function listens to the event of that name. */
export function element(tag, attributes, ...children) {
  return furnish(document.createElement(tag), attributes, children);
}

export function drawn(tag, attributes, ...children) {
  return furnish(document.createElementNS(SVG, tag), attributes, children);
}

export function byId(id) {
  return document.getElementById(id);
}

let last = 0;

export function freshId(prefix) {
  last += 1;
  return `${prefix}-${last}`;
}

export function debounced(milliseconds, act) {
  let waiting;
  return (...given) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => act(...given), milliseconds);
  };
}

export function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
