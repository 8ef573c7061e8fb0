// Where one can be, and as whom one can look.

import { avatar } from "./avatars.js";
import { byId, element } from "./dom.js";
import { nameOf, state, when } from "./state.js";

export function startSidebar({ goTo, become }) {
  const show = () => {
    byId("server").textContent = state.server.name;
    showChannels(goTo);
    showPeople(become);
  };
  when("all", show);
  when("unread", () => showChannels(goTo));
}

function showChannels(goTo) {
  const there = byId("channels");
  const focused = there.contains(document.activeElement) ? document.activeElement.id : "";
  there.replaceChildren(...state.channels.map((channel) => channelRow(channel, goTo)));
  if (focused) byId(focused)?.focus();
}

function channelRow(channel, goTo) {
  const isUnread = state.unread.has(channel.id);
  return element(
    "li",
    {},
    element(
      "button",
      {
        type: "button",
        id: `channel-${channel.id}`,
        class: rowClass(channel, isUnread),
        "aria-current": channel.id === state.channel ? "page" : null,
        click: () => goTo(channel.id),
      },
      channel.is_direct
        ? avatar(state.bot, 24)
        : element("span", { class: "hash", "aria-hidden": "true" }, "#"),
      element("span", { class: "channel-text" }, channel.name),
      channel.is_direct ? element("span", { class: "unseen" }, " (direct messages)") : null,
      isUnread ? element("span", { class: "unseen" }, " (new messages)") : null,
    ),
  );
}

function rowClass(channel, isUnread) {
  const direct = channel.is_direct ? " is-direct" : "";
  return `channel-row${direct}${isUnread ? " is-unread" : ""}`;
}

function showPeople(become) {
  const there = byId("people");
  const hadFocus = there.contains(document.activeElement);
  const radios = state.people.map((person) => personRow(person, become));
  there.replaceChildren(element("p", { class: "people-title" }, "Viewing as"), ...radios);
  if (hadFocus) there.querySelector('[aria-checked="true"]')?.focus();
}

function personRow(person, become) {
  const isMe = person.id === state.me;
  const kind = person.moderator ? "Moderator" : "Member";
  return element(
    "button",
    {
      type: "button",
      class: "person",
      role: "radio",
      "aria-checked": String(isMe),
      // One stop for Tab, arrows within: the pattern of a radio group.
      tabindex: isMe ? "0" : "-1",
      click: () => become(person),
      keydown: (event) => onKey(event, person, become),
    },
    avatar(person, 32),
    element(
      "span",
      { class: "person-words" },
      element("span", { class: "person-name" }, nameOf(person)),
      element("span", { class: "person-kind" }, kind),
    ),
  );
}

function onKey(event, person, become) {
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const { people } = state;
  const at = people.findIndex((each) => each.id === person.id);
  become(people[(at + step + people.length) % people.length]);
}
