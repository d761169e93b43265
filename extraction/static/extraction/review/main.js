// The review page: puts documents on the screen, turns keys and clicks into actions, keeps the next document ready.

import { csrfHeaders } from "../csrf.js";
import { EntryStore } from "./entry_store.js";
import { Fields } from "./fields.js";
import { list, listen } from "./keys.js";
import { Outbox } from "./outbox.js";
import { textOf } from "./picture.js";
import { build, fetchSheet, showTally, tally } from "./sheets.js";
import { Undo } from "./undo.js";

// What was preloaded is fetched anew after this time: others work on the same queue.
const STALE = 60_000;

const root = document.getElementById("review");
const spoken = document.getElementById("review-spoken");
const home = `kdweb/review/${root.dataset.user}/${root.dataset.project}/`;
const outbox = new Outbox({
  store: new EntryStore(home, () => localStorage),
  fetch: (url, options) => fetch(url, options),
  headers: csrfHeaders(),
});

let sheet = null;
let fields = null;
// The document to come: {without, promise, sheet}; sheet is set once it is there.
let coming = null;
let moving = false;
// The last document of the queue, once it is decided; null again if something was refused.
let ending = null;
const undoable = new Undo(`${home}undo`);

// Putting documents on the screen

function show(next, { push = false } = {}) {
  sheet?.picture.hidden();
  sheet = next;
  sheet.reload = () => open(sheet.url);
  fields = new Fields(sheet, sheet.picture, outbox);
  // Before it is in the page: what is said there changes aloud.
  paint();
  root.replaceChildren(sheet.article);
  sheet.picture.shown();
  fields.shown();
  fields.activate((!fields.locked && fields.waiting()) || fields.rows[0], { smooth: false });
  document.title = document.title.replace(/^.*?(?= · Review)/u, () => sheet.name);
  if (push) history.pushState({}, "", sheet.url);
  spoken.textContent = sheet.name;
  prepare();
}

async function open(url, options) {
  try {
    const found = await fetchSheet(url, choose);
    if (found) show(found, options);
    return found !== null;
  } catch {
    notice("This could not be loaded. Your changes are kept in this browser.", "bad");
    return true;
  }
}

function prepare() {
  const without = [...new Set([sheet.document, ...outbox.pending.filter((entry) => !entry.field).map((entry) => entry.document)])];
  const next = { promise: null, sheet: null, at: performance.now() };
  next.promise = fetchSheet(`${root.dataset.upcoming}?without=${without.join()}`, choose).then((found) => {
    next.sheet = found;
    return found;
  });
  // Without a connection it is tried again when it is needed.
  next.promise.catch(() => { if (coming === next) coming = null; });
  coming = next;
}

// Go on to the next document; `counted`: the one on the screen counts as reviewed now.
async function goOn(counted) {
  if (moving) return;
  moving = true;
  performance.mark("left");
  const before = tally(sheet);
  if (!coming) prepare();
  try {
    const next = coming.sheet ?? (await coming.promise);
    if (!next) return await finish();
    show(next, { push: true });
    if (counted) showTally(sheet, { done: Math.max(before.done + 1, tally(sheet).done), total: Math.max(before.total, tally(sheet).total) });
    measure(sheet);
  } catch {
    notice("The next document could not be loaded. Your changes are kept in this browser; try again once you are connected.", "bad");
  } finally {
    moving = false;
  }
}

// Time from the decision to the next document painted, its picture included: performance.getEntriesByName("on screen").
async function measure(shown) {
  await shown.ready;
  requestAnimationFrame(() => setTimeout(() => performance.measure("on screen", "left"), 0));
}

// The queue is at its end: once everything is saved the server says what comes next.
async function finish() {
  ending = sheet;
  const leave = () => { if (ending === sheet) location.assign(root.dataset.start); };
  if (await outbox.idle()) return leave();
  notice("This was the last document. Your changes are kept in this browser; the page goes on once they are saved.", "warn");
  // Not awaited: with a slow server or without a connection the person may look at other documents meanwhile.
  outbox.emptied().then(leave);
}

// Deciding

function accept() {
  if (sheet.decided || moving) return;
  const obstacle = fields.obstacle();
  if (obstacle) {
    notice(obstacle.sentence, "warn");
    return fields.activate(obstacle.field);
  }
  decide("accept", { shown: fields.labels() });
}

