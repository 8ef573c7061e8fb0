// The bar at the top: which services are up, their switches, and what time the demo pretends.

import { announce } from "./announcer.js";
import { byId, element } from "./dom.js";
import { ask } from "./demo_client.js";
import { state, when } from "./state.js";

const ROLES = { bot: "Bot", store: "Database", source: "Booking site" };
const WORDS = { up: "up", starting: "starting…", down: "down", foreign: "not ours" };

const busy = new Set();
let complaint = "";

export function startHealth() {
  when("all", show);
  when("standings", show);
}

function show() {
  const bar = byId("health");
  const focused = bar.contains(document.activeElement) ? document.activeElement.id : "";
  bar.replaceChildren(
    element("span", { class: "health-title" }, "Demo"),
    ...Object.entries(ROLES).map(([part, role]) => shownPart(part, role)),
    timeChoice(),
    element("span", { class: "health-complaint", role: "alert" }, complaint),
  );
  if (focused) byId(focused)?.focus();
}

function shownPart(part, role) {
  const standing = state.standings[part];
  if (!standing) return "";
  const { health, name } = standing;
  return element(
    "span",
    { class: `part is-${health}`, "data-part": part },
    element("span", { class: "lamp", "aria-hidden": "true" }),
    element(
      "span",
      { class: "part-words" },
      element("span", { class: "part-role" }, role),
      element("span", { class: "part-name", title: name }, name),
    ),
    element("span", { class: "part-health" }, WORDS[health]),
    part === "bot" ? restart() : toggle(part, role, standing),
  );
}

function toggle(part, role, { health, name, can_switch: canSwitch }) {
  if (!canSwitch) return null;
  const isUp = health !== "down";
  return element(
    "button",
    {
      type: "button",
      id: `switch-${part}`,
      class: "switch",
      role: "switch",
      "aria-checked": String(isUp),
      "aria-label": `${role}: ${name}`,
      "aria-busy": busy.has(part) ? "true" : null,
      title: isUp ? `Take the ${role.toLowerCase()} away` : `Bring the ${role.toLowerCase()} back`,
      click: () => act(part, "switch", { part, up: !isUp }),
    },
    element("span", { class: "knob", "aria-hidden": "true" }),
  );
}

function restart() {
  return element(
    "button",
    {
      type: "button",
      id: "restart-bot",
      class: "restart",
      "aria-label": "Restart the bot",
      title: "Restart the bot",
      "aria-busy": busy.has("bot") ? "true" : null,
      click: () => act("bot", "restart", {}),
    },
    "↻",
  );
}

/** Pretend another time: for evenings and weekends, when there is little to see. */
function timeChoice() {
  if (!state.moments.length) return null;
  const option = (id, words) =>
    element("option", { value: id, selected: id === state.pretended }, words);
  return element(
    "select",
    {
      id: "pretend",
      class: "pretend",
      "aria-label": "Time of the demo",
      disabled: busy.has("time"),
      change: (event) => pretend(event.target.value),
    },
    option("", busy.has("time") ? "Changing the time…" : "Real time"),
    state.moments.map(({ id, label }) => option(id, `Pretend it is ${label}`)),
  );
}

async function pretend(moment) {
  busy.add("time");
  complaint = "";
  show();
  const answer = await ask("pretend", { moment });
  busy.delete("time");
  // Everything on the page has another time now.
  if (answer.outcome === "done") location.reload();
  complaint = answer.outcome === "refused" ? answer.words : "";
  show();
}

async function act(part, what, details) {
  if (busy.has(part)) return;
  busy.add(part);
  complaint = "";
  show();
  const answer = await ask(what, details);
  busy.delete(part);
  complaint = answer.outcome === "refused" ? answer.words : "";
  show();
  announce(`${ROLES[part]}: ${WORDS[state.standings[part]?.health] ?? ""}`);
}
