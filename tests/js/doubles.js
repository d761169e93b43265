// Test doubles of the outbox's environment: storage, clock and server.

import { EntryStore } from "../../extraction/static/extraction/review/entry_store.js";
import { Outbox } from "../../extraction/static/extraction/review/outbox.js";

const PREFIX = "kdweb/review/1/1/";

// What fetch rejects with.
export const NO_CONNECTION = new TypeError("Failed to fetch");

export class MemoryStorage {
  #items = new Map();

  get length() {
    return this.#items.size;
  }

  // Newest first: the order of keys is up to the browser.
  key(index) {
    return [...this.#items.keys()].at(-1 - index) ?? null;
  }

  getItem(key) {
    return this.#items.get(key) ?? null;
  }

  setItem(key, value) {
    this.#items.set(key, String(value));
  }

  removeItem(key) {
    this.#items.delete(key);
  }

  clear() {
    this.#items.clear();
  }

  // The entries of the outbox, oldest first.
  get entries() {
    return [...this.#items].sort().map(([, value]) => JSON.parse(value));
  }
}

// A clock that stands still until a test advances it.
export class Clock {
  #now = 1_700_000_000_000;
  #timers = [];
  #last = 0;

  now = () => this.#now;

  setTimeout = (callback, delay) => {
    this.#last += 1;
    this.#timers.push({ id: this.#last, at: this.#now + delay, callback });
    return this.#last;
  };

  clearTimeout = (id) => {
    this.#timers = this.#timers.filter((timer) => timer.id !== id);
  };

  // Run all timers due within the next `delay` ms in their order, and the promises that they resolve.
  async advance(delay = 0) {
    const end = this.#now + delay;
    await settled();
    for (;;) {
      const [next] = this.#timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at || a.id - b.id);
      if (!next) break;
      this.clearTimeout(next.id);
      this.#now = next.at;
      next.callback();
      await settled();
    }
    this.#now = end;
  }
}

// A server that records requests. `respond(request)` gives the response: a Response, an Error (no connection) or a
// promise of one of them.
export class Server {
  requests = [];
  respond = () => saved(this.requests.length);

  fetch = async (url, options) => {
    const request = { url, body: JSON.parse(options.body), headers: options.headers, method: options.method, keepalive: options.keepalive };
    this.requests.push(request);
    const response = await this.respond(request);
    if (response instanceof Error) throw response;
    return response;
  };

  get urls() {
    return this.requests.map((request) => request.url);
  }

  get values() {
    return this.requests.map((request) => request.body.value);
  }
}

// Everything for one test; open() gives another window or a later page of the same browser.
export function browser({ storage = new MemoryStorage() } = {}) {
  const clock = new Clock();
  const server = new Server();
  const open = () => new Outbox({ store: new EntryStore(PREFIX, () => storage), fetch: server.fetch, headers: { "X-CSRFToken": "token" }, clock });
  return { storage, clock, server, open };
}

// Record the outbox's events of a type.
export function recorded(outbox, type) {
  const events = [];
  outbox.addEventListener(type, (event) => events.push(event.detail));
  return events;
}

export function save(field, value, { document = 1, known = 0, ...rest } = {}) {
  return { document, name: `${document}.jpg`, url: `/review/${document}/`, action: "save", field, body: { field, value, known }, ...rest };
}

export function accept({ document = 1, shown = {} } = {}) {
  return { document, name: `${document}.jpg`, url: `/review/${document}/`, action: "accept", body: { shown } };
}

// The server's response to a saved field that wrote the label `label`.
export function saved(label) {
  return json(200, { label, field: { label, known: label } });
}

export function conflict(value, { known = 7, mine = false, withdrawn = false } = {}) {
  return json(409, { error: "Changed by somebody else.", conflict: { value, known, mine, withdrawn, who: "ben", when: "now" } });
}

export function json(status, body) {
  return new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });
}

export function deferred() {
  let resolve;
  const promise = new Promise((fulfil) => { resolve = fulfil; });
  return { promise, resolve };
}

function settled() {
  return new Promise((resolve) => setImmediate(resolve));
}
