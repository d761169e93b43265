// The page of questions: keys and buttons to answers, which go through the outbox while the next question is shown.

import { csrfHeaders } from "../../csrf.js";
import { gettext } from "../../sentences.js";
import { EntryStore } from "../entry_store.js";
import { showNotice, showSaveState } from "../notices.js";
import { Outbox } from "../outbox.js";
import { Cards } from "./cards.js";
import { Correction } from "./correction.js";

const root = document.getElementById("questions");
const outbox = new Outbox({
  store: new EntryStore(`kdweb/questions/${root.dataset.user}/${root.dataset.project}/`, () => localStorage),
  fetch: (url, options) => fetch(url, options),
  headers: csrfHeaders(),
});
// What notices take for a sheet.
const sheet = { article: root, document: null };
const cards = new Cards(root.querySelector(".questions-list"), document.getElementById("questions-spoken"));
const correction = new Correction(document.getElementById("question-correction"), (card, right) => answer(card, "no", right ?? {}));
const WORDS = { yes: gettext("Yes"), no: gettext("No"), unknown: gettext("Don't know") };
// Answered cards, the newest last.
const answered = [];
let loading = null;
// Whether the server had no more questions when it was asked last.
let exhausted = false;

const KEYS = [
  { keys: ["y", "Enter"], action: "yes", title: gettext("Yes, it is right") },
  { keys: ["n"], action: "no", title: gettext("No, and choose what is right") },
  { keys: ["u"], action: "unknown", title: gettext("Don't know: ask somebody else") },
  { keys: ["o"], action: "open", title: gettext("Open the document") },
  { keys: ["Backspace"], action: "undo", title: gettext("Undo") },
  { keys: ["ArrowRight"], action: "forward", title: gettext("Next question, answering nothing") },
  { keys: ["ArrowLeft"], action: "back", title: gettext("Previous question") },
];
const SHOWN = { Enter: "↵", Backspace: "⌫", ArrowRight: "→", ArrowLeft: "←" };

const actions = {
  yes: () => cards.current && answer(cards.current, "yes"),
  no: () => cards.current && correction.open(cards.current),
  unknown: () => cards.current && answer(cards.current, "unknown"),
  open: () => cards.current && location.assign(cards.current.dataset.open),
  undo,
  forward: () => cards.step(1),
  back: () => cards.step(-1),
};

function answer(card, said, right = {}) {
  cards.mark(card, WORDS[said]);
  answered.push(card);
  goOn();
  outbox.put(entry(card, "answer", { answer: said, ...right }));
}

function undo() {
  const card = answered.pop();
  if (!card) return showNotice(sheet, gettext("There is nothing to undo in this window."), "");
  cards.mark(card, null);
  cards.goTo(card);
  paintEnd(false);
  const last = outbox.entries.findLast((each) => each.document === card.dataset.question);
  if (last && last.action === "answer" && !last.tried) outbox.drop(last);
  else outbox.put(entry(card, "undo", {}));
}

// Ask again what the server could not take.
function reopen(question) {
  const at = answered.findLastIndex((card) => card.dataset.question === question);
  if (at < 0) return;
  cards.mark(...answered.splice(at, 1), null);
  if (!cards.current) goOn();
}

function entry(card, action, body) {
  const { question, name, url } = card.dataset;
  return { document: question, name, url, action, body };
}

function goOn() {
  paintEnd(!cards.next());
  if (cards.screensLeft < 2) load();
}

// The end of the questions, once the server has none either.
function paintEnd(ended) {
  root.querySelector(".questions-end").hidden = !(ended && exhausted);
  root.querySelector(".questions-list").hidden = ended && exhausted;
  root.querySelector(".questions-foot").hidden = ended && exhausted;
}

function load() {
  loading ??= more().finally(() => { loading = null; });
}

async function more() {
  if (exhausted && cards.current) return;
  try {
    const response = await fetch(`${root.dataset.next}?without=${cards.keys.slice(-200).join()}`);
    if (!response.ok || response.redirected) return;
    const parsed = new DOMParser().parseFromString(await response.text(), "text/html");
    const found = parsed.querySelectorAll(".question");
    exhausted = !found.length;
    tell(parsed);
    cards.add([...found].map((card) => document.adoptNode(card)));
    paintEnd(!cards.current);
  } catch {
    // Without a connection what is there is answered; the outbox keeps it.
  }
}

// Show what is known now.
function tell(from) {
  const news = from.querySelector(".questions-news");
  if (news) root.querySelector(".questions-known").replaceChildren(...news.children);
  if (from === root) news?.remove();
}

function say(sentence, tone) {
  showNotice(sheet, sentence, tone);
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector("dialog[open]")) return;
  const row = KEYS.find(({ keys }) => keys.includes(event.key.length === 1 ? event.key.toLowerCase() : event.key));
  if (!row || event.repeat) return;
  if (event.key === "Enter" && event.target.closest("button, a, summary")) return;
  event.preventDefault();
  actions[row.action]();
});

root.addEventListener("click", (event) => actions[event.target.closest("[data-do]")?.dataset.do]?.());

outbox.addEventListener("change", () => showSaveState(sheet, outbox));
outbox.addEventListener("done", ({ detail: { answer: told } }) => { if (told.sentence) say(told.sentence, "good"); });
outbox.addEventListener("refused", ({ detail: { entry: refused, status, gone, sentence } }) => {
  // What is gone stands among the notices until it is discarded.
  if (!gone) say(`${refused.name}: ${sentence}`, "warn");
  if (status === 400 && refused.action === "answer") reopen(refused.document);
});

for (const { keys, title } of KEYS) {
  const term = document.createElement("dt");
  term.append(...keys.map((key) => Object.assign(document.createElement("kbd"), { textContent: SHOWN[key] ?? key })));
  document.querySelector("#questions-keys dl").append(term, Object.assign(document.createElement("dd"), { textContent: title }));
}
tell(root);
exhausted = !cards.current;
paintEnd(!cards.current);
outbox.start();
showSaveState(sheet, outbox);
if (cards.screensLeft < 2) load();
