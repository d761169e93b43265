// Queue of changes on their way to the server. An entry stays in the store until the server has confirmed it, so that
// neither a network failure nor a closed browser loses it: the next page of the same user and project sends the rest.
//
// An entry: {id, document, name, url, action, field, body, due, held, problem, tried, after, visit}
//   due      not sent before this time (ms since the epoch): the text is still being typed; 0: at once
//   held     not sent until the user changes it: empty, refused or in conflict (see `problem`)
//   gone     held because its document is not there for the user; the next page tries once more
//   tried    sent at least once
//   after    earlier values of the same field that were sent and never confirmed
// Events: "change" (state or entries changed), "done" {entry, answer}, "refused" {entry, status, gone, sentence}, "revoked"
// {document} (a change took back the decision on its document).

import { failure } from "../failures.js";
import { newId } from "./entry_store.js";

const RETRY_DELAYS_MS = [500, 1000, 2000, 4000, 8000, 15000];
const DECISIONS = ["accept", "reject", "skip"];
const REQUEST_TIMEOUT_MS = 20000;
// Characters of a body that may outlive the page: browsers reject more than 64 KB in flight.
const KEEPALIVE_LENGTH = 20000;

// Arrow functions: browsers refuse to run their own functions as methods of another object.
const SYSTEM_CLOCK = {
  now: () => Date.now(),
  setTimeout: (callback, delay) => setTimeout(callback, delay),
  clearTimeout: (timer) => clearTimeout(timer),
};

class EntryEvent extends Event {
  constructor(type, detail) {
    super(type);
    this.detail = detail;
  }
}

export class Outbox extends EventTarget {
  // "saved" | "saving" | "waiting" (no connection or server busy) | "blocked" (login required, or not allowed)
  state = "saved";
  // HTTP status of the latest failure; 0 without a response.
  failed = 0;
  // Whether the server refused a decision and nothing was changed since.
  refused = false;
  #store;
  #fetch;
  #headers;
  #clock;
  #entries;
  #sending = null;
  #busy = false;
  #failures = 0;
  #timer = 0;

  // store: EntryStore; fetch: as window.fetch; headers: sent with every request; clock: now, setTimeout, clearTimeout.
  constructor({ store, fetch, headers, clock = SYSTEM_CLOCK }) {
    super();
    this.#store = store;
    this.#fetch = fetch;
    this.#headers = headers;
    this.#clock = clock;
    this.#entries = store.read();
  }

  get entries() {
    return this.#entries;
  }

  get pending() {
    return this.#entries.filter((entry) => !entry.held);
  }

  // The newest entry for a field of a document.
  of(document, field) {
    return this.#entries.findLast((entry) => entry.document === document && entry.field === field);
  }

  // Whether an earlier entry of the same field waits before this one.
  follows(entry) {
    return this.#entries.some((other) => other !== entry && other.document === entry.document && other.field === entry.field);
  }

  // The pending decision on a document, unless it is taken back; undefined where there is none.
  decision(document) {
    const last = this.#entries.findLast((entry) => entry.document === document && !entry.field);
    return last && DECISIONS.includes(last.action) ? last : undefined;
  }

