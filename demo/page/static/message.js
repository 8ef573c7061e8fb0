// One message: who, when, on whose asking, what it says, and who sees it.

import { avatar } from "./avatars.js";
import { now, written } from "./timestamps.js";
import { components } from "./components.js";
import { dismiss, drop } from "./interactions.js";
import { element } from "./dom.js";
import { markdown } from "./markdown_view.js";
import { attachments, embed } from "./media.js";
import { nameOf, personName, state } from "./state.js";

const LOADING = 1 << 7;
const TOKEN_LIFE = 15 * 60_000;

export function isLoading(message) {
  return Boolean(message.flags & LOADING);
}

/** What a message says, as one text for those who hear it. */
export function spoken(shown) {
  return shown.querySelector(".content")?.innerText ?? "";
}

export function messageRow(message) {
  const row = frame(message.id, message.author, message.timestamp, {
    asked: askedLine(message),
    content: content(message),
    foot: [failure(message), message.private ? privateNote(() => dismiss(message)) : null],
    edited: message.edited_timestamp,
  });
  row.classList.toggle("is-private", message.private);
  row.dataset.author = message.author.id;
  row.dataset.alone = message.interaction_metadata ? "yes" : "";
  return row;
}

/** A line that only this page knows of: a command on its way, or one without an answer. */
export function noteRow(note) {
  const failed = note.kind === "failed";
  const row = frame(note.id, state.bot, new Date(note.at).toISOString(), {
    asked: usedLine(note.person, note.command),
    content: failed
      ? element("p", { class: "failed" }, `⚠ ${note.words}`)
      : thinking("Sending command…"),
    foot: failed ? privateNote(() => drop(note)) : null,
  });
  row.classList.add("is-note");
  row.classList.toggle("is-private", failed);
  row.dataset.alone = "yes";
  return row;
}

function frame(id, author, at, { asked, content: said, foot, edited }) {
  return element(
    "li",
    { class: "message", "data-id": id, "data-at": at },
    asked,
    element("div", { class: "face" }, avatar(author)),
    element(
      "div",
      { class: "body" },
      element(
        "div",
        { class: "head" },
        element("h3", { class: author.bot ? "name is-bot" : "name" }, nameOf(author)),
        author.bot ? element("span", { class: "app" }, "APP") : null,
        written(at),
      ),
      element(
        "div",
        { class: "content" },
        said,
        edited ? editedMark(edited) : null,
      ),
      foot,
    ),
  );
}

function editedMark(at) {
  return element("span", { class: "edited", title: new Date(at).toLocaleString() }, "(edited)");
}

function usedLine(personId, command) {
  const user = state.people.find((each) => each.id === personId);
  return element(
    "div",
    { class: "asked" },
    user ? avatar(user, 16) : null,
    element("span", { class: "asked-name" }, personName(personId)),
    " used ",
    element("span", { class: "asked-command" }, `/${command}`),
  );
}

function askedLine(message) {
  const about = message.interaction_metadata;
  if (!about) return null;
  if (about.name && message.type === 20) return usedLine(about.user.id, about.name);
  const source = state.messages.get(message.channel_id)?.get(about.interacted_message_id);
  const words = source ? excerpt(source) : "a message that is not here any more";
  return element(
    "div",
    { class: "asked" },
    source ? avatar(source.author, 16) : null,
    element("span", { class: "asked-name" }, source ? nameOf(source.author) : ""),
    element("span", { class: "asked-excerpt" }, words),
  );
}

/** The first line of a message, without its marks. */
function excerpt(message) {
  const text = message.content || firstText(message.components) || "Click to see the message";
  const line = text.split("\n")[0].replace(/^[#\-\s]+|\*\*|__|~~|`/g, "");
  return line.replace(/<t:[^>]*>/g, "…").replace(/\\(.)/g, "$1");
}

function firstText(parts) {
  for (const part of parts ?? []) {
    const found = part.type === 10 ? part.content : firstText(part.components);
    if (found) return found;
  }
  return "";
}

function content(message) {
  if (isLoading(message)) {
    const given = now() - Date.parse(message.timestamp) < TOKEN_LIFE;
    return given
      ? thinking(`${nameOf(message.author)} is thinking…`)
      : element("p", { class: "failed" }, "⚠ The application did not respond");
  }
  const parts = components(message.components, message);
  const shownByParts = message.flags & (1 << 15);
  return [
    message.content ? element("div", { class: "text" }, markdown(message.content)) : null,
    message.embeds.map(embed),
    shownByParts ? null : attachments(message.attachments),
    parts,
  ];
}

function thinking(words) {
  const dots = [0, 1, 2].map(() => element("span", { class: "dot" }));
  return element(
    "p",
    { class: "thinking" },
    element("span", { class: "dots", "aria-hidden": "true" }, dots),
    words,
  );
}

function failure(message) {
  const words = state.failures.get(message.id);
  return words ? element("p", { class: "failed" }, `⚠ ${words}`) : null;
}

function privateNote(away) {
  return element(
    "p",
    { class: "private" },
    element("span", { class: "eye", "aria-hidden": "true" }),
    "Only you can see this · ",
    element("button", { type: "button", class: "as-link", click: away }, "Dismiss message"),
  );
}
