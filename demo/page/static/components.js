// How the components of a message are shown.

import { optionsOf } from "./select_options.js";
import { choose, press } from "./interactions.js";
import { element } from "./dom.js";
import { markdown } from "./markdown_view.js";
import { fileCard, gallery, thumbnail } from "./media.js";
import { makeSelect } from "./select.js";

const BUTTON_STYLES = { 1: "primary", 2: "secondary", 3: "success", 4: "danger" };
const LINK = 5;

const SHOWN = {
  1: actionRow,
  2: button,
  3: select,
  5: select,
  6: select,
  7: select,
  8: select,
  9: section,
  10: textDisplay,
  11: thumbnail,
  12: gallery,
  13: fileCard,
  14: separator,
  17: container,
};

/** Show components, with what they do to the message they are in. */
export function components(all, message) {
  return (all ?? []).map((each) => SHOWN[each.type]?.(each, message) ?? unknown(each));
}

function unknown(component) {
  return element("p", { class: "small" }, `(a component of type ${component.type})`);
}

function hex(colour) {
  return `#${colour.toString(16).padStart(6, "0")}`;
}

function container(one, message) {
  const made = element("div", { class: "container" }, components(one.components, message));
  const colour = one.accent_color;
  if (colour !== null && colour !== undefined) {
    made.classList.add("has-accent");
    made.style.setProperty("--accent", hex(colour));
  }
  return one.spoiler ? hidden(made) : made;
}

/** Cover something until it is asked for. */
function hidden(content) {
  const cover = element("div", { class: "covered" });
  const reveal = element("button", { type: "button", class: "cover" }, "Spoiler");
  reveal.addEventListener("click", () => cover.replaceWith(content));
  content.inert = true;
  reveal.addEventListener("click", () => (content.inert = false));
  cover.append(content, reveal);
  return cover;
}

function section(one, message) {
  return element(
    "div",
    { class: "section" },
    element("div", { class: "section-texts" }, components(one.components, message)),
    element("div", { class: "section-side" }, components([one.accessory], message)),
  );
}

function textDisplay(one) {
  return element("div", { class: "text" }, markdown(one.content));
}

function separator(one) {
  const size = one.spacing === 2 ? "is-large" : "is-small";
  if (one.divider === false) return element("div", { class: `gap ${size}` });
  return element("hr", { class: size });
}

function actionRow(one, message) {
  return element("div", { class: "action-row" }, components(one.components, message));
}

function words(one) {
  const emoji = one.emoji?.id ? `:${one.emoji.name}:` : one.emoji?.name;
  return [
    emoji ? element("span", { class: "emoji" }, emoji) : null,
    one.label ? element("span", {}, one.label) : null,
  ];
}

function button(one, message) {
  if (one.style === LINK) return linkButton(one);
  const made = element(
    "button",
    {
      type: "button",
      class: `button is-${BUTTON_STYLES[one.style] ?? "secondary"}`,
      disabled: one.disabled || !one.custom_id,
      "data-focus": `button:${one.label ?? one.custom_id}`,
      click: () => busyWhile(made, press(message, one)),
    },
    element("span", { class: "button-words" }, words(one)),
  );
  return made;
}

function linkButton(one) {
  const isWeb = /^https?:\/\//i.test(one.url ?? "");
  const away = { target: "_blank", rel: "noopener noreferrer", title: one.url };
  return element(
    "a",
    { class: "button is-secondary is-link", href: isWeb && !one.disabled ? one.url : null, ...away },
    element("span", { class: "button-words" }, words(one)),
    element("span", { class: "away", "aria-label": "(opens in a new tab)", role: "img" }, "↗"),
  );
}

async function busyWhile(made, doing) {
  if (made.getAttribute("aria-busy") === "true") return;
  made.setAttribute("aria-busy", "true");
  await doing;
  made.removeAttribute("aria-busy");
}

function select(one, message) {
  const label = one.placeholder || "Make a selection";
  const choice = {
    label,
    options: optionsOf(one),
    least: one.min_values ?? 1,
    most: one.max_values ?? 1,
    disabled: one.disabled,
  };
  const made = makeSelect(choice, (values) => busyWhile(made, choose(message, one, values)));
  return made;
}
