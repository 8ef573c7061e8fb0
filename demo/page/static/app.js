// The page: puts its parts together, and keeps them in step with the local Discord.

import { keepTicking, setNow } from "./timestamps.js";
import { Composer } from "./composer.js";
import { arrived } from "./interactions.js";
import { byId } from "./dom.js";
import { startHealth } from "./service_bar.js";
import { startList } from "./message_list.js";
import { Feed } from "./demo_client.js";
import { startSidebar } from "./sidebar.js";
import { forget, fullName, here, keep, replaceAll, state, tell, when } from "./state.js";
import { startWelcome } from "./channel_welcome.js";

const wanted = new URLSearchParams(location.search);

const feed = new Feed(hear, (isUp) => {
  byId("offline").hidden = isUp;
});

function hear(news) {
  switch (news.kind) {
    case "state":
      setNow(news.now);
      replaceAll(news);
      settle();
      tell("all");
      break;
    case "message":
      hearMessage(news.message);
      break;
    case "gone":
      forget(news.message);
      tell("gone", news.message);
      break;
    case "standings":
      state.standings = news.standings;
      tell("standings");
  }
}

function hearMessage(message) {
  const isNew = keep(message);
  state.failures.delete(message.id);
  if (isNew) arrived(message);
  tell("message", { message, isNew });
  if (isNew && message.channel_id !== state.channel) {
    state.unread.add(message.channel_id);
    tell("unread");
  }
}

/** Be in a channel that there is: the one that was open, or that the address names, or the first. */
function settle() {
  if (here()) return;
  const named = state.channels.find((each) => each.name === wanted.get("in"));
  state.channel = (named ?? state.channels[0])?.id ?? "";
}

/** Keep in the address where one is and as whom, so that a reload shows the same. */
function remember() {
  const me = state.people.find((each) => each.id === state.me);
  wanted.set("as", me?.username ?? "");
  wanted.set("in", here()?.name ?? "");
  history.replaceState(null, "", `?${wanted}`);
  const channel = here();
  document.title = `${channel ? fullName(channel) : ""} · EmptyClassroom demo`;
}

function goTo(channel) {
  state.channel = channel;
  state.unread.delete(channel);
  tell("all");
}

function become(person) {
  if (person.id !== state.me) feed.open(person.username);
}

when("all", () => {
  byId("channel-name").textContent = here()?.name ?? "";
  remember();
});
startHealth();
startSidebar({ goTo, become });
startList();
const composer = new Composer(byId("composer"));
startWelcome((command) => composer.begin(command));
keepTicking();
feed.open(wanted.get("as") ?? "");