function reject() {
  if (sheet.decided || moving) return;
  const dialog = document.getElementById("review-reject");
  dialog.returnValue = "";
  dialog.showModal();
  dialog.onclose = () => {
    const reason = document.getElementById("review-reason");
    if (dialog.returnValue === "reject") decide("reject", { reason: reason.value });
    reason.value = "";
  };
}

function decide(action, body) {
  outbox.flush();
  outbox.put({ document: sheet.document, name: sheet.name, url: sheet.url, action, body });
  goOn(action !== "skip");
}

async function reopen() {
  if (!sheet.decided || sheet.truth) return;
  outbox.put({ document: sheet.document, name: sheet.name, url: sheet.url, action: "reopen", body: {} });
  if (await outbox.idle()) await open(sheet.url);
}

async function undo() {
  if (!undoable.latest && !outbox.pending.length) return notice("There is nothing to undo in this window.", "");
  // A change that has not left yet is undone once the server has it: there is one way back for all.
  if (!(await outbox.idle())) return notice("Undo needs a connection: the change is not saved yet.", "warn");
  const step = undoable.pop();
  if (!step) return;
  const known = (field, label) => (step.document === sheet.document ? Math.max(label, fields.field(field)?.data.known ?? 0) : label);
  const changes = step.changes.map(({ field, label }) => ({ field, label, known: known(field, label) }));
  const error = await post(`${step.url}undo/`, { what: step.what, changes });
  if (error !== null) {
    if (error === "") undoable.push(step);
    return notice(error || "Undo needs a connection.", "warn");
  }
  const elsewhere = step.document !== sheet.document;
  await open(step.url, { push: elsewhere });
  if (step.field) fields.activate(fields.field(step.field));
  notice(`Undone${elsewhere ? `: ${step.name}` : ""}.`, "good");
}

// null: done; "" without a connection; else the sentence of the refusal.
async function post(url, body) {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", ...csrfHeaders() },
      body: JSON.stringify(body),
    });
    return response.ok ? null : ((await response.json()).error ?? "This could not be undone.");
  } catch {
    return "";
  }
}

function choose(from, words) {
  if (from !== sheet) return;
  const field = fields.active ?? fields.rows[0];
  const { text, spans } = textOf(sheet.data.pages, words, field.data.typed);
  fields.fill(text, spans);
}

// Saying how things stand

function paint() {
  if (!sheet) return;
  const count = outbox.pending.length;
  const changes = `${count} change${count === 1 ? "" : "s"}`;
  const says = {
    saved: ["All saved", "good"],
    saving: ["Saving…", ""],
    waiting: [`No connection: ${changes} kept in this browser, trying again`, "warn"],
    blocked: [`Not saved: log in again, ${changes} kept`, "bad"],
  }[outbox.state];
  const held = outbox.entries.some((entry) => entry.held);
  const [text, tone] = outbox.state === "saved" && held ? ["Not all saved", "warn"] : says;
  const state = sheet.article.querySelector(".review-saved");
  if (state.textContent !== text) {
    state.textContent = text;
    if (outbox.state === "blocked") {
      const link = Object.assign(document.createElement("a"), { href: location.href, textContent: "Log in" });
      state.append(" ", link);
    }
  }
  state.className = `review-saved ${tone}`;
  fields?.paint();
  paintElsewhere();
}

// Values of other documents that wait for the person's decision.
function paintElsewhere() {
  const list = sheet.article.querySelector(".review-notices");
  list.querySelectorAll(".elsewhere").forEach((item) => item.remove());
  const held = outbox.entries.filter((entry) => entry.held && entry.document !== sheet.document);
  for (const entry of held) {
    const item = line(`${entry.name}: ${entry.problem?.sentence ?? "not saved."}`, "warn elsewhere");
    const link = Object.assign(document.createElement("a"), { href: entry.url, textContent: "Open" });
    item.append(link);
    list.append(item);
  }
}

function notice(sentence, tone) {
  const list = sheet.article.querySelector(".review-notices");
  list.querySelectorAll(".passing").forEach((item) => item.remove());
  list.prepend(line(sentence, `${tone} passing`));
}

function line(sentence, classes) {
  const item = document.createElement("li");
  item.className = `flash ${classes}`;
  const text = document.createElement("span");
  text.textContent = sentence;
  item.append(text);
  return item;
}

