// The beginning of a channel, with what a newcomer may want to try.

import { loadCommands, findCommand } from "./commands.js";
import { byId, element } from "./dom.js";
import { here, when } from "./state.js";

const TO_TRY = ["free", "building", "status", "digest preview"];

export function startWelcome(begin) {
  when("all", () => show(begin));
}

async function show(begin) {
  const channel = here();
  if (!channel) return;
  const tries = element("p", { class: "tries" });
  byId("welcome").replaceChildren(
    element("div", { class: "welcome-hash", "aria-hidden": "true" }, "#"),
    element("p", { class: "welcome-title" }, `Welcome to #${channel.name}!`),
    element(
      "p",
      { class: "welcome-words" },
      "This is the real bot on a Discord of your own machine. Type ",
      element("kbd", {}, "/"),
      " below to see its commands.",
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
