// The fields of the current document: the active one, typed text, confirmation, conflicts.
//
// A value is put into the outbox with every key press, and sent after a pause in typing or when the field loses focus.

import { gettext } from "../sentences.js";
import { fieldOf, grow, paintRow, showState } from "./rows.js";
import { RowSaving } from "./table/saving.js";
import { paintSums } from "./table/sums_shown.js";

// Delays after the last key press before a text is saved, and before it is searched for on the pages.
const SAVE_DELAY_MS = 700;
const FIND_DELAY_MS = 120;

export class Fields {
  active = null;
  // Names of the fields that were the active one.
  #visited = new Set();
  unlocked = false;
  // Number of the current visit to a field; changes of one visit are undone together. It starts at the clock: undo
  // steps survive a reload, and visits after it must not be taken for those before it.
  #visit = Date.now();
  #finding = null;
  #timer = 0;

  // sheet: {article, data, document, name, url, decided, truth}
  constructor(sheet, picture, outbox) {
    Object.assign(this, { sheet, picture, outbox });
    this.rows = [...sheet.article.querySelectorAll(".review-field")].map((row) => this.#field(row));
    sheet.article.querySelector(".review-fields").addEventListener("focusin", (event) => this.#entered(event));
    picture.pane.addEventListener("pointerover", (event) => this.#light(event.target));
  }

  get locked() {
    return (this.sheet.decided || this.sheet.truth) && !this.unlocked;
  }

  // Called once the article is in the page: the height of a text can only be measured there.
  shown() {
    for (const field of this.rows) grow(field);
    this.#lock();
    this.markOthers();
    this.showSums();
    for (const field of this.rows) field.saving?.locate();
  }

  // Say at tables and amounts whether the rows add up.
  showSums() {
    paintSums(this.rows, this.sheet.data.sums);
  }

  unlock() {
    this.unlocked = true;
    this.#lock();
    const button = this.sheet.article.querySelector("[data-do=unlock]");
    button.replaceChildren(gettext("Unlocked"));
    button.disabled = true;
  }

  field(name) {
    return this.rows.find((field) => field.name === name);
  }

  // Make a field the active one. typing: focus its text; stay: leave focus and scroll position as they are.
  activate(field, { typing = false, smooth = true, stay = false } = {}) {
    if (this.active !== field) {
      this.#visit += 1;
      this.active?.row.classList.remove("active");
      this.active = field;
      this.#visited.add(field.name);
      field.row.classList.add("active");
      this.picture.forgetChoice();
      this.picture.mark("typed", []);
      this.picture.mark("active", field.data.boxes);
      this.picture.reveal("active", smooth);
      this.markOthers();
    }
    for (const other of this.rows) other.row.tabIndex = other === field ? 0 : -1;
    if (stay) return;
    const target = typing ? field.input : field.row;
    if (document.activeElement !== target) target.focus({ preventScroll: true });
    if (typing) field.input.select();
    if (!typing || !field.data.table) field.row.scrollIntoView({ block: "nearest" });
  }

  // The field `steps` rows below the active one; undefined beyond the ends.
  beside(steps) {
    return this.rows[this.rows.indexOf(this.active) + steps];
  }

  // The first field, or the first after `from`, that is not confirmed; undefined if all are.
  waiting(from) {
    const start = from ? this.rows.indexOf(from) + 1 : 0;
    const order = [...this.rows.slice(start), ...this.rows.slice(0, start)];
    return order.find((field) => field !== from && this.waits(field));
  }

  waits(field) {
    return !field.data.confirmed && !this.#onItsWay(field);
  }

  // The first field with a reason to look at it; undefined without one.
  flagged() {
    return this.rows.find((field) => field.data.flagged && this.waits(field));
  }

  // The first such field that was never the active one. It is told once for each document.
  unseen() {
    const field = this.rows.find((other) => other.data.flagged && this.waits(other) && !this.#visited.has(other.name));
    for (const other of this.rows) this.#visited.add(other.name);
    return field;
  }

  // The first field that prevents acceptance, with the reason as a sentence; null if there is none.
  obstacle() {
    for (const field of this.rows) {
      const entry = this.#entry(field);
      if (entry?.held) return { field, sentence: entry.problem.sentence };
      if (field.data.missing && !entry) {
        return { field, sentence: gettext("%(field)s is required: fill it in, or press n if it is not on the document.", { field: field.data.title }) };
      }
    }
    return null;
  }

  // The displayed labels by field name.
  labels() {
    return Object.fromEntries(this.rows.map((field) => [field.name, field.data.label]));
  }

  // Set the active field to words chosen in the picture.
  fill(text, spans) {
    const field = this.active ?? this.rows[0];
    if (this.refuseLocked(field)) return;
    if (field.data.table) return field.input.fill(text, spans);
    field.input.value = text;
    grow(field);
    this.#visit += 1;
    this.#put(field, { value: text, spans, due: 0 });
    this.picture.mark("active", this.#boxesOf(spans));
    this.picture.mark("typed", []);
  }

  // Confirm the displayed value. Returns false, and shows why, if there is nothing to confirm.
  accept(field) {
    if (this.locked) return true;
    const entry = this.#entry(field);
    if (entry?.held) {
      this.#paint(field);
      return false;
    }
    if (entry) this.outbox.flush();
    else if (!field.data.label) {
      showState(field, gettext("Fill it in, or press n if it is not on the document."), "warn");
      return false;
    } else if (!field.data.confirmed) this.#put(field, { value: field.data.value, spans: null, due: 0 });
    return true;
  }

  // Mark the field as not on the document.
  absent(field) {
    if (this.refuseLocked(field)) return;
    field.input.value = "";
    grow(field);
    this.picture.mark("active", []);
    this.picture.mark("typed", []);
    this.#put(field, { value: null, spans: null, due: 0 });
  }

  // Choose one of the meanings of a printed value, by its place among the buttons. Returns false if there is none.
  read(field, number) {
    const button = field?.meta.querySelectorAll("[data-reading]")[number];
    if (!button) return false;
    // The meanings are those of the saved value: while another is being typed there is nothing to choose.
    if (plain(field.input.value) !== plain(field.data.value ?? "")) return true;
    if (this.refuseLocked(field)) return true;
    const spans = field.data.spans.length ? field.data.spans : null;
    this.#visit += 1;
    this.#put(field, { value: field.data.value, spans, due: 0, reading: button.dataset.reading });
    return true;
  }

  // Choose what stands at a number: a meaning of the value, else the value of another teacher behind these. Returns
  // false if there is none.
  choose(field, number) {
    const readings = field?.meta.querySelectorAll("[data-reading]").length ?? 0;
    return number < readings ? this.read(field, number) : this.take(field, number - readings);
  }

  // Take the value of another teacher, by its place among the buttons. Returns false if there is none.
  take(field, number) {
    const offer = field?.data.offers[number];
    if (!offer) return false;
    if (this.refuseLocked(field)) return true;
    this.#visit += 1;
    if (offer.value === null) {
      this.absent(field);
      return true;
    }
    field.input.value = offer.value;
    grow(field);
    this.#put(field, { value: offer.value, spans: offer.spans.length ? offer.spans : null, due: 0 });
    this.picture.mark("typed", []);
    this.picture.mark("active", offer.boxes);
    this.picture.reveal("active");
    return true;
  }

  // Apply the server's response to a saved change.
  saved(entry, answer) {
    const field = this.field(entry.field);
    if (!field) return;
    field.data = answer.field;
    field.meta.innerHTML = answer.meta;
    if (field.data.table) field.input.saved(field.data, this.#entry(field) !== undefined);
    this.showSums();
    this.#paint(field);
    if (!this.#entry(field)) showState(field, gettext("Saved"), "good");
    if (field.data.table) return;
    if (this.active === field && !this.#finding) {
      this.picture.mark("typed", []);
      this.picture.mark("active", field.data.boxes);
    }
    this.markOthers();
  }

  // Repaint the fields with an entry in the outbox.
  paint() {
    for (const field of this.rows) if (this.#entry(field)) this.#paint(field);
  }

  markOthers() {
    const others = this.rows.filter((field) => field !== this.active);
    this.picture.mark("other", others.flatMap((field) => field.data.boxes));
  }

  #field(row) {
    const field = fieldOf(row, this.sheet.data.fields, this.sheet.data.pages);
    const entry = this.#entry(field);
    // A change that is not saved yet takes precedence over the server's value.
    if (entry) field.input.value = entry.body.value ?? "";
    field.input.addEventListener("input", (event) => this.#typed(field, event.detail));
    field.input.addEventListener("blur", () => this.#left(field));
    field.input.addEventListener("row", () => { this.#visit += 1; });
    field.input.addEventListener("cell", () => this.picture.forgetChoice());
    field.input.addEventListener("place", (event) => this.#place(field, event.detail));
    if (field.data.table) field.saving = this.#saving(field);
    row.addEventListener("click", (event) => this.#clicked(field, event));
    // Where the value of another teacher stands.
    for (const type of ["pointerover", "focusin"]) row.addEventListener(type, (event) => this.#point(field, event.target));
    for (const type of ["pointerout", "focusout"]) row.addEventListener(type, (event) => { if (event.target.closest("[data-offer]")) this.picture.mark("typed", []); });
    this.#paint(field);
    return field;
  }

  #saving(field) {
    const put = (change) => this.#put(field, { spans: null, ...change });
    return new RowSaving(field, { sheet: this.sheet, outbox: this.outbox, put, paint: () => this.#paint(field) });
  }

  #entry(field) {
    return this.outbox.of(this.sheet.document, field.name);
  }

  #onItsWay(field) {
    const entry = this.#entry(field);
    return entry !== undefined && !entry.held;
  }

  #typed(field, detail) {
    if (field.saving) return field.saving.changed(detail.due ?? SAVE_DELAY_MS, detail.chosen);
    grow(field);
    const text = plain(field.input.value);
    const entry = this.#entry(field);
    if (text === "" && field.data.label && !field.data.absent) {
      this.#put(field, { value: "", spans: null, due: 0, held: true, problem: { sentence: gettext("%(field)s is empty: fill it in, or press Alt+N if it is not on the document.", { field: field.data.title }) } });
    } else if (text === (field.data.value ?? "") && !entry?.tried) {
      if (entry) this.outbox.drop(entry);
      this.#paint(field);
    } else if (text !== "") {
      this.picture.mark("active", []);
      this.#put(field, { value: text, spans: null, due: Date.now() + SAVE_DELAY_MS });
    }
    clearTimeout(this.#timer);
    this.#finding?.abort();
    this.#finding = new AbortController();
    this.#timer = setTimeout(() => this.#find(field, text, this.#finding), FIND_DELAY_MS);
  }

  #point(field, target) {
    const button = target.closest("[data-offer]");
    if (button) this.picture.mark("typed", field.data.offers[[...field.meta.querySelectorAll("[data-offer]")].indexOf(button)].boxes);
  }

  // The server refused the change of a field.
  refused(entry) {
    const field = this.field(entry.field);
    if (entry.problem?.conflict?.rows) field?.saving?.ask(entry);
    this.paint();
  }

  // Light the cells that stand on a word of the picture.
  #light(word) {
    const page = word.closest?.("svg.review-page")?.dataset.page;
    for (const field of this.rows) field.input.light?.(Number(page), Number(word.dataset?.index ?? -1));
  }

  #place(field, { spans, others, hovered = false }) {
    if (this.active !== field && !hovered) return;
    this.picture.mark(hovered ? "typed" : "active", this.#boxesOf(spans));
    if (hovered) return;
    this.picture.mark("typed", []);
    this.picture.mark("other", this.#boxesOf(others));
    this.picture.reveal("active");
  }

  // Mark the text's position; the server searches, with the same code that locates the spans of labels.
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

  #put(field, { value, spans, due, held = false, problem = null, reading = null, chosen = Boolean(spans) }) {
    // Words that were chosen before are not those of another value.
    if (!chosen) this.picture.forgetChoice();
    const { document, name, url } = this.sheet;
    const body = { field: field.name, value, spans, known: field.data.known, unlocked: this.unlocked, reading };
    if (field.saving) body.base = field.saving.base;
    const row = field.saving ? field.input.row : undefined;
    this.outbox.put({ document, name, url, action: "save", field: field.name, due, held, problem, visit: this.#visit, row, body });
    this.#paint(field);
  }

  #paint(field) {
    const online = this.outbox.state !== "waiting" && this.outbox.state !== "blocked";
    paintRow(field, this.#entry(field), online);
  }

  // Resolve a conflict.
  settle(field, keepMine) {
    const entry = this.#entry(field);
    const theirs = entry?.problem?.conflict;
    if (!theirs) return;
    if (keepMine) {
      field.data.known = theirs.known;
      field.saving?.accepts(theirs.known);
      this.#put(field, { value: entry.body.value, spans: entry.body.spans, due: 0, reading: entry.body.reading });
    } else {
      this.outbox.drop(entry);
      this.sheet.reload();
    }
  }

  #entered(event) {
    const row = event.target.closest(".review-field");
    const field = this.rows.find((other) => other.row === row);
    // A button that moves while it is pressed would not be clicked.
    const typing = event.target === field?.input || Boolean(field?.input.owns?.(event.target));
    if (field && this.active !== field) this.activate(field, { typing, stay: Boolean(event.target.closest("button")) });
  }

  #clicked(field, event) {
    const option = event.target.closest("[data-option]");
    if (option && !this.refuseLocked(field)) {
      field.input.value = option.dataset.option;
      grow(field);
      this.#put(field, { value: option.dataset.option, spans: null, due: 0 });
    }
    const reading = event.target.closest("[data-reading]");
    if (reading) this.read(field, [...field.meta.querySelectorAll("[data-reading]")].indexOf(reading));
    const offer = event.target.closest("[data-offer]");
    if (offer) this.take(field, [...field.meta.querySelectorAll("[data-offer]")].indexOf(offer));
    if (!event.target.closest("textarea, button, summary, details, td")) this.activate(field);
  }

  #lock() {
    for (const field of this.rows) field.input.readOnly = this.locked;
    this.sheet.article.classList.toggle("locked", this.locked);
  }

  refuseLocked(field) {
    if (this.locked) showState(field, this.sheet.truth ? gettext("Truth is locked: press l to unlock it.") : gettext("Reopen the document to change it: press o."), "warn");
    return this.locked;
  }

  #boxesOf(spans) {
    return spans.flatMap((span) => this.#words(span).map(([, x0, y0, x1, y1]) => ({ page: span[0], x0, y0, x1, y1 })));
  }

  #words([page, first, last]) {
    return this.sheet.data.pages[page]?.words.slice(first, last + 1) ?? [];
  }
}

function plain(text) {
  return text.split(/\s+/u).filter(Boolean).join(" ");
}