outbox.addEventListener("done", ({ detail: { entry, answer } }) => {
  if (entry.action === "save") {
    const shown = entry.document === sheet.document ? fields.field(entry.field) : null;
    const known = shown?.data.known ?? 0;
    if (shown) fields.saved(entry, answer);
    undoable.saved(entry, answer.label, known);
  } else if (["accept", "reject", "skip"].includes(entry.action)) {
    undoable.decided(entry, answer.written ?? []);
  }
});

outbox.addEventListener("refused", async ({ detail: { entry, status, answer } }) => {
  ending = null;
  const sentence = status === 404 ? "This document is no longer there." : (answer.error ?? "This could not be saved.");
  const elsewhere = entry.document !== sheet.document;
  if (entry.field && !elsewhere) return fields.paint();
  if (status !== 404 && !entry.field) await open(entry.url, { push: elsewhere });
  notice(`${entry.name}: ${sentence}`, "bad");
});

outbox.addEventListener("change", paint);

// Actions: the names are those of keys.js and of data-do attributes.

function step(steps, event) {
  const typing = event.target.tagName === "TEXTAREA";
  if (event.key === "Tab" && !event.target.closest(".review-field")) return false;
  const next = fields.beside(steps);
  if (!next) return event.key !== "Tab";
  fields.activate(next, { typing });
  return true;
}

function acceptField(event) {
  const row = event.target.closest(".review-field");
  const field = row ? fields.field(row.dataset.field) : fields.active;
  if (!field || !fields.accept(field)) return;
  const next = fields.waiting(field);
  if (next) fields.activate(next);
  else sheet.article.querySelector("[data-do=accept]").focus();
}

async function beside(way) {
  outbox.flush();
  if (!(await open(`${sheet.url}${way}/`, { push: true }))) notice(`There is no ${way} document in the queue.`, "");
}

function addWords() {
  const button = sheet.article.querySelector("[data-do=add_words]");
  sheet.picture.adding = !sheet.picture.adding;
  button.setAttribute("aria-pressed", sheet.picture.adding);
}

function settle(event, keepMine) {
  fields.settle(fields.field(event.target.closest(".review-field").dataset.field), keepMine);
}

const actions = {
  next_field: (event) => step(1, event),
  previous_field: (event) => step(-1, event),
  edit: () => fields.activate(fields.active, { typing: true }),
  leave: (event) => (event.target.tagName === "TEXTAREA" ? fields.activate(fields.active) : false),
  accept_field: acceptField,
  absent: (event) => {
    const row = event.target.closest(".review-field");
    fields.absent(row ? fields.field(row.dataset.field) : fields.active);
  },
  accept,
  reject,
  undo,
  reopen,
  skip: () => { if (!sheet.decided && !moving) decide("skip", {}); },
  next_document: () => beside("next"),
  previous_document: () => beside("previous"),
  zoom_in: () => sheet.picture.zoomBy(1),
  zoom_out: () => sheet.picture.zoomBy(-1),
  zoom_fit: () => sheet.picture.zoomBy(0),
  rotate: () => sheet.picture.rotate(),
  scroll_down: () => sheet.picture.scrollBy(0.8),
  scroll_up: () => sheet.picture.scrollBy(-0.8),
  add_words: addWords,
  history: () => {
    const details = fields.active?.row.querySelector("details");
    if (details) details.open = !details.open;
  },
  unlock: () => { if (sheet.truth) fields.unlock(); },
  keys: () => document.getElementById("review-keys").showModal(),
  take_theirs: (event) => settle(event, false),
  keep_mine: (event) => settle(event, true),
};

listen(actions);
list(document.querySelector(".review-key-list"));
root.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  if (!button) return;
  actions[button.dataset.do](event);
  // After a click of the mouse the keys go on with the field; who presses buttons by keyboard stays on them.
  if (event.detail && document.activeElement === button) fields.active.row.focus({ preventScroll: true });
});
window.addEventListener("online", () => outbox.retry());
window.addEventListener("popstate", () => open(location.pathname));
// The page may never come back from here: what is being typed leaves now, and lies in this browser anyway.
window.addEventListener("pagehide", () => outbox.flush());
setInterval(() => {
  if (coming?.sheet && performance.now() - coming.at > STALE && !document.hidden && !moving) prepare();
}, STALE);

show(build(root.querySelector(".review-sheet"), choose));
outbox.start();
