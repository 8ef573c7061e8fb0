// One quiet live region speaks for the whole page: a list that is live itself would read every
// message aloud again whenever the channel is changed.

import { byId } from "./dom.js";

const LONGEST = 240;

export function announce(text) {
  const line = text.replace(/\s+/g, " ").trim();
  byId("announcer").textContent = line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}
