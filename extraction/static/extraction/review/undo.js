// The undo steps of this window, newest last; kept in sessionStorage, so that they survive a reload.
//
// A step: {what, document, name, url, field, visit, row, changes}; changes: rows {field, label, last}, the ids of the first
// and the last label to take back; row: the row of a table that was changed.

const MAX_STEPS = 50;

export class Undo {
  #steps;

  constructor(key) {
    this.key = key;
    this.#steps = read(key);
  }

  get latest() {
    return this.#steps.at(-1);
  }

  pop() {
    const step = this.#steps.pop();
    this.#store();
    return step;
  }

  push(step) {
    this.#steps = [...this.#steps, step].slice(-MAX_STEPS);
    this.#store();
  }

  // Add a saved field. label: id of the written label; known: the newest id that the page knew before.
  saved(entry, label, known) {
    const { document, name, url, field, visit } = entry;
    const last = this.latest;
    // Texts typed during one visit are one step; a repeated request wrote no new label.
    const sameVisit = last?.field === field && last.document === document && last.visit === visit;
    if (label > known && !sameVisit) this.push({ what: "field", document, name, url, field, visit, row: entry.row, changes: [{ field, label, last: label }] });
    else if (label > known) this.#goesOn(last, label);
  }

  #goesOn(step, label) {
    step.changes[0].last = label;
    this.#store();
  }

  // Add an accepted, rejected or skipped document. written: the labels that the decision wrote.
  decided({ action, document, name, url }, written) {
    this.push({ what: action, document, name, url, changes: written });
  }

  #store() {
    try {
      sessionStorage.setItem(this.key, JSON.stringify(this.#steps));
    } catch {
      // Without sessionStorage the steps are lost with the page.
    }
  }
}

function read(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key)) ?? [];
  } catch {
    return [];
  }
}
