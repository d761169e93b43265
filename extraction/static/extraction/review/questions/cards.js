// The cards of the questions in the page: which are on the screen, which is the current one, and which are answered.

export class Cards {
  #list;
  #spoken;
  #cards = [];
  // Index of the current card, and of the first on the screen; as many as `#size` are on it.
  #current = 0;
  #first = 0;
  #size = 1;
  // Pictures that are loaded before their cards are shown.
  #pictures = new Map();

  // list: the element of the cards; spoken: the live region that reads the current one.
  constructor(list, spoken) {
    this.#list = list;
    this.#spoken = spoken;
    this.add(list.querySelectorAll(".question"));
    new ResizeObserver(() => this.#layout()).observe(list);
    list.addEventListener("click", (event) => {
      const at = this.#cards.indexOf(event.target.closest(".question"));
      if (at >= 0) this.go(at);
    });
  }

  // Keys of all questions in the page.
  get keys() {
    return this.#cards.map((card) => card.dataset.question);
  }

  // The current card, unless it is answered.
  get current() {
    const card = this.#cards[this.#current];
    return card?.classList.contains("current") && !card.classList.contains("done") ? card : null;
  }

  // How many screens of questions are left.
  get screensLeft() {
    return this.#cards.filter((card) => !card.classList.contains("done")).length / this.#size;
  }

  add(cards) {
    for (const card of cards) {
      if (this.#cards.some((other) => other.dataset.question === card.dataset.question)) continue;
      this.#cards.push(card);
      this.#list.append(card);
      const href = card.querySelector("image").getAttribute("href");
      if (!this.#pictures.has(href)) {
        const picture = new Image();
        picture.src = href;
        picture.decode().catch(() => {});
        this.#pictures.set(href, picture);
      }
    }
    this.#layout();
    if (!this.current) this.next();
  }

  // Mark a card as answered, in words, or with null as open again.
  mark(card, answer) {
    card.classList.toggle("done", answer !== null);
    card.querySelector(".question-value").dataset.answer = answer ?? "";
  }

  // Go to the first open question after the current one, else to the first of all; false where none is open.
  next() {
    const open = (card) => !card.classList.contains("done");
    const after = this.#cards.findIndex((card, at) => at >= this.#current && open(card));
    const at = after >= 0 ? after : this.#cards.findIndex(open);
    if (at >= 0) this.go(at);
    return at >= 0;
  }

  go(at) {
    this.#cards[this.#current]?.classList.remove("current");
    this.#current = at;
    const card = this.#cards[at];
    card.classList.add("current");
    this.#show();
    this.#spoken.textContent = card.querySelector(".question-text").textContent.trim().replace(/\s+/gu, " ");
  }

  goTo(card) {
    this.go(this.#cards.indexOf(card));
  }

  // Go on or back without an answer.
  step(steps) {
    const at = this.#current + steps;
    if (at >= 0 && at < this.#cards.length) this.go(at);
  }

  // Show the screen that holds the current card; nothing changes while it is on the screen already.
  #show() {
    const first = this.#current - (this.#current % this.#size);
    if (first === this.#first && !this.#cards[this.#current].hidden) return;
    this.#first = first;
    for (const [at, card] of this.#cards.entries()) {
      const shown = at >= first && at < first + this.#size;
      if (card.hidden === shown) card.hidden = !shown;
    }
    this.#list.scrollTop = 0;
  }

  // Count how many cards fit.
  #layout() {
    if (!this.#cards.length) return;
    const shown = this.#cards[this.#current];
    shown.hidden = false;
    const style = getComputedStyle(this.#list);
    const columns = style.gridTemplateColumns.split(" ").length;
    const inner = this.#list.clientHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom);
    const gap = parseFloat(style.rowGap);
    const rows = Math.max(Math.floor((inner + gap) / (shown.offsetHeight + gap)), 1);
    this.#size = columns * rows;
    this.#first = -1;
    this.#show();
  }
}
