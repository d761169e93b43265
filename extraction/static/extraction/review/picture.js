// The pages of a document as SVG: the image, a box for each word that can be clicked or dragged over, and marks on the
// words of values. SVG coordinates are pixels of the stored page; boxes from the server are fractions of the page.

import { gettext } from "../sentences.js";
import { Gestures } from "./gestures.js";

const SVG = "http://www.w3.org/2000/svg";
const ZOOM_STEP = 1.25;
const MIN_ZOOM = 0.2;
const MAX_ZOOM = 6;
// Pointer movement in CSS pixels below which a press is a click.
const CLICK_TOLERANCE = 4;
// Height of a page relative to the pane before anybody zooms: long receipts must be readable at once.
const MAX_FIRST_HEIGHT = 1.7;
// Minimum height of words in CSS pixels, and the maximum width of the page, relative to the pane, to reach it.
const MIN_WORD_HEIGHT = 10;
const MAX_FIT_WIDTH = 2.5;

// Kept for the following documents. `whole`: the page fits the pane; else its words are readable.
let zoom = 1;
let whole = false;
// Whether the hand is switched on.
let hand = false;

export class Picture {
  #turn = 0;
  #anchor = null;
  #chosen = new Map();
  adding = false;

  // onChoose(words, band): rows {page, index} in reading order, and the frame that was dragged around them, or null.
  constructor(article, pages, onChoose) {
    this.pages = pages;
    this.onChoose = onChoose;
    this.pane = article.querySelector(".review-pages");
    this.views = pages.map((page, number) => this.#draw(page, number));
    this.pane.append(...this.views.map((view) => view.svg));
    this.gestures = new Gestures(this.pane, (factor, x, y) => this.#zoomAt(factor, x, y));
    this.number = article.querySelector(".review-number");
    this.pane.addEventListener("pointerdown", (event) => this.#press(event));
    this.pane.addEventListener("scroll", () => this.#showNumber(), { passive: true });
    this.pane.addEventListener("click", (event) => this.#tap(event));
  }

  // Called once the pane is in the page and has a size.
  shown() {
    this.layout();
    this.useHand(hand);
    this.#showNumber();
    this.observer = new ResizeObserver(() => this.layout());
    this.observer.observe(this.pane);
  }

  hidden() {
    this.observer?.disconnect();
  }

  layout() {
    const width = this.pane.clientWidth - 24;
    const height = this.pane.clientHeight - 24;
    if (width <= 0 || height <= 0) return;
    for (const [number, view] of this.views.entries()) {
      const page = this.pages[number];
      const [across, down] = this.#turn % 180 ? [page.height, page.width] : [page.width, page.height];
      const scale = zoom * (whole ? Math.min(width / across, height / down) : readable(page, width / across, height / down));
      view.svg.setAttribute("viewBox", `0 0 ${across} ${down}`);
      view.svg.setAttribute("width", Math.round(across * scale));
      view.svg.setAttribute("height", Math.round(down * scale));
      view.turned.setAttribute("transform", turning(this.#turn, page));
    }
  }

  // Zoom by a number of steps around the middle of the pane.
  zoomBy(steps) {
    const pane = this.pane.getBoundingClientRect();
    this.#zoomAt(ZOOM_STEP ** steps, pane.left + pane.width / 2, pane.top + pane.height / 2);
  }

  // Show the whole page in the pane.
  fit() {
    const page = this.page;
    [whole, zoom] = [true, 1];
    this.layout();
    this.#showPage(page, "instant");
  }

  // Number of the page in the middle of the pane.
  get page() {
    return this.#pageAt(this.pane.getBoundingClientRect().top + this.pane.clientHeight / 2);
  }

  // Go on by a number of pages.
  turnTo(steps) {
    this.#showPage(Math.min(Math.max(this.page + steps, 0), this.views.length - 1), motion());
  }

  useHand(on) {
    hand = on;
    this.gestures.set({ hand: on });
  }

  #showPage(number, behavior) {
    const top = this.views[number].svg.getBoundingClientRect().top - this.pane.getBoundingClientRect().top;
    this.pane.scrollTo({ top: this.pane.scrollTop + top - 12, behavior });
  }

  #showNumber() {
    const text = gettext("Page %(number)s of %(total)s", { number: this.page + 1, total: this.pages.length });
    if (this.number.textContent !== text) this.number.textContent = text;
  }

  // Zoom around a point of the window: what is under it stays there.
  #zoomAt(factor, x, y) {
    const view = this.views[this.#pageAt(y)];
    const before = view.svg.getBoundingClientRect();
    const across = (x - before.left) / before.width;
    const down = (y - before.top) / before.height;
    zoom = Math.min(Math.max(zoom * factor, MIN_ZOOM), MAX_ZOOM);
    this.layout();
    const after = view.svg.getBoundingClientRect();
    this.pane.scrollBy(after.left + across * after.width - x, after.top + down * after.height - y);
    this.#showNumber();
  }

  // Number of the page at a height of the window.
  #pageAt(y) {
    const number = this.views.findIndex((view) => view.svg.getBoundingClientRect().bottom >= y);
    return number < 0 ? this.views.length - 1 : number;
  }

  rotate() {
    this.#turn = (this.#turn + 90) % 360;
    this.layout();
  }

  // Scroll by a fraction of the pane's height.
  scrollBy(fraction) {
    this.pane.scrollBy({ top: fraction * this.pane.clientHeight, behavior: motion() });
  }

  // Mark boxes: kind "active" (the active field), "other" (other fields) or "typed" (what is being typed).
  mark(kind, boxes) {
    for (const [number, view] of this.views.entries()) {
      const page = this.pages[number];
      const marks = boxes.filter((box) => box.page === number).map((box) => {
        const pad = 0.05 * (box.y1 - box.y0) * page.height;
        return shape("rect", {
          class: `mark ${kind}`, rx: pad,
          x: box.x0 * page.width - pad, y: box.y0 * page.height - pad,
          width: (box.x1 - box.x0) * page.width + 2 * pad, height: (box.y1 - box.y0) * page.height + 2 * pad,
        });
      });
      view.marks[kind].replaceChildren(...marks);
    }
  }

  // Scroll to the marked boxes unless they are visible.
  reveal(kind, smooth = true) {
    const marks = this.views.flatMap((view) => [...view.marks[kind].children]);
    if (!marks.length) return;
    const pane = this.pane.getBoundingClientRect();
    const first = marks[0].getBoundingClientRect();
    const last = marks.at(-1).getBoundingClientRect();
    const hidden = first.top < pane.top + 8 || last.bottom > pane.bottom - 8 || first.left < pane.left || first.right > pane.right;
    if (!hidden) return;
    const top = this.pane.scrollTop + first.top - pane.top - pane.height / 3;
    const left = this.pane.scrollLeft + (first.left + first.right) / 2 - pane.left - pane.width / 2;
    this.pane.scrollTo({ top, left, behavior: smooth ? motion() : "instant" });
  }

  // Clear the chosen words.
  forgetChoice() {
    this.#chosen.clear();
    this.#anchor = null;
    this.#paintChoice();
  }

  #draw(page, number) {
    const label = gettext("Page %(number)s of %(total)s", { number: number + 1, total: this.pages.length });
    const svg = shape("svg", { class: "review-page", role: "img", "aria-label": label, "data-page": number });
    const turned = shape("g", {});
    const picture = shape("image", { href: page.image, width: page.width, height: page.height });
    const words = shape("g", {});
    for (const [index, [, x0, y0, x1, y1]] of page.words.entries()) {
      words.append(shape("rect", {
        class: "word", "data-index": index,
        x: x0 * page.width, y: y0 * page.height, width: (x1 - x0) * page.width, height: (y1 - y0) * page.height,
      }));
    }
    const marks = { other: shape("g", {}), active: shape("g", {}), typed: shape("g", {}) };
    const frame = shape("rect", { class: "selection-frame", visibility: "hidden" });
    turned.append(picture, marks.other, marks.active, marks.typed, words, frame);
    svg.append(turned);
    return { svg, turned, words, marks, frame };
  }

  // Mouse and pen: a drag chooses the words inside the frame. Touch scrolls the picture and chooses by tap (see #tap).
  #press(event) {
    if (event.pointerType === "touch" || event.button !== 0 || this.gestures.drags(event)) return;
    const number = pageOf(event.target);
    if (number === null) return;
    event.preventDefault();
    const view = this.views[number];
    const from = point(view, event);
    const start = [event.clientX, event.clientY];
    let box = null;
    const move = (later) => {
      if (!box && Math.hypot(later.clientX - start[0], later.clientY - start[1]) < CLICK_TOLERANCE) return;
      box = between(from, point(view, later));
      for (const name of ["x", "y", "width", "height"]) view.frame.setAttribute(name, box[name]);
      view.frame.setAttribute("visibility", "visible");
      this.#preview(number, this.#inside(number, box));
    };
    const end = (last) => {
      view.svg.removeEventListener("pointermove", move);
      view.frame.setAttribute("visibility", "hidden");
      if (last.type === "pointerup" && box) this.#drag(number, box, last);
      else if (last.type === "pointerup") this.#click(number, event.target, last);
      else this.#paintChoice();
    };
    view.svg.setPointerCapture(event.pointerId);
    view.svg.addEventListener("pointermove", move);
    view.svg.addEventListener("pointerup", end, { once: true });
    view.svg.addEventListener("pointercancel", end, { once: true });
  }

  // The words inside a frame. A plain drag tells the frame too, in shares of the page: in a table it makes a row.
  #drag(number, box, event) {
    const { width, height } = this.pages[number];
    const plain = !event.shiftKey && !event.ctrlKey && !event.metaKey && !this.adding;
    const band = { page: number, x0: box.x / width, y0: box.y / height, x1: (box.x + box.width) / width, y1: (box.y + box.height) / height };
    this.#choose(number, this.#inside(number, box), event, plain ? band : null);
  }

  #tap(event) {
    const number = pageOf(event.target);
    if (event.pointerType === "touch" && number !== null) this.#click(number, event.target, event);
  }

