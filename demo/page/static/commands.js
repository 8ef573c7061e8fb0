// The commands that the present person is offered in the present channel.

import { avatar } from "./avatars.js";
import { ask } from "./demo_client.js";
import { nameOf, state } from "./state.js";

const known = { place: "", commands: [] };

function place() {
  return `${state.me} ${state.channel}`;
}

/** Ask which commands there are; the bot may have registered others since. */
export async function loadCommands() {
  const asked = place();
  const answer = await ask("commands", { person: state.me, channel: state.channel });
  if (asked !== place() || answer.outcome !== "done") return;
  known.place = asked;
  known.commands = answer.commands;
}

function offered() {
  return known.place === place() ? known.commands : [];
}

export function findCommand(name) {
  return offered().find((each) => each.name === name) ?? null;
}

/** Those whose name holds what was typed, first those that begin with it. */
export function commandItems(typed, pick) {
  const wanted = typed.trim().toLowerCase();
  const rank = (command) => (command.name.startsWith(wanted) ? 0 : 1);
  const found = offered()
    .filter((command) => command.name.includes(wanted))
    .sort((one, other) => rank(one) - rank(other));
  const items = found.map((command) => ({
    name: `/${command.name}`,
    more: command.description,
    mark: nameOf(state.bot),
    icon: avatar(state.bot, 32),
    pick: () => pick(command),
  }));
  const nothing = offered().length
    ? "No commands match your search"
    : "There are no commands here yet: the bot has not registered them";
  return { items, note: items.length ? "" : nothing, active: 0 };
}

export function optionItems(line, typed, pick) {
  const wanted = typed.trim().toLowerCase();
  return line.left
    .filter((option) => option.name.includes(wanted))
    .map((option) => ({ name: option.name, more: option.description, pick: () => pick(option) }));
}
