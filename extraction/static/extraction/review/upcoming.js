// The next documents of the queue, fetched with their pictures before they are needed: so that going on takes no time,
// and the work goes on for a while without a connection. The server keeps each of them for this reviewer, unless another
// one has nothing else to review.

const DEPTH = 5;

export class Upcoming {
  #sheets = [];
  #fetchNext;
  #isOpen;
  #changed;
  #fetching = null;

  // fetchNext(now): promise of the sheet that follows those in `documents`, null at the end of the queue; `now`: there is
  // nothing else to show. isOpen(document): whether the page shows it now. changed(): called as `documents` changes.
  constructor(fetchNext, isOpen, changed = () => {}) {
    this.#fetchNext = fetchNext;
    this.#isOpen = isOpen;
    this.#changed = changed;
  }

  // The primary keys of the documents that are loaded, the next one first.
  get documents() {
    return this.#sheets.map((sheet) => sheet.document);
  }

  get last() {
    return this.#sheets.at(-1);
  }

  // The next sheet, if it is there already; it leaves the store.
  take() {
    const [next, ...rest] = this.#sheets;
    this.#keep(rest);
    return next;
  }

  // Settles once there is a next sheet to take, or with none at the end of the queue. Rejects without a connection.
  async load() {
    // A fetch in progress may bring it; if it fails, it is tried once more.
    if (!this.#sheets.length) await this.#fetching?.catch(() => {});
    if (!this.#sheets.length) await this.#fetch(true);
  }

  // Fetch ahead until the store is full or the queue ends; what fails is fetched when the next document is shown.
  async fill() {
    if (this.#fetching) return;
    try {
      while (this.#sheets.length < DEPTH && (await this.#fetch()));
    } catch {
      // No connection.
    }
  }

  // Forget a document that is shown already or that somebody else has taken.
  drop(document) {
    this.#keep(this.#sheets.filter((sheet) => sheet.document !== document));
  }

  #keep(sheets) {
    this.#sheets = sheets;
    this.#changed();
  }

  // True if there was another document.
  async #fetch(now = false) {
    this.#fetching = this.#fetchNext(now);
    try {
      const sheet = await this.#fetching;
      // Another document may have been opened since it was asked for.
      if (sheet && !this.documents.includes(sheet.document) && !this.#isOpen(sheet.document)) this.#keep([...this.#sheets, sheet]);
      return sheet !== null;
    } finally {
      this.#fetching = null;
    }
  }
}
