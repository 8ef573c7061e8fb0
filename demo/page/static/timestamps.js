// Time on this page is that of the world it shows: the demo's clock, not the browser's.

import { element } from "./dom.js";

let ahead = 0;

export function setNow(milliseconds) {
  ahead = milliseconds - Date.now();
}

export function now() {
  return Date.now() + ahead;
}

const form = (options) => new Intl.DateTimeFormat(undefined, options);
const FULL = form({ dateStyle: "full", timeStyle: "short" });
const FORMS = {
  t: form({ timeStyle: "short" }),
  T: form({ timeStyle: "medium" }),
  d: form({ dateStyle: "short" }),
  D: form({ dateStyle: "long" }),
  f: form({ dateStyle: "long", timeStyle: "short" }),
  F: FULL,
  s: form({ dateStyle: "short", timeStyle: "short" }),
  S: form({ dateStyle: "short", timeStyle: "medium" }),
};
const RELATIVE = new Intl.RelativeTimeFormat(undefined, { numeric: "always" });
const STEPS = [
  ["second", 60],
  ["minute", 60],
  ["hour", 24],
  ["day", 30],
  ["month", 12],
  ["year", Infinity],
];

export function relative(moment) {
  let distance = (moment - now()) / 1000;
  for (const [unit, most] of STEPS) {
    const rounded = Math.round(distance);
    if (Math.abs(rounded) < most) return RELATIVE.format(rounded, unit);
    distance /= most;
  }
  return "";
}

const FARTHEST = 8.64e15; // JavaScript knows no later day, Discord does not either.

/** A `<t:…>` as Discord shows it: in the reader's words, with the whole date on hover. */
export function stamp(seconds, style = "f") {
  const moment = Number(seconds) * 1000;
  if (Math.abs(moment) > FARTHEST) return element("span", {}, "Invalid Date");
  const date = new Date(moment);
  const text = style === "R" ? relative(moment) : FORMS[style].format(date);
  return element(
    "time",
    {
      class: "stamp",
      datetime: date.toISOString(),
      title: FULL.format(date),
      "data-relative": style === "R" ? moment : null,
    },
    text,
  );
}

function sameDay(one, other) {
  return one.toDateString() === other.toDateString();
}

/** When a message was written: the time alone if that was today. */
export function written(iso) {
  const date = new Date(iso);
  const today = new Date(now());
  const yesterday = new Date(now() - 86_400_000);
  const time = FORMS.t.format(date);
  let text = `${FORMS.d.format(date)}, ${time}`;
  if (sameDay(date, today)) text = time;
  else if (sameDay(date, yesterday)) text = `Yesterday at ${time}`;
  return element("time", { datetime: date.toISOString(), title: FULL.format(date) }, text);
}

export function dayOf(iso) {
  return FORMS.D.format(new Date(iso));
}

/** Let everything that says how long ago it was keep saying it rightly. */
export function keepTicking() {
  setInterval(() => {
    for (const each of document.querySelectorAll("time[data-relative]")) {
      const text = relative(Number(each.dataset.relative));
      if (each.textContent !== text) each.textContent = text;
    }
  }, 1000);
}
