// Interactions with the bot: commands, buttons, selects, forms, and what is shown until it answers.

import { announce } from "./announcer.js";
import { now } from "./timestamps.js";
import { freshId } from "./dom.js";
import { openForm } from "./form.js";
import { ask } from "./demo_client.js";
import { state, tell } from "./state.js";

function place() {
  return { person: state.me, channel: state.channel };
}

/** Use a command; the outcome "refused" is for the composer, the rest is shown here. */
export async function useCommand(command, options) {
  const at = place();
  const note = { id: freshId("note"), kind: "pending", command, at: now(), ...at };
  state.notes.push(note);
  const answer = await ask("slash", { ...at, command, options });
  if (answer.outcome === "failed") Object.assign(note, { kind: "failed", words: answer.words });
  else drop(note);
  if (answer.outcome === "failed") announce(answer.words);
  if (answer.outcome === "form") fill(at, answer.form);
  tell("notes");
  return answer;
}

/** Let a command that is on its way be seen; for the first moment it is not, so as not to flash. */
export function showPending() {
  tell("notes");
}

export function drop(note) {
  state.notes = state.notes.filter((each) => each !== note);
  tell("notes");
}

/** A message of the bot has come: what waited for it is no longer on its way. */
export function arrived(message) {
  const about = message.interaction_metadata;
  const waiting = state.notes.find(
    (note) =>
      note.kind === "pending" &&
      note.channel === message.channel_id &&
      note.command === about?.name &&
      note.person === about?.user.id,
  );
  if (waiting) drop(waiting);
}

async function useComponent(message, what, details) {
  const at = place();
  state.failures.delete(message.id);
  const answer = await ask(what, { ...at, message: message.id, ...details });
  if (answer.outcome === "form") fill(at, answer.form, message);
  if (answer.outcome === "failed" || answer.outcome === "refused") fail(message, answer.words);
}

function fail(message, words) {
  state.failures.set(message.id, words);
  announce(words);
  tell("message", { message, isNew: false });
}

export function press(message, button) {
  return useComponent(message, "press", { button: button.custom_id });
}

export function choose(message, select, values) {
  return useComponent(message, "choose", { select: select.custom_id, values });
}

function fill(at, form, message) {
  openForm(form, async (values) => {
    const answer = await ask("fill", { ...at, values });
    if (answer.outcome === "failed" && message) fail(message, answer.words);
    return answer;
  });
}

export function dismiss(message) {
  return ask("dismiss", { ...place(), message: message.id });
}

export function say(text) {
  return ask("say", { ...place(), text });
}
