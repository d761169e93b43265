// What can be taken back from this window, newest last; remembered for as long as the window is open, also over a reload.
//
// A step: {what, document, name, url, field, visit, changes}; changes: rows {field, label}, the labels to take back.

const MOST = 50;

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
    this.#remember();
    return step;
  }

  push(step) {
    this.#steps = [...this.#steps, step].slice(-MOST);
    this.#remember();
  }

  // The server has saved a field as `label`; `known` is the newest label that the page knew before.
  saved(entry, label, known) {
    const { document, name, url, field, visit } = entry;
    const last = this.latest;
    // Texts typed in one go are taken back in one go; a repeated request wrote nothing new.
    const samePiece = last?.field === field && last.document === document && last.visit === visit;
    if (label > known && !samePiece) this.push({ what: "field", document, name, url, field, visit, changes: [{ field, label }] });
  }

  // The server has accepted, rejected or skipped a document; `written` are the labels that this wrote.
  decided({ action, document, name, url }, written) {
    this.push({ what: action, document, name, url, changes: written });
  }

  #remember() {
    try {
      sessionStorage.setItem(this.key, JSON.stringify(this.#steps));
    } catch {
      // Then undo reaches back to the last load of the page.
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
