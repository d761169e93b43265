// The dialog after a no: other values on the keys 1 to 4, words of the picture, a typed value, or not on the document.

import { gettext } from "../../sentences.js";
import { Picture, textOf } from "../picture.js";

export class Correction {
  #dialog;
  #others;
  #loading;
  #input;
  #answer;
  #card = null;
  #alternatives = [];
  #picture = null;
  // The words that were chosen for the text in the box: {text, spans}.
  #chosen = null;

  // answer(card, correction): called with {value, spans, reading}, or with null where only the no is known.
  constructor(dialog, answer) {
    this.#dialog = dialog;
    this.#answer = answer;
    this.#others = dialog.querySelector(".question-others");
    this.#loading = dialog.querySelector(".question-loading");
    this.#input = dialog.querySelector("input");
    dialog.addEventListener("keydown", (event) => this.#key(event));
    dialog.addEventListener("click", (event) => this.#click(event));
    dialog.addEventListener("close", () => this.#forget());
    dialog.querySelector("form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#typed();
    });
  }

  async open(card) {
    this.#card = card;
    this.#dialog.querySelector("h2").textContent = card.dataset.correcting;
    this.#loading.textContent = gettext("Loading…");
    this.#dialog.showModal();
    this.#dialog.querySelector(".review-pages").focus();
    try {
      const response = await fetch(card.dataset.url, { headers: { Accept: "application/json" } });
      const details = response.ok && !response.redirected ? await response.json() : null;
      if (this.#card !== card) return;
      if (details) this.#fill(details);
      this.#loading.textContent = details ? "" : gettext("The picture could not be loaded: type the value.");
    } catch {
      if (this.#card === card) this.#loading.textContent = gettext("The picture could not be loaded: type the value.");
    }
  }

  #fill({ pages, alternatives, boxes }) {
    this.#alternatives = alternatives;
    this.#others.replaceChildren(...alternatives.map((each, at) => this.#option(each, at)));
    this.#picture = new Picture(this.#dialog, pages, (words) => this.#choose(pages, words));
    this.#picture.shown();
    this.#picture.mark("active", boxes);
    this.#picture.reveal("active", false);
  }

  #option({ value, source }, at) {
    const key = Object.assign(document.createElement("kbd"), { textContent: at + 1 });
    const text = Object.assign(document.createElement("span"), { textContent: value ?? gettext("Not on the document") });
    const from = Object.assign(document.createElement("span"), { className: "small muted", textContent: source });
    const button = Object.assign(document.createElement("button"), { type: "button", className: "button" });
    button.dataset.correct = at;
    button.append(key, text, from);
    const item = document.createElement("li");
    item.append(button);
    return item;
  }

  #choose(pages, words) {
    this.#chosen = textOf(pages, words, this.#card.dataset.typed === "yes");
    this.#input.value = this.#chosen.text;
    this.#input.focus();
  }

  #typed() {
    const value = this.#input.value.trim();
    if (!value) return this.#input.focus();
    // Words count only for the text that they say.
    const spans = this.#chosen?.text === value ? this.#chosen.spans : null;
    this.#finish({ value, spans });
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.target === this.#input) return;
    const run = {
      0: () => this.#finish({ value: null, spans: null }),
      u: () => this.#finish(null),
      e: () => this.#input.focus(),
    }[event.key];
    const other = this.#alternatives[Number(event.key) - 1];
    if (!run && !other) return;
    event.preventDefault();
    if (run) run();
    else this.#finish(other);
  }

  #click(event) {
    const button = event.target.closest("[data-correct]");
    if (!button) return;
    const { correct } = button.dataset;
    if (correct === "absent") this.#finish({ value: null, spans: null });
    else if (correct === "wrong") this.#finish(null);
    else if (correct === "cancel") this.#dialog.close();
    else this.#finish(this.#alternatives[correct]);
  }

  #finish(correction) {
    const card = this.#card;
    this.#dialog.close();
    this.#answer(card, correction && { value: correction.value, spans: correction.spans, reading: correction.reading ?? null });
  }

  #forget() {
    this.#card = null;
    this.#chosen = null;
    this.#alternatives = [];
    this.#input.value = "";
    this.#others.replaceChildren();
    this.#picture?.hidden();
    this.#picture = null;
    this.#dialog.querySelector(".review-pages").replaceChildren();
  }
}
