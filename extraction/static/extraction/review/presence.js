// Reservations of the documents that this page holds: renewed while the page is visible, given back when it is left.

const BEAT_MS = 30_000;

export class Presence {
  #options;

  // urls: {heartbeat, leave}; token: for Django's protection against forged requests; held(): primary keys;
  // answered(taken): called with the sentences about documents that somebody else has open, by primary key.
  constructor(options) {
    this.#options = options;
  }

  start() {
    setInterval(() => this.beat(), BEAT_MS);
    document.addEventListener("visibilitychange", () => this.beat());
    window.addEventListener("online", () => this.beat());
    window.addEventListener("pageshow", () => this.beat());
  }

  async beat() {
    const { urls, held, answered } = this.#options;
    if (document.hidden) return;
    try {
      const response = await fetch(urls.heartbeat, { method: "POST", headers: { Accept: "application/json" }, body: this.#form(held()) });
      if (response.ok && !response.redirected) answered((await response.json()).taken);
    } catch {
      // No connection: the lease runs out by itself.
    }
  }

  // A beacon outlives the page.
  leave(documents) {
    if (documents.length) navigator.sendBeacon(this.#options.urls.leave, this.#form(documents));
  }

  #form(documents) {
    const form = new FormData();
    form.set("documents", documents.join());
    form.set("csrfmiddlewaretoken", this.#options.token);
    return form;
  }
}
