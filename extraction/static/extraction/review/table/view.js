// The table of rows in the page: one line per row, a hundred at a time, and one text box in the current cell.

import { gettext, language } from "../../sentences.js";
import { isDoubtful } from "./doubts.js";

// Rows that are drawn at a time.
export const PAGE = 100;

const REASONS = {
  unreadable: gettext("This cannot be read as a value of its column."),
  product: gettext("Quantity times price is another amount."),
  unsure: gettext("The student is not sure of this."),
  other: gettext("The student read something else."),
};

export class TableView {
  // root: .review-table; columns: {name, title, numeric}
  constructor(root, columns) {
    this.root = root;
    this.columns = columns;
    this.body = root.querySelector("tbody");
    this.note = root.querySelector(".review-table-note span");
    this.editor = document.createElement("textarea");
    Object.assign(this.editor, { className: "review-cell-editor", rows: 1, autocomplete: "off", spellcheck: false });
    this.editor.setAttribute("autocapitalize", "off");
    this.first = 0;
  }

  // Draw the rows of the page with the row `at`.
  draw(rows, at) {
    this.first = Math.floor(Math.max(Math.min(at, rows.length - 1), 0) / PAGE) * PAGE;
    this.editor.remove();
    this.body.replaceChildren(...rows.slice(this.first, this.first + PAGE).flatMap((row, index) => this.#lines(row, this.first + index)));
    this.root.querySelector(".review-table-scroll").hidden = !rows.length;
    this.#pager(rows.length);
  }

  shows(number) {
    return number >= this.first && number < this.first + PAGE;
  }

  line(number) {
    return this.body.querySelector(`tr[data-row="${number}"]`);
  }

  cell(number, column) {
    return this.line(number)?.children[column + 1] ?? null;
  }

  // The row and column of an element in the table; null outside its cells.
  at(target) {
    const cell = target.closest?.("td[data-column]");
    return cell && this.body.contains(cell) ? { row: Number(cell.parentElement.dataset.row), column: Number(cell.dataset.column) } : null;
  }

  // Put the text box into a cell.
  edit(number, column, text, { readOnly }) {
    const cell = this.cell(number, column);
    if (!cell) return;
    this.body.querySelectorAll(".current").forEach((other) => other.classList.remove("current"));
    cell.classList.add("current");
    cell.parentElement.classList.add("current");
    this.editor.value = text;
    this.editor.readOnly = readOnly;
    this.editor.setAttribute("aria-label", gettext("%(column)s, row %(row)s", { column: this.columns[column].title, row: (number + 1).toLocaleString(language) }));
    this.editor.setAttribute("aria-invalid", cell.classList.contains("doubt"));
    if (this.editor.parentElement !== cell) cell.append(this.editor);
    this.#showNote(cell.title, cell.classList.contains("readable"));
  }

  // Bring a cell into sight, below the head and beside the row numbers, which stay in their places.
  reveal(cell) {
    const scroll = this.root.querySelector(".review-table-scroll");
    const corner = scroll.querySelector("thead th");
    scroll.style.scrollPadding = `${corner.offsetHeight}px 0 0 ${corner.offsetWidth}px`;
    cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  // Show a cell's text as it is being typed. The text under the box gives the cell its height.
  typed(number, column, text) {
    const cell = this.cell(number, column);
    if (cell) paintText(cell, text);
  }

  // Show a row's texts, doubts and conflict again.
  repaint(row, number) {
    const line = this.line(number);
    if (!line) return;
    for (const [index, { name }] of this.columns.entries()) paintCell(line.children[index + 1], row, name);
    paintLine(line, row);
    const after = line.nextElementSibling?.classList.contains("review-clash") ? line.nextElementSibling : null;
    // A button that is replaced while it is pressed would not be clicked.
    if (after?.clash === row.clash) return;
    after?.remove();
    if (row.clash) line.after(this.#clash(row));
  }

  // Light the cells that stand on a word.
  light(cells) {
    this.body.querySelectorAll(".lit").forEach((cell) => cell.classList.remove("lit"));
    for (const { row, column } of cells) this.cell(row, column)?.classList.add("lit");
  }

  #showNote(sentence, readable) {
    if (this.note.textContent !== sentence) this.note.textContent = sentence;
    this.note.nextElementSibling.hidden = !readable;
  }

  showEmpty(sentence) {
    const line = this.root.querySelector(".review-table-empty");
    line.hidden = !sentence;
    line.textContent = sentence;
  }

  showDoubts(count) {
    const button = this.root.querySelector("[data-do=next_doubt]");
    button.hidden = !count;
    button.textContent = gettext("Doubtful: %(count)s", { count: count.toLocaleString(language) });
  }

  #lines(row, number) {
    const line = document.createElement("tr");
    line.dataset.row = number;
    const head = document.createElement("th");
    head.scope = "row";
    head.textContent = (number + 1).toLocaleString(language);
    line.append(head, ...this.columns.map(({ name, numeric }, index) => {
      const cell = document.createElement("td");
      cell.dataset.column = index;
      const text = document.createElement("div");
      cell.append(text);
      cell.classList.toggle("num", numeric);
      paintCell(cell, row, name);
      return cell;
    }));
    paintLine(line, row);
    return row.clash ? [line, this.#clash(row)] : [line];
  }

  #clash({ clash }) {
    const line = document.createElement("tr");
    line.className = "review-clash";
    line.clash = clash;
    const cell = document.createElement("td");
    cell.colSpan = this.columns.length + 1;
    const author = document.createElement("span");
    author.className = "small muted";
    author.textContent = clash.author;
    const text = document.createElement("p");
    text.textContent = clash.theirs ? this.columns.map(({ name }) => clash.theirs[name] ?? "–").join(" · ") : gettext("removed");
    cell.append(author, text, button(gettext("Take theirs"), "take_their_row", "Alt+T"), button(gettext("Keep mine"), "keep_my_row", "Alt+K"));
    line.append(cell);
    return line;
  }

  #pager(count) {
    const pager = this.root.querySelector(".review-table-pager");
    pager.hidden = count <= PAGE;
    if (pager.hidden) return;
    const [first, last, total] = [this.first + 1, Math.min(this.first + PAGE, count), count].map((number) => number.toLocaleString(language));
    pager.querySelector("span").textContent = gettext("Rows %(first)s to %(last)s of %(total)s", { first, last, total });
    pager.querySelector("[data-do=previous_rows]").disabled = this.first === 0;
    pager.querySelector("[data-do=next_rows]").disabled = this.first + PAGE >= count;
  }
}

function paintCell(cell, row, name) {
  const text = row.cells[name];
  paintText(cell, text ?? "");
  cell.classList.toggle("unknown", text === undefined);
  const doubt = row.doubts[name];
  cell.classList.toggle("doubt", Boolean(doubt) && !row.seen);
  cell.classList.toggle("unreadable", doubt?.code === "unreadable");
  cell.classList.toggle("readable", Boolean(doubt?.read));
  cell.title = doubt ? (doubt.read ? `${REASONS[doubt.code]} “${doubt.read}”` : REASONS[doubt.code]) : "";
}

function paintText(cell, text) {
  const holder = cell.firstChild;
  if (holder.textContent !== text) holder.textContent = text;
}

function paintLine(line, row) {
  line.classList.toggle("seen", row.seen);
  line.classList.toggle("in-doubt", isDoubtful(row));
}

function button(label, action, key) {
  const made = document.createElement("button");
  Object.assign(made, { type: "button", className: "button small", textContent: label, title: key });
  made.dataset.do = action;
  return made;
}
