// How the tree of a text becomes elements.

import { stamp } from "./timestamps.js";
import { element } from "./dom.js";
import { blocks, inline } from "./markdown.js";
import { channelName, personName, roleName } from "./state.js";

const SIMPLE = { strong: "strong", emphasis: "em", underline: "u", strike: "s" };

/** A text of several lines, with all that Discord's markdown can do. */
export function markdown(text) {
  return blocks(text).map(shown);
}

/** A text of one line without blocks, such as a label. */
export function inlineMarkdown(text) {
  return inline(text).map(shown);
}

function all(nodes) {
  return nodes.map(shown);
}

function shown(node) {
  switch (node.type) {
    case "text":
      return node.text;
    case "heading":
      // A message's own heading is an h3; what is written in it comes below.
      return element(`h${node.level + 3}`, { class: `level-${node.level}` }, all(node.children));
    case "small":
      return element("p", { class: "small" }, all(node.children));
    case "lines":
      return element("p", { class: "lines" }, all(node.children));
    case "quote":
      return element("blockquote", {}, all(node.children));
    case "list":
      return listOf(node);
    case "code":
      return element("code", {}, node.text);
    case "codeblock":
      return element("pre", { tabindex: "0" }, element("code", {}, node.text));
    case "stamp":
      return stamp(node.at, node.style);
    case "link":
      return linkTo(node);
    case "spoiler":
      return spoiler(node);
    case "person":
      return mention(`@${personName(node.id)}`);
    case "role":
      return mention(`@${roleName(node.id)}`);
    case "channel":
      return mention(`#${channelName(node.id)}`);
    case "command":
      return mention(`/${node.name}`);
    case "everyone":
      return mention(node.text);
    default:
      return element(SIMPLE[node.type], {}, all(node.children));
  }
}

function listOf(node) {
  const items = node.items.map((item) =>
    element("li", {}, all(item.children), item.within ? listOf(item.within) : null),
  );
  if (node.start === null) return element("ul", {}, items);
  return element("ol", { start: node.start }, items);
}

function linkTo(node) {
  const away = { href: node.url, target: "_blank", rel: "noopener noreferrer", title: node.url };
  return element("a", away, all(node.children));
}

function mention(text) {
  return element("span", { class: "mention" }, text);
}

function spoiler(node) {
  const reveal = (event) => {
    const open = element("span", { class: "spoiler-open", tabindex: "-1" }, all(node.children));
    event.currentTarget.replaceWith(open);
    open.focus();
  };
  return element(
    "button",
    { type: "button", class: "spoiler", "aria-label": "Spoiler, show it", click: reveal },
    element("span", { "aria-hidden": "true" }, all(node.children)),
  );
}
