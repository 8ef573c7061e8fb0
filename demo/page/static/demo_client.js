// The client of the demo's server: requests, and the feed of what changes.

/** Ask for something; the outcome tells what has come of it, also where nothing could. */
export async function ask(what, details = {}) {
  try {
    const answer = await fetch(`/page/${what}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(details),
    });
    if (answer.ok) return await answer.json();
    return { outcome: "refused", words: await answer.text() };
  } catch {
    return { outcome: "refused", words: "The demo does not answer." };
  }
}

const PATIENCE = [250, 500, 1000, 2000];

/** Listen to the feed as one person, for as long as the page is open or until `close()`. */
export class Feed {
  constructor(hears, isUp) {
    this.hears = hears;
    this.isUp = isUp;
    this.tries = 0;
    this.socket = null;
  }

  open(as) {
    this.as = as;
    this.close();
    this.tries = 0;
    this.connect();
  }

  close() {
    clearTimeout(this.waiting);
    if (this.socket) this.socket.onclose = this.socket.onmessage = null;
    this.socket?.close();
  }

  connect() {
    const address = new URL("/page/feed", location.href);
    address.protocol = address.protocol.replace("http", "ws");
    address.searchParams.set("as", this.as);
    this.socket = new WebSocket(address);
    this.socket.onmessage = (event) => {
      this.tries = 0;
      this.isUp(true);
      this.hears(JSON.parse(event.data));
    };
    this.socket.onclose = () => {
      // The first try again is silent: a server that restarts is not worth a word.
      this.isUp(this.tries < 1);
      this.waiting = setTimeout(() => this.connect(), PATIENCE[Math.min(this.tries, 3)]);
      this.tries += 1;
    };
  }
}
