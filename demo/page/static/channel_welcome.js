// The beginning of a channel, with what a newcomer may want to try.

import { avatar } from "./avatars.js";
import { loadCommands, findCommand } from "./commands.js";
import { byId, element } from "./dom.js";
import { here, state, when } from "./state.js";

const TO_TRY = ["free", "building", "status", "digest preview"];

export function startWelcome(begin) {
  when("all", () => show(begin));
}

function title(channel) {
  return channel.is_direct ? channel.name : `Welcome to #${channel.name}!`;
}

async function show(begin) {
  const channel = here();
  if (!channel) return;
  const tries = element("p", { class: "tries" });
  byId("welcome").replaceChildren(
    channel.is_direct
      ? avatar(state.bot, 80)
      : element("div", { class: "welcome-hash", "aria-hidden": "true" }, "#"),
    element("p", { class: "welcome-title" }, title(channel)),
    element(
      "p",
      { class: "welcome-words" },
      "This is the real bot, running on your computer with made-up bookings. Tap a command, or type ",
      element("kbd", {}, "/"),
      ".",
    ),
    tries,
  );
  await loadCommands();
  const offered = TO_TRY.filter((name) => findCommand(name));
  tries.replaceChildren(
    ...offered.map((name) =>
      element("button", { type: "button", class: "try", click: () => begin(name) }, `/${name}`),
    ),
  );
}
