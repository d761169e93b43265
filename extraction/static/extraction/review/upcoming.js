// The next document of the queue, fetched before it is needed.

// A preloaded sheet older than this is fetched again: other reviewers work on the same queue.
const MAX_AGE_MS = 60_000;

export class Upcoming {
  #next = null;
  #fetchNext;

  // fetchNext(): promise of the next sheet, null at the end of the queue.
  constructor(fetchNext) {
    this.#fetchNext = fetchNext;
  }

  // The preloaded sheet; null or undefined while there is none.
  get sheet() {
    return this.#next?.sheet;
  }

  // The promise of the next sheet.
  load() {
    if (!this.#next) this.prepare();
    return this.#next.promise;
  }

  prepare() {
    const next = { promise: null, sheet: null, requested: performance.now() };
    next.promise = this.#fetchNext().then((sheet) => {
      next.sheet = sheet;
      return sheet;
    });
    // A failed request is repeated by the next load().
    next.promise.catch(() => { if (this.#next === next) this.#next = null; });
    this.#next = next;
  }

  // Replace an old sheet while the window is visible and mayRefresh() returns true.
  keepFresh(mayRefresh) {
    setInterval(() => {
      if (this.sheet && performance.now() - this.#next.requested > MAX_AGE_MS && !document.hidden && mayRefresh()) this.prepare();
    }, MAX_AGE_MS);
  }
}