  #click(number, target, event) {
    if (target.dataset.index !== undefined) this.#choose(number, [Number(target.dataset.index)], event);
  }

  // Indices of the page's words whose horizontal middle line crosses the box.
  #inside(number, box) {
    const page = this.pages[number];
    return page.words.flatMap(([, x0, y0, x1, y1], index) => {
      const middle = ((y0 + y1) / 2) * page.height;
      const within = middle >= box.y && middle <= box.y + box.height && x1 * page.width > box.x && x0 * page.width < box.x + box.width;
      return within ? [index] : [];
    });
  }

  // Shift extends the choice from the last click, Ctrl or `adding` adds and removes words, a plain click starts anew.
  #choose(number, indices, event, band = null) {
    if (!indices.length) return this.#paintChoice();
    const key = `${number}/${indices[0]}`;
    if (event.shiftKey && this.#anchor?.page === number) {
      const [first, last] = [Math.min(this.#anchor.index, ...indices), Math.max(this.#anchor.index, ...indices)];
      this.#chosen.clear();
      for (let index = first; index <= last; index += 1) this.#chosen.set(`${number}/${index}`, { page: number, index });
    } else if (event.ctrlKey || event.metaKey || this.adding) {
      if (indices.length === 1 && this.#chosen.delete(key)) indices = [];
      for (const index of indices) this.#chosen.set(`${number}/${index}`, { page: number, index });
    } else {
      this.#chosen = new Map(indices.map((index) => [`${number}/${index}`, { page: number, index }]));
      this.#anchor = { page: number, index: indices[0] };
    }
    this.#anchor ??= { page: number, index: indices[0] };
    this.#paintChoice();
    if (this.#chosen.size) this.onChoose([...this.#chosen.values()].sort((a, b) => a.page - b.page || a.index - b.index), band);
  }

  #preview(number, indices) {
    const chosen = new Set(indices);
    for (const word of this.views[number].words.children) word.classList.toggle("chosen", chosen.has(Number(word.dataset.index)));
  }

  #paintChoice() {
    for (const [number, view] of this.views.entries()) {
      for (const word of view.words.children) word.classList.toggle("chosen", this.#chosen.has(`${number}/${word.dataset.index}`));
    }
  }
}

// The text of words in reading order and its spans [page, first word, last word, first character, end], one for each run
// of adjacent words. A typed field (date, money, number) drops a label joined to the first word: "Date:25/12/2018" gives
// "25/12/2018".
export function textOf(pages, words, typed) {
  const spans = [];
  for (const { page, index } of words) {
    const last = spans.at(-1);
    if (last && last[0] === page && last[2] === index - 1) last[2] = index;
    else spans.push([page, index, index, 0, null]);
  }
  const texts = words.map(({ page, index }) => pages[page].words[index][0]);
  const label = typed ? /^\D*[:=](?=.)/u.exec(texts[0]) : null;
  if (label) {
    texts[0] = texts[0].slice(label[0].length);
    // Spans count code points, not UTF-16 units.
    spans[0][3] = [...label[0]].length;
  }
  return { text: texts.join(" "), spans };
}

// The scale at which words are readable; across, down: the scales that fit the page's width and height.
function readable(page, across, down) {
  const fit = Math.min(across, MAX_FIRST_HEIGHT * down);
  return Math.min(Math.max(fit, MIN_WORD_HEIGHT / wordHeight(page)), MAX_FIT_WIDTH * across);
}

// The median height of the page's words in pixels of the page.
function wordHeight(page) {
  const heights = page.words.map(([, , y0, , y1]) => (y1 - y0) * page.height).sort((a, b) => a - b);
  return heights[heights.length >> 1] || MIN_WORD_HEIGHT;
}

// The SVG transform that turns a page by 0, 90, 180 or 270 degrees into the positive quadrant.
function turning(degrees, page) {
  const shift = { 0: "0 0", 90: `${page.height} 0`, 180: `${page.width} ${page.height}`, 270: `0 ${page.width}` }[degrees];
  return `translate(${shift}) rotate(${degrees})`;
}

function shape(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

// The page number of an event target; null outside the pages.
function pageOf(target) {
  const svg = target.closest("svg.review-page");
  return svg ? Number(svg.dataset.page) : null;
}

// The position of a pointer event in pixels of the page.
function point(view, event) {
  return new DOMPoint(event.clientX, event.clientY).matrixTransform(view.turned.getScreenCTM().inverse());
}

function between(a, b) {
  return { x: Math.min(a.x, b.x), y: Math.min(a.y, b.y), width: Math.abs(a.x - b.x), height: Math.abs(a.y - b.y) };
}

function motion() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth";
}
