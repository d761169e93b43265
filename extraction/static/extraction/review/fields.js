// The fields of the document on the screen: the active one, what is typed, how saving stands, conflicts.
//
// A field's value is on its way as soon as it differs from what the server has: the outbox holds it from the first key
// press on, and sends it once the person pauses or leaves the field.

const TYPING_PAUSE = 700;
const FINDING_PAUSE = 120;

export class Fields {
  active = null;
  unlocked = false;
  #visit = 0;
  #finding = null;
  #timer = 0;

  // sheet: {article, data, document, name, url, decided, truth}
  constructor(sheet, picture, outbox) {
    Object.assign(this, { sheet, picture, outbox });
    this.rows = [...sheet.article.querySelectorAll(".review-field")].map((row) => this.#field(row));
    sheet.article.querySelector(".review-fields").addEventListener("focusin", (event) => this.#entered(event));
  }

  get locked() {
    return (this.sheet.decided || this.sheet.truth) && !this.unlocked;
  }

  // To be called once the article is in the page. Rows grow with their text, which takes a size.
  shown() {
    for (const field of this.rows) this.#grow(field);
    this.#lock();
    this.markOthers();
  }

  unlock() {
    this.unlocked = true;
    this.#lock();
    const button = this.sheet.article.querySelector("[data-do=unlock]");
    button.replaceChildren("Unlocked");
    button.disabled = true;
  }

  field(name) {
    return this.rows.find((field) => field.name === name);
  }

  // Make a field the active one. typing: put the cursor into its text.
  activate(field, { typing = false, smooth = true } = {}) {
    if (this.active !== field) {
      this.#visit += 1;
      this.active?.row.classList.remove("active");
      this.active = field;
      field.row.classList.add("active");
      this.picture.forgetChoice();
      this.picture.mark("typed", []);
      this.picture.mark("active", field.data.boxes);
      this.picture.reveal("active", smooth);
      this.markOthers();
    }
    for (const other of this.rows) other.row.tabIndex = other === field ? 0 : -1;
    const target = typing ? field.input : field.row;
    if (document.activeElement !== target) target.focus({ preventScroll: true });
    if (typing) field.input.select();
    field.row.scrollIntoView({ block: "nearest" });
  }

  // The field a number of steps away from the active one; undefined beyond the ends.
  beside(steps) {
    return this.rows[this.rows.indexOf(this.active) + steps];
  }

  // The field to look at first, or next after `from`: one that no person has confirmed; undefined when all are.
  waiting(from) {
    const start = from ? this.rows.indexOf(from) + 1 : 0;
    const order = [...this.rows.slice(start), ...this.rows.slice(0, start)];
    return order.find((field) => field !== from && this.waits(field));
  }

  waits(field) {
    return !field.data.confirmed && !this.#onItsWay(field);
  }

  // Why the document cannot be accepted yet: the first such field and a sentence; null if it can.
  obstacle() {
    for (const field of this.rows) {
      const entry = this.#entry(field);
      if (entry?.held) return { field, sentence: entry.problem.sentence };
      if (field.data.missing && !entry) {
        return { field, sentence: `${field.data.title} is required: fill it in, or press n if it is not on the document.` };
      }
    }
    return null;
  }

  // Labels as they are on the screen.
  labels() {
    return Object.fromEntries(this.rows.map((field) => [field.name, field.data.label]));
  }

  // Words of the picture become the active field's value.
  fill(text, spans) {
    const field = this.active ?? this.rows[0];
    if (this.#refuseLocked(field)) return;
    field.input.value = text;
    this.#grow(field);
    this.#visit += 1;
    this.#put(field, { value: text, spans, due: 0 });
    this.picture.mark("active", this.#boxesOf(spans));
    this.picture.mark("typed", []);
  }

  // Confirm what the field shows. Returns false, and says why, where there is nothing to confirm.
  accept(field) {
    if (this.locked) return true;
    const entry = this.#entry(field);
    if (entry?.held) {
      this.#paint(field);
      return false;
    }
    if (entry) this.outbox.flush();
    else if (!field.data.label) {
      this.#say(field, "Fill it in, or press n if it is not on the document.", "warn");
      return false;
    } else if (!field.data.confirmed) this.#put(field, { value: field.data.value, spans: null, due: 0 });
    return true;
  }

  absent(field) {
    if (this.#refuseLocked(field)) return;
    field.input.value = "";
    this.#grow(field);
    this.picture.mark("active", []);
    this.picture.mark("typed", []);
    this.#put(field, { value: null, spans: null, due: 0 });
  }

  // The server has a change of this document.
  saved(entry, answer) {
    const field = this.field(entry.field);
    if (!field) return;
    field.data = answer.field;
    field.meta.innerHTML = answer.meta;
    this.#paint(field);
    if (!this.#entry(field)) this.#say(field, "Saved", "good");
    if (this.active === field && !this.#finding) {
      this.picture.mark("typed", []);
      this.picture.mark("active", field.data.boxes);
    }
    this.markOthers();
  }

  // The outbox moved on: show how saving stands.
  paint() {
    for (const field of this.rows) if (this.#entry(field)) this.#paint(field);
  }

  markOthers() {
    const others = this.rows.filter((field) => field !== this.active);
    this.picture.mark("other", others.flatMap((field) => field.data.boxes));
  }

  #field(row) {
    const name = row.dataset.field;
    const field = {
      name, row, data: this.sheet.data.fields[name],
      input: row.querySelector("textarea"), state: row.querySelector(".review-state"),
      conflict: row.querySelector(".review-conflict"), meta: row.querySelector(".review-meta"),
    };
    const entry = this.outbox.of(this.sheet.document, name);
    // Something typed earlier has not reached the server yet: that, not the server's value, is what the person meant.
    if (entry) field.input.value = entry.body.value ?? "";
    field.input.addEventListener("input", () => this.#typed(field));
    field.input.addEventListener("blur", () => this.#left(field));
    row.addEventListener("click", (event) => this.#clicked(field, event));
    this.#paint(field, entry);
    return field;
  }

  #entry(field) {
    return this.outbox.of(this.sheet.document, field.name);
  }

  #onItsWay(field) {
    const entry = this.#entry(field);
    return entry !== undefined && !entry.held;
  }

  #typed(field) {
    this.#grow(field);
    const text = plain(field.input.value);
    const entry = this.#entry(field);
    if (text === "" && field.data.label && !field.data.absent) {
      this.#put(field, { value: "", spans: null, due: 0, held: true, problem: { sentence: `${field.data.title} is empty: fill it in, or press Alt+N if it is not on the document.` } });
    } else if (text === (field.data.value ?? "") && !entry?.tried) {
      if (entry) this.outbox.drop(entry);
      this.#paint(field);
    } else if (text !== "") {
      this.#put(field, { value: text, spans: null, due: Date.now() + TYPING_PAUSE });
    }
    clearTimeout(this.#timer);
    this.#finding?.abort();
    this.#finding = new AbortController();
    this.#timer = setTimeout(() => this.#find(field, text, this.#finding), FINDING_PAUSE);
  }

  // Where the text stands; the server looks, so that it is the same search that grounds every label.
  async #find(field, text, finding) {
    const query = new URLSearchParams({ field: field.name, text });
    try {
      const found = text ? await (await fetch(`${this.sheet.url}find/?${query}`, { signal: finding.signal })).json() : { boxes: [] };
      if (finding.signal.aborted || this.active !== field) return;
      this.picture.mark("active", []);
      this.picture.mark("typed", found.boxes);
      this.picture.reveal("typed");
      field.row.classList.toggle("unfound", text !== "" && !found.boxes.length && document.activeElement === field.input);
    } catch {
      // No connection, or another key was pressed: the marks stay as they are.
    } finally {
      if (this.#finding === finding) this.#finding = null;
    }
  }

  #left(field) {
    field.row.classList.remove("unfound");
    this.outbox.flush();
  }

  #put(field, { value, spans, due, held = false, problem = null }) {
    const { document, name, url } = this.sheet;
    this.outbox.put({
      document, name, url, action: "save", field: field.name, due, held, problem, visit: this.#visit,
      body: { field: field.name, value, spans, known: field.data.known, unlocked: this.unlocked },
    });
    this.#paint(field);
  }

  #paint(field, entry = this.#entry(field)) {
    const absent = entry ? entry.body.value === null : field.data.absent;
    const conflict = entry?.held ? entry.problem?.conflict : null;
    field.row.classList.toggle("confirmed", field.data.confirmed || (entry !== undefined && !entry.held));
    field.row.classList.toggle("absent", absent);
    field.input.placeholder = absent ? "Not on the document" : "No value";
    this.#showConflict(field, entry, conflict);
    if (!entry) this.#say(field, "");
    else if (conflict) this.#say(field, "Changed by somebody else", "bad");
    else if (entry.held) this.#say(field, entry.problem.sentence, "warn");
    else if (this.outbox.state === "waiting" || this.outbox.state === "blocked") this.#say(field, "Kept here, not saved yet", "warn");
    else this.#say(field, "Saving…");
  }

  #say(field, sentence, tone = "") {
    if (field.state.textContent !== sentence) field.state.textContent = sentence;
    field.state.className = `review-state small ${tone}`;
  }

  // Both values side by side; nothing is overwritten before the person chooses.
  #showConflict(field, entry, conflict) {
    field.conflict.hidden = !conflict;
    if (!conflict) return field.conflict.replaceChildren();
    const theirs = conflict.withdrawn ? "taken back" : (conflict.value ?? "not on the document");
    const mine = entry.body.value ?? "not on the document";
    field.conflict.replaceChildren(
      side(`${conflict.who}, ${conflict.when}`, theirs, "Take theirs", "take_theirs"),
      side("You", mine, "Keep mine", "keep_mine"),
    );
  }

  // The person has chosen between two values.
  settle(field, keepMine) {
    const entry = this.#entry(field);
    const theirs = entry?.problem?.conflict;
    if (!theirs) return;
    if (keepMine) {
      field.data.known = theirs.known;
      this.#put(field, { value: entry.body.value, spans: entry.body.spans, due: 0 });
    } else {
      this.outbox.drop(entry);
      this.sheet.reload();
    }
  }

  #entered(event) {
    const row = event.target.closest(".review-field");
    const field = this.rows.find((other) => other.row === row);
    if (field && this.active !== field) this.activate(field, { typing: event.target === field.input });
  }

  #clicked(field, event) {
    const option = event.target.closest("[data-option]");
    if (option && !this.#refuseLocked(field)) {
      field.input.value = option.dataset.option;
      this.#grow(field);
      this.#put(field, { value: option.dataset.option, spans: null, due: 0 });
    }
    if (!event.target.closest("textarea, button, summary, details")) this.activate(field);
  }

  #lock() {
    for (const field of this.rows) field.input.readOnly = this.locked;
    this.sheet.article.classList.toggle("locked", this.locked);
  }

  #refuseLocked(field) {
    if (this.locked) this.#say(field, this.sheet.truth ? "Truth is locked: press l to unlock it." : "Reopen the document to change it: press o.", "warn");
    return this.locked;
  }

  #boxesOf(spans) {
    const pages = this.sheet.data.pages;
    return spans.flatMap(([page, first, last]) =>
      pages[page].words.slice(first, last + 1).map(([, x0, y0, x1, y1]) => ({ page, x0, y0, x1, y1 })));
  }

  #grow({ input }) {
    input.style.height = "auto";
    input.style.height = `${input.scrollHeight + 2}px`;
  }
}

function plain(text) {
  return text.split(/\s+/u).filter(Boolean).join(" ");
}

function side(who, value, label, action) {
  const part = document.createElement("div");
  const said = document.createElement("p");
  said.textContent = value;
  const by = document.createElement("span");
  by.className = "small muted";
  by.textContent = who;
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "button small", textContent: label });
  button.dataset.do = action;
  part.append(by, said, button);
  return part;
}
