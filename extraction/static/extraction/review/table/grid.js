// The input of a group field: its rows as a table that is edited by keys, by buttons and from the picture. To the page it
// behaves as the text box of another field does, with the value as text.
//
// Events: "input" (detail.due: ms until it is to be saved, detail.chosen: with words of the picture), "blur", "row" (another
// row is edited: a new step to undo), "cell" (another cell is the current one), and "place" (detail.spans: where the
// current cell stands, detail.others: the rest of its row, detail.hovered: of the cell under the pointer).

import { gettext } from "../../sentences.js";
import { bandOf } from "./bands.js";
import { lineCuts } from "./cuts.js";
import { asked, cellsOn, isDoubtful, nextDoubt, takeChecks, takePlaces } from "./doubts.js";
import { find } from "./finding.js";
import { adopted, emptyRow, hasText, joined, parse, plain, rowOf, split, stored, textOf } from "./rows.js";
import { PAGE, TableView } from "./view.js";

class GridEvent extends Event {
  constructor(type, detail = {}) {
    super(type);
    this.detail = detail;
  }
}

export class Grid extends EventTarget {
  rows = [];
  // The current cell; kept while the focus is elsewhere.
  row = 0;
  column = 0;
  // Whether the keys of a text box act in the cell, such as the arrows; else they move between cells.
  editing = false;
  // Takes what a text box of a field has.
  style = {};
  scrollHeight = 0;
  #readOnly = false;
  #entered = false;