  // Add a change; it replaces an entry of the same field unless that one is being sent, or changed another row of a
  // table, which is undone by itself. A document with a pending
  // decision takes no second one (returns false); a changed value takes the decision back, so that it is made anew.
  put(entry) {
    this.refused = false;
    const decision = this.decision(entry.document);
    if (decision && DECISIONS.includes(entry.action)) return false;
    if (decision && entry.field) this.#revoke(decision);
    const last = entry.field ? this.of(entry.document, entry.field) : undefined;
    // A request without a response may have arrived all the same.
    const after = last ? [...last.after, ...(last.tried ? [last.body.value] : [])] : [];
    if (last && last !== this.#sending && (last.held || entry.row === undefined || last.visit === entry.visit)) {
      this.#store.write(Object.assign(last, { held: false, gone: false, problem: null, due: 0, tried: false }, entry, { after }));
    } else {
      const added = { due: 0, held: false, problem: null, tried: false, ...entry, after, id: newId(this.#clock.now()) };
      this.#entries.push(added);
      this.#store.write(added);
    }
    this.#wake();
    return true;
  }

  // A decision that was sent may have arrived without a response: then only the server can take it back.
  #revoke(decision) {
    const { document, name, url } = decision;
    if (decision.tried) this.put({ document, name, url, action: "reopen", body: {} });
    else this.#remove(decision);
    this.dispatchEvent(new EntryEvent("revoked", { document }));
  }

  drop(entry) {
    this.#remove(entry);
    this.#wake();
  }

  // Store an entry whose problem or basis changed, without sending it.
  keep(entry) {
    this.#store.write(entry);
    this.#tell();
  }

  // Send at once what is still being typed.
  flush() {
    for (const entry of this.#entries) if (!entry.held && entry.due) this.#store.write(Object.assign(entry, { due: 0 }));
    this.#wake();
  }

  retry() {
    this.#failures = 0;
    if (this.state === "blocked") this.state = "saving";
    this.#wake();
  }

  // Resolves when no entry is pending, however long that takes.
  async emptied() {
    this.flush();
    while (this.pending.length) await new Promise((resolve) => this.addEventListener("change", resolve, { once: true }));
  }

  // Resolves with true when no entry is pending, with false after `patience` ms.
  idle(patience = 5000) {
    const late = new Promise((resolve) => this.#clock.setTimeout(() => resolve(false), patience));
    return Promise.race([this.emptied().then(() => true), late]);
  }

  #wake() {
    this.#clock.clearTimeout(this.#timer);
    this.#tell();
    const first = this.pending[0];
    if (!first || this.#busy || this.state === "blocked") return;
    const pause = this.#failures ? retryDelay(this.#failures) : Math.max(first.due - this.#clock.now(), 0);
    this.#timer = this.#clock.setTimeout(() => this.#work(first), pause);
  }

  async #work(entry) {
    // Another window of the same user may have sent it.
    if (!this.#store.has(entry)) return this.drop(entry);
    this.#busy = true;
    this.#sending = entry;
    this.#store.write(Object.assign(entry, { tried: true }));
    this.#tell();
    const { status, answer } = await this.#post(entry);
    const unknown = !status || status >= 500 || status === 429;
    this.#busy = false;
    this.#sending = null;
    this.#failures = unknown ? this.#failures + 1 : 0;
    if (status !== 200) this.failed = status;
    if (status === 200) this.#finish(entry, answer);
    else if (status === 401 || status === 403) this.state = "blocked";
    else if (!unknown) this.#refuse(entry, status, answer);
    this.#wake();
  }

  // Without a response, or with that of a busy server or of somebody on the way to it, it is unknown whether the change
  // arrived, so it is sent again; all requests are idempotent.
  async #post(entry) {
    const body = JSON.stringify(entry.body);
    try {
      const response = await this.#fetch(`${entry.url}${entry.action}/`, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json", ...this.#headers },
        body,
        signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
        // keepalive lets the request outlive the page. Browsers limit it to a few requests and 64 KB in flight and
        // reject others at once, so large bodies and retries go without.
        keepalive: !this.#failures && body.length <= KEEPALIVE_LENGTH,
      });
      if (response.redirected) return { status: 401 };
      const json = response.headers.get("Content-Type")?.startsWith("application/json");
      if (response.ok && !json) return { status: 0 };
      return { status: response.ok ? 200 : response.status, answer: json ? await response.json() : {} };
    } catch {
      return { status: 0 };
    }
  }

  #finish(entry, answer) {
    this.#remove(entry);
    // Changes made while this request was in flight are based on its result.
    const written = answer.field ? [{ field: entry.field, label: answer.field.label, known: answer.field.known, base: baseOf(entry, answer.field) }] : (answer.written ?? []);
    for (const row of written) this.#rebase(entry.document, row);
    this.dispatchEvent(new EntryEvent("done", { entry, answer }));
  }

  #rebase(document, { field, label, known = label, base = label }) {
    for (const later of this.#entries.filter((other) => other.document === document)) {
      if (later.field === field) later.body.known = Math.max(known, later.body.known ?? 0);
      if (later.field === field && later.body.base !== undefined) later.body.base = base;
      if (later.body.shown) later.body.shown[field] = label;
      this.#store.write(later);
    }
  }

  #refuse(entry, status, answer) {
    // A newer value of the field waits behind it: that one is sent, and refused or not, for itself.
    if (entry.field && this.of(entry.document, entry.field) !== entry) return this.#remove(entry);
    const theirs = answer.conflict;
    if (theirs?.mine && !theirs.withdrawn && entry.after.includes(theirs.value)) {
      // The conflicting value is our own: its response was lost.
      entry.body.known = theirs.known;
      if (entry.body.base !== undefined) entry.body.base = theirs.known;
      entry.after = [];
      return this.#store.write(entry);
    }
    const gone = status === 404 || status === 410;
    const sentence = failure(status, answer.error);
    if (entry.field || gone) {
      this.#store.write(Object.assign(entry, { held: true, gone, problem: { sentence, conflict: theirs ?? null } }));
    } else {
      this.#remove(entry);
      this.refused = true;
    }
    // A refused value revokes pending decisions on its document.
    for (const later of this.pending.filter((other) => other.document === entry.document && !other.field)) this.drop(later);
    this.dispatchEvent(new EntryEvent("refused", { entry, status, gone, sentence }));
  }

  #remove(entry) {
    this.#entries = this.#entries.filter((other) => other !== entry);
    this.#store.remove(entry);
  }

  #tell() {
    if (this.state !== "blocked") this.state = !this.pending.length ? "saved" : this.#failures ? "waiting" : "saving";
    this.dispatchEvent(new Event("change"));
  }

  // Send the entries that an earlier page left. A document that was not there may be there again for the user.
  start() {
    for (const entry of this.#entries) if (entry.gone) this.#store.write(Object.assign(entry, { held: false, gone: false }));
    this.#wake();
  }
}

// What later changes of a table are based on: the stored label, or what was sent where the server put more into it.
function baseOf(entry, field) {
  return field.value === undefined || field.value === entry.body.value ? field.label : entry.body.value;
}

function retryDelay(failures) {
  return RETRY_DELAYS_MS[Math.min(failures, RETRY_DELAYS_MS.length) - 1];
}
