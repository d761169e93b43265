// Reservations of the documents that this page holds: renewed while the page is visible, given back when it is left.

const BEAT_MS = 30_000;
// What opening a document waits for at most: without a connection the work goes on.
const PATIENCE_MS = 2_000;

export class Presence {
  #options;
  // Tells this page's heartbeats from those of the same person's other pages.
  #page = Math.random().toString(36).slice(2);
  // Heartbeats are numbered from 1 as they are sent.
  #sent = 0;
  // The newest heartbeat that was answered, or that a later event has overtaken: answers up to it say nothing new.
  #newest = 0;

  // urls: {heartbeat, leave}; token: for Django's protection against forged requests; held(): primary keys, that of the
  // open document first; answered({taken, decided}, open): called with the sentences about documents that somebody else
  // has, by key, with those that others have decided, and with the document that was open.
  constructor(options) {
    this.#options = options;
  }

  start() {
    setInterval(() => this.beat(), BEAT_MS);
    document.addEventListener("visibilitychange", () => this.beat());
    window.addEventListener("online", () => this.beat());
    window.addEventListener("pageshow", () => this.beat());
  }

  // Tells the server what this page holds and which of it is open. Settles with the answer, or once patience ends; a
  // later answer counts all the same.
  beat() {
    return Promise.race([this.#tell(), new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))]);
  }

  async #tell() {
    const { urls, held, answered } = this.#options;
    if (document.hidden) return;
    const documents = held();
    const number = ++this.#sent;
    const body = this.#form(documents);
    body.set("open", documents[0]);
    try {
      const signal = AbortSignal.timeout(BEAT_MS);
      const response = await fetch(urls.heartbeat, { method: "POST", headers: { Accept: "application/json" }, body, signal });
      if (!response.ok || response.redirected) return;
      const answer = await response.json();
      if (number <= this.#newest) return;
      this.#newest = number;
      answered(answer, documents[0]);
    } catch {
      // No connection: the lease runs out by itself.
    }
  }

  // Answers to what was sent until now count no more: a document was taken over meanwhile.
  overtake() {
    this.#newest = this.#sent;
  }

  // A beacon outlives the page. Heartbeats that were sent before it may come after it: the number tells them apart.
  leave(documents) {
    if (documents.length) navigator.sendBeacon(this.#options.urls.leave, this.#form(documents));
  }

  #form(documents) {
    const form = new FormData();
    form.set("documents", documents.join());
    form.set("page", this.#page);
    form.set("number", this.#sent);
    form.set("csrfmiddlewaretoken", this.#options.token);
    return form;
  }
}
