// What the page knows: a copy of what the feed has told, and where the viewer is.

export const state = {
  me: "",
  server: { id: "", name: "" },
  bot: null,
  people: [],
  roles: [],
  channels: [],
  channel: "",
  messages: new Map(),
  standings: {},
  /** The moments that the demo can pretend it to be, and the one that it does: "" for none. */
  moments: [],
  pretended: "",
  unread: new Set(),
  /** Lines that only this page knows of: a command on its way, or one that got no answer. */
  notes: [],
  /** Why the last press on a message came to nothing, by message. */
  failures: new Map(),
};

const listeners = new Map();

/** Call `act` whenever something of this kind is told: "all", "message", "gone", "notes"… */
export function when(kind, act) {
  listeners.set(kind, [...(listeners.get(kind) ?? []), act]);
}

export function tell(kind, subject) {
  for (const act of listeners.get(kind) ?? []) act(subject);
}

export function replaceAll(news) {
  const { me, server, bot, people, roles, channels, standings, moments, pretended } = news;
  Object.assign(state, { me, server, bot, people, roles, channels, standings, moments, pretended });
  state.messages = new Map();
  for (const [channel, messages] of Object.entries(news.messages)) {
    state.messages.set(channel, new Map(messages.map((each) => [each.id, each])));
  }
}

export function keep(message) {
  const there = state.messages.get(message.channel_id) ?? new Map();
  const isNew = !there.has(message.id);
  there.set(message.id, message);
  state.messages.set(message.channel_id, there);
  return isNew;
}

export function forget(id) {
  for (const there of state.messages.values()) there.delete(id);
  state.failures.delete(id);
}

export function here() {
  return state.channels.find((each) => each.id === state.channel);
}

/** A channel as one speaks of it: "#general", or "@EmptyClassroom" for direct messages. */
export function fullName(channel) {
  return `${channel.is_direct ? "@" : "#"}${channel.name}`;
}

export function person(id) {
  return [...state.people, state.bot].find((each) => each?.id === id);
}

export function nameOf(user) {
  return user.global_name ?? user.username;
}

export function personName(id) {
  const found = person(id);
  return found ? nameOf(found) : "unknown-user";
}

export function roleName(id) {
  const found = state.roles.find((each) => each.id === id);
  return found ? found.name.replace(/^@/, "") : "unknown-role";
}

export function channelName(id) {
  return state.channels.find((each) => each.id === id)?.name ?? "unknown";
}
