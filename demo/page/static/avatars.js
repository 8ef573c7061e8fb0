// Faces are drawn here: nothing is loaded, and everybody has one.

import { drawn } from "./dom.js";
import { nameOf, state } from "./state.js";

const COLOURS = ["#5865f2", "#b5478b", "#a15c0f", "#1f7a8c", "#7a4fc9", "#b3423a"];

/** By place among the people, so that no two who are here look alike. */
function colourOf(user) {
  const at = state.people.findIndex((each) => each.id === user.id);
  return COLOURS[(at + 1) % COLOURS.length];
}

function door() {
  return [
    drawn("circle", { cx: 20, cy: 20, r: 20, fill: "#2f9e64" }),
    drawn("path", {
      d: "M12 30V11.500A1.5 1.5 0 0 1 13.5 10H26.500A1.5 1.5 0 0 1 28 11.500V30",
      fill: "none",
      stroke: "#fff",
      "stroke-width": 2.4,
    }),
    drawn("path", { d: "M13.5 11 22.5 13.500V33L13.5 30Z", fill: "#fff" }),
    drawn("circle", { cx: 20, cy: 23, r: 1.4, fill: "#2f9e64" }),
    drawn("path", {
      d: "M9 30h4M23 30h8",
      stroke: "#fff",
      "stroke-width": 2.4,
      "stroke-linecap": "round",
    }),
  ];
}

function initial(user) {
  return [
    drawn("circle", { cx: 20, cy: 20, r: 20, fill: colourOf(user) }),
    drawn(
      "text",
      { x: 20, y: 27, "text-anchor": "middle", "font-size": 19, "font-weight": 600, fill: "#fff" },
      [...nameOf(user)][0].toUpperCase(),
    ),
  ];
}

export function avatar(user, size = 40) {
  const parts = user.bot ? door() : initial(user);
  const frame = { viewBox: "0 0 40 40", width: size, height: size, "aria-hidden": "true" };
  return drawn("svg", { ...frame, class: "avatar", focusable: "false" }, parts);
}
