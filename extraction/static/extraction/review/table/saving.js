// How the rows of a table are kept: put into the outbox as a whole, based on the label that they were made from, asked about
// where another reviewer changed the same ones, and looked up on the pages.

import { parse, textOf } from "./rows.js";

export class RowSaving {
  // field: one of a group; put(change): keep a change of the field; paint(): show how its saving stands.
  constructor(field, { sheet, outbox, put, paint }) {
    Object.assign(this, { field, sheet, outbox, put, paint });
    if (this.entry?.problem?.conflict?.rows) this.ask(this.entry);
  }

  get entry() {
    return this.outbox.of(this.sheet.document, this.field.name);
  }

  // What a change is based on: changes that wait have the same basis.
  get base() {
    return this.entry?.body.base ?? this.field.data.label;
  }

  // Keep changed rows; while rows of another reviewer wait for a choice nothing is sent. delay: in ms; chosen: with words
  // of the picture.
  changed(delay, chosen) {
    const { entry, field } = this;
    const value = field.input.value;
    if (field.input.clashes.length && entry?.problem) return this.put({ value, due: 0, held: true, problem: this.#problem(entry), chosen });
    const unchanged = value === textOf(parse(field.data.value ?? "[]"));
    if (!unchanged || entry?.tried || (entry && this.outbox.follows(entry))) return this.put({ value, due: delay && Date.now() + delay, chosen });
    if (entry) this.outbox.drop(entry);
    this.paint();
  }

  // Show the rows of both reviewers, and ask about those that both changed.
  ask(entry) {
    const { rows, who, when, known } = entry.problem.conflict;
    this.field.input.adopt(rows.merged, rows.clashes, `${who}, ${when}`);
    Object.assign(entry.body, { value: this.field.input.value, base: known, known });
    entry.problem = this.#problem(entry);
    this.outbox.keep(entry);
  }

  // Another reviewer's word about the whole table was seen: mine is based on it.
  accepts(known) {
    if (this.entry) this.entry.body.base = known;
  }

  // Fetch where the cells stand and what the student thinks of them.
  async locate() {
    const { field, sheet } = this;
    if (!field.data.value || this.entry) return;
    const { label } = field.data;
    const rows = field.input.asked();
    try {
      const response = await fetch(`${sheet.url}rows/?${new URLSearchParams({ field: field.name })}`, { headers: { Accept: "application/json" } });
      const answer = await response.json();
      if (answer.label === label) field.input.place(rows, answer.rows);
    } catch {
      // No connection: the cells show no words.
    }
  }

  // The problem with the rows that still wait for a choice.
  #problem({ problem }) {
    const rows = { merged: this.field.input.value, clashes: this.field.input.clashes };
    return { ...problem, conflict: { ...problem.conflict, rows } };
  }
}
