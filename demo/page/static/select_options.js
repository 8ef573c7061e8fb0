// What a select or an option lets one choose from.

import { nameOf, state } from "./state.js";

/** What can be chosen: a select's own options, or the people, roles and channels there are. */
export function optionsOf(one) {
  const chosen = new Set((one.default_values ?? []).map((each) => each.id));
  const entry = (label, id) => ({ label, value: id, default: chosen.has(id) });
  const people = () => [...state.people, state.bot].map((each) => entry(nameOf(each), each.id));
  const roles = () => state.roles.map((each) => entry(each.name, each.id));
  switch (one.type) {
    case 3:
      return one.options;
    case 5:
      return people();
    case 6:
      return roles();
    case 7:
      return [...people(), ...roles()];
    default:
      return fitting(one).map((each) => entry(`#${each.name}`, each.id));
  }
}

function fitting(one) {
  const kinds = one.channel_types ?? [];
  return state.channels.filter((each) => !kinds.length || kinds.includes(each.type));
}
