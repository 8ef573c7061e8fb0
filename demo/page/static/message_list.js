// The messages of the channel that is open, kept in step with what the feed tells.

import { announce } from "./announcer.js";
import { dayOf } from "./timestamps.js";
import { byId, element } from "./dom.js";
import { isLoading, messageRow, noteRow, spoken } from "./message.js";
import { nameOf, state, when } from "./state.js";

const NEAR = 120;
const GROUPED_FOR = 7 * 60_000;

const rows = new Map();
let noteRows = [];
let isAtEnd = true;

export function startList() {
  when("all", showAll);
  when("message", ({ message, isNew }) => showOne(message, isNew));
  when("gone", (id) => keepingPlace(() => remove(id)));
  when("notes", () => keepingPlace(showNotes));
  const scroller = byId("scroller");
  scroller.addEventListener("scroll", () => {
    isAtEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR;
  });
  // The keyboard of a phone takes room, and so do pictures once they are there.
  const sizes = new ResizeObserver(() => isAtEnd && toEnd());
  sizes.observe(scroller);
  sizes.observe(list());
}

function list() {
  return byId("messages");
}

/** Stay at the newest message if that is where the reader was; else do not move at all. */
function keepingPlace(change) {
  const wasAtEnd = isAtEnd;
  change();
  arrange();
  if (wasAtEnd) toEnd();
}

export function toEnd() {
  const scroller = byId("scroller");
  scroller.scrollTop = scroller.scrollHeight;
  isAtEnd = true;
}

function showAll() {
  rows.clear();
  noteRows = [];
  list().replaceChildren();
  for (const message of state.messages.get(state.channel)?.values() ?? []) add(message);
  showNotes();
  arrange();
  toEnd();
}

function add(message) {
  const row = messageRow(message);
  rows.set(message.id, row);
  const [firstNote] = noteRows;
  list().insertBefore(row, firstNote ?? null);
  return row;
}

function showOne(message, isNew) {
  if (message.channel_id !== state.channel) return;
  let row;
  keepingPlace(() => {
    row = rows.has(message.id) ? replace(message) : add(message);
  });
  if (isNew && message.author.id === state.me) toEnd();
  if (!isLoading(message)) announce(`${nameOf(message.author)}: ${spoken(row)}`);
}

/** Show a newer version in place; whoever was on one of its buttons stays on it or beside it. */
function replace(message) {
  const old = rows.get(message.id);
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const row = messageRow(message);
  rows.set(message.id, row);
  old.replaceWith(row);
  if (focused) focusAgain(row, focused.dataset.focus, actionRowNumber(old, focused));
  return row;
}

function actionRows(row) {
  return [...row.querySelectorAll(".action-row")];
}

function actionRowNumber(row, focused) {
  return actionRows(row).findIndex((each) => each.contains(focused));
}

/** Focus the same control; where it is gone, the first button of its action row, or any button. */
function focusAgain(row, key, actionRow) {
  const all = [...row.querySelectorAll("[data-focus]:not(:disabled)")];
  const buttons = all.filter((each) => each.dataset.focus.startsWith("button:"));
  const same = all.find((each) => each.dataset.focus === key);
  const beside = buttons.find((each) => actionRows(row)[actionRow]?.contains(each));
  (same ?? beside ?? buttons[0] ?? all[0] ?? byId("composer-input")).focus({ preventScroll: true });
}

function remove(id) {
  const row = rows.get(id);
  if (!row) return;
  const hadFocus = row.contains(document.activeElement);
  row.remove();
  rows.delete(id);
  if (hadFocus) byId("composer-input").focus();
}

function showNotes() {
  const hadFocus = noteRows.some((row) => row.contains(document.activeElement));
  for (const row of noteRows) row.remove();
  noteRows = state.notes
    .filter((note) => note.channel === state.channel && note.person === state.me)
    .map(noteRow);
  list().append(...noteRows);
  if (hadFocus) byId("composer-input").focus();
}

/** Put days between messages, and leave out the name where somebody goes on speaking. */
function arrange() {
  let before = null;
  for (const row of list().children) {
    const day = dayOf(row.dataset.at);
    const isNewDay = before !== null && dayOf(before.dataset.at) !== day;
    const goesOn =
      before !== null &&
      !isNewDay &&
      !row.dataset.alone &&
      row.dataset.author === before.dataset.author &&
      Date.parse(row.dataset.at) - Date.parse(before.dataset.at) < GROUPED_FOR;
    row.classList.toggle("goes-on", goesOn);
    row.querySelector(".day")?.remove();
    if (isNewDay) row.prepend(element("div", { class: "day" }, element("span", {}, day)));
    before = row;
  }
}
