// Changes on their way to the server. Each lies in localStorage until the server has it, so that neither a lost network
// nor a closed browser loses anything: the next page of the same person in the same project sends what is left.
//
// An entry: {id, document, name, url, action, field, body, due, held, problem, tried, after, visit}
//   due      do not send before this time: a text that is still being typed
//   held     not to be sent as it is: emptied, refused or in conflict (`problem` says which); waits for the person
//   tried    was sent at least once
//   after    values of the same field that were sent before, without an answer yet
// Events: "change" (how it stands), "done" {entry, answer}, "refused" {entry, status, answer}.

const WAITS = [500, 1000, 2000, 4000, 8000, 15000];
const PATIENCE = 20000;
let counter = 0;

export class Outbox extends EventTarget {
  // state: "saved" | "saving" | "waiting" (no connection or the server is busy) | "blocked" (log in again)
  state = "saved";
  #entries = [];
  #sending = null;
  #busy = false;
  #failures = 0;
  #timer = 0;

  constructor(prefix, headers) {
    super();
    this.prefix = prefix;
    this.headers = headers;
    this.#entries = read(prefix);
    window.addEventListener("online", () => this.retry());
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

  // Add a change; for a field it replaces the one that has not been sent yet.
  put(entry) {
    const last = entry.field ? this.of(entry.document, entry.field) : undefined;
    // What was sent once may have arrived, whatever became of the answer.
    const after = last ? [...last.after, ...(last.tried ? [last.body.value] : [])] : [];
    if (last && last !== this.#sending) {
      this.#store(Object.assign(last, { held: false, problem: null, due: 0, tried: false }, entry, { after }));
    } else {
      const added = { due: 0, held: false, problem: null, tried: false, ...entry, after, id: newId() };
      this.#entries.push(added);
      this.#store(added);
    }
    this.#wake();
  }

  drop(entry) {
    this.#entries = this.#entries.filter((other) => other !== entry);
    forget(this.prefix + entry.id);
    this.#wake();
  }

  // Send what is still being typed now.
  flush() {
    for (const entry of this.#entries) if (!entry.held && entry.due) this.#store(Object.assign(entry, { due: 0 }));
    this.#wake();
  }

  retry() {
    this.#failures = 0;
    if (this.state === "blocked") this.state = "saving";
    this.#wake();
  }

  // Resolves once everything that can be sent is with the server, however long that takes.
  async emptied() {
    this.flush();
    while (this.pending.length) await new Promise((resolve) => this.addEventListener("change", resolve, { once: true }));
  }

  // True once everything that can be sent is with the server; false if that takes longer than `patience` ms.
  idle(patience = 5000) {
    const late = new Promise((resolve) => setTimeout(resolve, patience, false));
    return Promise.race([this.emptied().then(() => true), late]);
  }

  #store(entry) {
    try {
      localStorage.setItem(this.prefix + entry.id, JSON.stringify(entry));
    } catch {
      // No room or no permission: the change still lies in memory and is sent from there.
      entry.unstored = true;
    }
  }

  #wake() {
    clearTimeout(this.#timer);
    this.#tell();
    const first = this.pending[0];
    if (!first || this.#busy || this.state === "blocked") return;
    const pause = this.#failures ? WAITS[Math.min(this.#failures, WAITS.length) - 1] : Math.max(first.due - Date.now(), 0);
    this.#timer = setTimeout(() => this.#work(first), pause);
  }

  async #work(entry) {
    // Another window of the same person may have sent it.
    if (!entry.unstored && localStorage.getItem(this.prefix + entry.id) === null) return this.drop(entry);
    this.#busy = true;
    this.#sending = entry;
    this.#store(Object.assign(entry, { tried: true }));
    this.#tell();
    const { status, answer } = await this.#post(entry);
    this.#busy = false;
    this.#sending = null;
    this.#failures = status ? 0 : this.#failures + 1;
    if (status === 200) this.#finish(entry, answer);
    else if (status === 401 || status === 403) this.state = "blocked";
    else if (status) this.#refuse(entry, status, answer);
    this.#wake();
  }

  // status 0: it may have arrived or not, so it is sent again; every request can be repeated.
  async #post(entry) {
    try {
      const response = await fetch(`${entry.url}${entry.action}/`, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json", ...this.headers },
        body: JSON.stringify(entry.body),
        signal: AbortSignal.timeout(PATIENCE),
        // The page may be closed before the answer comes. A browser grants that to a few requests and 64 KB at a time
        // and refuses the others at once, so what was refused goes without.
        keepalive: !this.#failures,
      });
      if (response.redirected) return { status: 401 };
      if (response.status >= 500 || response.status === 429) return { status: 0 };
      const json = response.headers.get("Content-Type")?.startsWith("application/json");
      return { status: response.status, answer: json ? await response.json() : {} };
    } catch {
      return { status: 0 };
    }
  }

  #finish(entry, answer) {
    this.#entries = this.#entries.filter((other) => other !== entry);
    forget(this.prefix + entry.id);
    // What was written while this was on its way knows it now.
    for (const later of this.#entries.filter((other) => other.document === entry.document && answer.field)) {
      if (later.field === entry.field) later.body.known = answer.field.known;
      if (later.body.shown) later.body.shown[entry.field] = answer.field.label;
      this.#store(later);
    }
    this.dispatchEvent(new CustomEvent("done", { detail: { entry, answer } }));
  }

  #refuse(entry, status, answer) {
    const theirs = answer.conflict;
    if (theirs?.mine && !theirs.withdrawn && entry.after.includes(theirs.value)) {
      // An answer of ours was lost: "they" are an earlier change from here.
      entry.body.known = theirs.known;
      entry.after = [];
      return this.#store(entry);
    }
    const gone = status === 404;
    if (entry.field && !gone) {
      this.#store(Object.assign(entry, { held: true, problem: { sentence: answer.error, conflict: theirs ?? null } }));
    } else {
      this.#entries = this.#entries.filter((other) => other !== entry);
      forget(this.prefix + entry.id);
    }
    // A document is not decided while one of its values is in doubt.
    for (const later of this.pending.filter((other) => other.document === entry.document && !other.field)) this.drop(later);
    this.dispatchEvent(new CustomEvent("refused", { detail: { entry, status, answer } }));
  }

  #tell() {
    if (this.state !== "blocked") this.state = !this.pending.length ? "saved" : this.#failures ? "waiting" : "saving";
    this.dispatchEvent(new Event("change"));
  }

  // Send what an earlier page left behind.
  start() {
    this.#wake();
  }
}

function newId() {
  counter += 1;
  const random = Math.floor(Math.random() * 36 ** 4).toString(36).padStart(4, "0");
  return `${Date.now().toString(36).padStart(9, "0")}-${String(counter).padStart(6, "0")}-${random}`;
}

function read(prefix) {
  try {
    const keys = Object.keys(localStorage).filter((key) => key.startsWith(prefix)).sort();
    return keys.map((key) => JSON.parse(localStorage.getItem(key)));
  } catch {
    return [];
  }
}

function forget(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // Storage that cannot be used holds nothing.
  }
}
