// What can be picked for an option: its choices, true or false, who and what is here, or what the
// bot completes while it is typed.

import { ask } from "./demo_client.js";
import { nameOf, person, state } from "./state.js";
import { avatar } from "./avatars.js";

const MOST = 25;
const NAMES = (pairs) => pairs.map(([name, value]) => ({ name, value }));

function fixed(option) {
  if (option.choices?.length) return option.choices;
  const kinds = option.channel_types ?? [];
  const channels = state.channels.filter((each) => !kinds.length || kinds.includes(each.type));
  const people = [...state.people, state.bot].filter(Boolean);
  const members = NAMES(people.map((each) => [nameOf(each), each.id]));
  const roles = NAMES(state.roles.map((each) => [each.name, each.id]));
  switch (option.type) {
    case 5:
      return NAMES([["True", true], ["False", false]]);
    case 6:
      return members;
    case 7:
      return NAMES(channels.map((each) => [`#${each.name}`, each.id]));
    case 8:
      return roles;
    case 9:
      return [...members, ...roles];
    default:
      return null;
  }
}

function matching(all, typed) {
  const wanted = typed.trim().toLowerCase();
  return all.filter((each) => each.name.toLowerCase().includes(wanted)).slice(0, MOST);
}

function iconOf(option, value) {
  const user = option.type === 6 || option.type === 9 ? person(value) : null;
  return user ? avatar(user, 24) : null;
}

/** Whether there is anything to suggest for an option, ever. */
export function isSuggested(option) {
  return Boolean(option.autocomplete) || fixed(option) !== null;
}

/** Whether what there is to suggest has to be asked for. */
export function isAskedFor(option) {
  return Boolean(option.autocomplete);
}

/** Return `{ items: [{ name, value, icon }], note }`; `others` are the options filled in so far. */
export async function suggestions(command, option, typed, others) {
  const all = fixed(option);
  if (all) {
    const items = matching(all, typed).map((each) => ({ ...each, icon: iconOf(option, each.value) }));
    return { items, note: items.length ? "" : "No options match your search" };
  }
  const at = { person: state.me, channel: state.channel };
  const asked = { ...at, command, option: option.name, typed, options: others };
  const answer = await ask("complete", asked);
  if (answer.outcome !== "choices") return { items: [], note: "Loading options failed" };
  const note = answer.choices.length ? "" : "No options match your search";
  return { items: answer.choices, note };
}