  // root: .review-table; data: the field's; pages: the words of each page, each [text, x0, y0, x1, y1].
  constructor(root, data, pages) {
    super();
    Object.assign(this, { root, pages, columns: data.table.columns });
    this.view = new TableView(root, this.columns);
    this.value = data.value ?? "";
    this.check(data.table);
    const { editor, body } = this.view;
    editor.addEventListener("input", () => this.#typed());
    editor.addEventListener("blur", () => this.#left());
    editor.addEventListener("focus", () => { this.#entered = true; });
    body.addEventListener("pointerdown", (event) => { if (event.pointerType !== "touch") this.#pressed(event); });
    // A finger may be scrolling: only its tap chooses a cell.
    body.addEventListener("click", (event) => { if (event.pointerType === "touch") this.#pressed(event); });
    body.addEventListener("pointerover", (event) => this.#hovered(event));
    body.addEventListener("pointerleave", () => this.#showPlace());
  }

  // The words of a span; the document may have been read again since.
  words = ([page, first, last]) => this.pages[page]?.slice(first, last + 1) ?? [];

  // --- as a text box

  get value() {
    return textOf(this.rows);
  }

  set value(text) {
    this.rows = parse(text);
    this.row = Math.min(this.row, Math.max(this.rows.length - 1, 0));
    this.#draw();
  }

  set placeholder(sentence) {
    this.#placeholder = sentence;
    this.#showEmpty();
  }

  #placeholder = "";

  set readOnly(locked) {
    this.#readOnly = locked;
    this.view.editor.readOnly = locked;
    this.root.querySelectorAll(".review-table-tools .button").forEach((button) => { if (button.dataset.do !== "next_doubt") button.disabled = locked; });
  }

  get readOnly() {
    return this.#readOnly;
  }

  owns(target) {
    return target === this.view.editor;
  }

  // Whether the keyboard is in the table.
  get focused() {
    return document.activeElement === this.view.editor;
  }

  // Focus the current cell; the first time the first doubtful one.
  focus() {
    if (!this.#entered && this.rows.length) {
      Object.assign(this, nextDoubt(this.rows, this.columns));
    }
    this.select(this.row, this.column);
  }

  // Whether a word of the picture is cut to the value in it.
  get typed() {
    return this.columns[this.column].typed;
  }

  // The text of a cell is selected with it.
  select(row = this.row, column = this.column) {
    if (!this.rows.length) return;
    row = Math.min(Math.max(row, 0), this.rows.length - 1);
    if (row !== this.row) this.#left();
    else if (column !== this.column) this.view.repaint(this.rows[row], row);
    const events = [row !== this.row && "row", (row !== this.row || column !== this.column) && "cell"].filter(Boolean);
    Object.assign(this, { row, column, editing: false });
    if (!this.view.shows(row)) this.view.draw(this.rows, row);
    this.view.edit(row, column, this.#cellText(), { readOnly: this.#readOnly });
    const { editor } = this.view;
    if (document.activeElement !== editor) editor.focus({ preventScroll: true });
    editor.select();
    this.view.reveal(editor.closest("td"));
    for (const event of events) this.dispatchEvent(new GridEvent(event));
    this.#showPlace();
  }

  // --- moving; each returns false where there is nowhere to go

  move(rows, columns) {
    const [row, column] = [this.row + rows, this.column + columns];
    if (row < 0 || row >= this.rows.length || column < 0 || column >= this.columns.length) return false;
    this.select(row, column);
    return true;
  }

  // To the next or previous cell, across the ends of rows.
  step(direction) {
    const at = this.row * this.columns.length + this.column + direction;
    if (at < 0 || at >= this.rows.length * this.columns.length) return false;
    this.select(Math.floor(at / this.columns.length), at % this.columns.length);
    return true;
  }

  // To an end of the row (-1: the first cell), with `all` of the table.
  toEnd(direction, all) {
    const row = all ? (direction < 0 ? 0 : this.rows.length - 1) : this.row;
    this.select(row, direction < 0 ? 0 : this.columns.length - 1);
  }

  turn(pages) {
    this.select(Math.floor(this.row / PAGE) * PAGE + pages * PAGE, this.column);
  }

  // Accept the row, then go to the next doubtful one, else to the row below.
  acceptRow() {
    const row = this.rows[this.row];
    if (!row) return false;
    row.seen = true;
    this.view.repaint(row, this.row);
    this.#showDoubts();
    this.dispatchEvent(new GridEvent("blur"));
    const doubt = nextDoubt(this.rows, this.columns, this.row);
    if (doubt) this.select(doubt.row, doubt.column);
    else return this.move(1, 0);
    return true;
  }

  toDoubt() {
    const doubt = nextDoubt(this.rows, this.columns, this.row, this.column);
    if (doubt) this.select(doubt.row, doubt.column);
    return doubt !== null;
  }

  // Keys act as in a text box, with the caret at the end.
  type() {
    this.editing = true;
    const { editor } = this.view;
    editor.setSelectionRange(editor.value.length, editor.value.length);
  }

  // --- changing rows

  insert(made = emptyRow(this.columns), at = this.row + 1) {
    if (this.#readOnly) return null;
    at = Math.min(at, this.rows.length);
    this.rows.splice(at, 0, made);
    this.#changed(at, hasText(made) ? this.column : 0);
    return made;
  }

  remove() {
    if (this.#readOnly || !this.rows.length) return;
    this.rows.splice(this.row, 1);
    this.#changed(this.row, this.column, { ends: true });
  }

  split() {
    if (this.#readOnly || !this.rows.length) return;
    const { editor } = this.view;
    const caret = this.editing && editor.selectionStart === editor.selectionEnd ? editor.selectionStart : null;
    const row = this.rows[this.row];
    const parts = split(row, this.columns, this.columns[this.column].name, { caret, cuts: lineCuts(row, this.words, this.pages) });
    this.rows.splice(this.row, 1, ...parts);
    this.#changed(this.row + 1, this.column, { ends: true });
  }

  join() {
    if (this.#readOnly || this.row < 1) return;
    this.rows.splice(this.row - 1, 2, joined(this.rows[this.row - 1], this.rows[this.row], this.columns));
    this.#changed(this.row - 1, this.column, { ends: true });
  }

  // Say that nothing is printed in the cell.
  clear() {
    if (!this.#readOnly && this.rows.length) this.#set(this.rows[this.row], this.columns[this.column].name, "", []);
  }

  // Take what the student read in the cell; false where that is no other text.
  takeReading() {
    const row = this.rows[this.row];
    const name = this.columns[this.column].name;
    const read = row?.doubts[name]?.read;
    if (!read || this.#readOnly) return false;
    this.#set(row, name, read, find(read, this.pages, bandOf(row, this.words)));
    return true;
  }

  // Fill the current cell with words of the picture.
  fill(text, spans) {
    if (this.#readOnly) return;
    if (!this.rows.length) this.insert();
    this.#set(this.rows[this.row], this.columns[this.column].name, text, spans);
  }

  // Fill what is still empty of a row that was inserted.
  complete(row, cells, places) {
    const number = this.rows.indexOf(row);
    if (number < 0) return;
    for (const [name, text] of Object.entries(cells)) {
      if (row.cells[name] || !text) continue;
      row.cells[name] = text;
      row.places[name] = places[name] ?? [];
    }
    this.view.repaint(row, number);
    if (number === this.row) this.select();
    this.#tell(0);
  }

  // --- what the server says

  // The checks of the stored rows.
  check({ doubts }) {
    takeChecks(stored(this.rows), doubts);
    this.#repaint();
  }

  // The answer to a saved value: the rows as they are stored, unless more was typed since.
  saved(data, typedSince) {
    if (typedSince) return;
    if (data.value !== this.value) this.adopt(data.value ?? "");
    if (data.table) this.check(data.table);
  }

  // Show other rows, and stay in the current one if it is still there.
  adopt(text, clashes = [], author = "") {
    const current = this.rows[this.row];
    const typed = this.focused && this.editing ? this.view.editor.selectionStart : null;
    this.rows = adopted(parse(text), this.rows);
    for (const { at, mine, theirs } of clashes) if (this.rows[at]) this.rows[at].clash = { mine, theirs, author };
    const focused = this.focused;
    // A row without any text is no part of the value: nobody else has it.
    const empty = focused && current && !hasText(current) && !this.rows.includes(current);
    if (empty) this.rows.splice(this.row, 0, current);
    const still = this.rows.indexOf(current);
    this.row = still < 0 ? Math.min(this.row, Math.max(this.rows.length - 1, 0)) : still;
    this.#draw();
    if (!focused) return;
    this.select();
    if (typed !== null) {
      this.editing = true;
      this.view.editor.setSelectionRange(typed, typed);
    }
  }

  // The rows that wait for a choice, as the server tells them.
  get clashes() {
    return stored(this.rows).flatMap(({ clash }, at) => (clash ? [{ at, mine: clash.mine, theirs: clash.theirs }] : []));
  }

  // Choose one of the two rows; false where there is none to choose. number: the row, by default the current one.
  settle(keepMine, number = this.row) {
    const row = this.rows[number];
    if (!row?.clash) return false;
    const { mine, theirs } = row.clash;
    // Mine as it stands: more may have been typed since it was asked about.
    const chosen = keepMine ? mine && row.cells : theirs;
    if (chosen) this.rows.splice(number, 1, Object.assign(rowOf(chosen), { seen: true }));
    else this.rows.splice(number, 1);
    this.#changed(number, this.column);
    return true;
  }

  // The rows as the server is asked about them.
  asked() {
    return asked(stored(this.rows));
  }

  // The places of cells and what a student thinks of them.
  place(rows, found) {
    takePlaces(rows, found);
    this.#repaint();
    this.root.dataset.placed = "";
    this.#showPlace();
  }

  // Light the cells that stand on a word.
  light(page, index) {
    this.view.light(index < 0 || Number.isNaN(page) ? [] : cellsOn(this.rows, this.columns, page, index));
  }

  // --- inside

  #cellText() {
    return this.rows[this.row]?.cells[this.columns[this.column].name] ?? "";
  }

  #typed() {
    this.editing = true;
    const row = this.rows[this.row];
    const name = this.columns[this.column].name;
    row.cells[name] = plain(this.view.editor.value);
    row.fresh = true;
    delete row.places[name];
    delete row.doubts[name];
    const found = find(row.cells[name], this.pages, bandOf(row, this.words));
    if (found.length) row.places[name] = found;
    this.view.typed(this.row, this.column, this.view.editor.value);
    this.#tell();
    this.#showPlace();
  }

  #set(row, name, text, spans) {
    row.cells[name] = plain(text);
    row.fresh = true;
    row.places[name] = spans;
    delete row.doubts[name];
    this.view.repaint(row, this.rows.indexOf(row));
    this.select();
    this.#tell(0, { chosen: spans.length > 0 });
  }

  #left() {
    const row = this.rows[this.row];
    if (row) this.view.repaint(row, this.row);
    this.#showDoubts();
    this.dispatchEvent(new GridEvent("blur"));
  }

  // Rows came or went: draw them, go to a cell, save. ends: what is typed next is another step to undo.
  #changed(row, column, { ends = false } = {}) {
    this.row = Math.min(row, Math.max(this.rows.length - 1, 0));
    this.#draw();
    this.#entered = true;
    this.dispatchEvent(new GridEvent("row"));
    this.select(this.row, column);
    this.#tell(0);
    if (ends) this.dispatchEvent(new GridEvent("row"));
  }

  #tell(due, { chosen = false } = {}) {
    this.#showEmpty();
    this.dispatchEvent(new GridEvent("input", { due, chosen }));
  }

  #draw() {
    this.view.draw(this.rows, this.row);
    this.#showEmpty();
    this.#showDoubts();
  }

  #repaint() {
    for (let number = this.view.first; number < Math.min(this.view.first + PAGE, this.rows.length); number += 1) {
      this.view.repaint(this.rows[number], number);
    }
    this.#showDoubts();
  }

  #showEmpty() {
    this.view.showEmpty(this.rows.length ? "" : this.#placeholder);
  }

  #showDoubts() {
    this.view.showDoubts(this.rows.filter(isDoubtful).length);
  }

  #pressed(event) {
    const at = this.view.at(event.target);
    if (!at || event.target === this.view.editor) {
      if (at) this.editing = true;
      return;
    }
    event.preventDefault();
    this.select(at.row, at.column);
  }

  #hovered(event) {
    const at = this.view.at(event.target);
    const row = at && this.rows[at.row];
    if (row) this.dispatchEvent(new GridEvent("place", { spans: row.places[this.columns[at.column].name] ?? [], others: placesOf(row), hovered: true }));
  }

  #showPlace() {
    const row = this.rows[this.row];
    if (!row || !this.focused) return;
    this.dispatchEvent(new GridEvent("place", { spans: row.places[this.columns[this.column].name] ?? [], others: placesOf(row) }));
  }
}

function placesOf(row) {
  return Object.values(row.places).flat();
}
