// The review page: shows documents, maps keys and clicks to actions, moves through the queue.

import { csrfHeaders } from "../csrf.js";
import { EntryStore } from "./entry_store.js";
import { Fields } from "./fields.js";
import { list, listen } from "./keys.js";
import { showNotice, showSaveState } from "./notices.js";
import { Outbox } from "./outbox.js";
import { textOf } from "./picture.js";
import { build, fetchSheet, showTally, tally } from "./sheets.js";
import { Undo } from "./undo.js";
import { Upcoming } from "./upcoming.js";

const root = document.getElementById("review");
const announcement = document.getElementById("review-spoken");
// Prefix of the keys in localStorage and sessionStorage.
const prefix = `kdweb/review/${root.dataset.user}/${root.dataset.project}/`;
const outbox = new Outbox({
  store: new EntryStore(prefix, () => localStorage),
  fetch: (url, options) => fetch(url, options),
  headers: csrfHeaders(),
});
const undoable = new Undo(`${prefix}undo`);
const upcoming = new Upcoming(fetchUpcoming);

let sheet = null;
let fields = null;
// True while the next document is being loaded and shown.
let moving = false;
// The last sheet of the queue after its decision; reset to null if the server refuses a change.
let ending = null;

// Showing documents

function show(next, { push = false } = {}) {
  sheet?.picture.hidden();
  sheet = next;
  sheet.reload = () => open(sheet.url);
  fields = new Fields(sheet, sheet.picture, outbox);
  // Before the article is in the page: later changes to its live regions are read aloud.
  paint();
  root.replaceChildren(sheet.article);
  sheet.picture.shown();
  fields.shown();
  fields.activate((!fields.locked && fields.waiting()) || fields.rows[0], { smooth: false });
  document.title = document.title.replace(/^.*?(?= · Review)/u, () => sheet.name);
  if (push) history.pushState({}, "", sheet.url);
  announcement.textContent = sheet.name;
  upcoming.prepare();
}

// Load and show a document; false if the server has none there.
async function open(url, options) {
  try {
    const loaded = await fetchSheet(url, choose);
    if (loaded) show(loaded, options);
    return loaded !== null;
  } catch {
    notice("This could not be loaded. Your changes are kept in this browser.", "bad");
    return true;
  }
}

function fetchUpcoming() {
  const decided = outbox.pending.filter((entry) => !entry.field).map((entry) => entry.document);
  const without = [...new Set([sheet.document, ...decided])];
  return fetchSheet(`${root.dataset.upcoming}?without=${without.join()}`, choose);
}

// Go on to the next document; `counted`: count the current one as reviewed.
async function goOn(counted) {
  if (moving) return;
  moving = true;
  performance.mark("left");
  const before = tally(sheet);
  try {
    const next = upcoming.sheet ?? (await upcoming.load());
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

// Record the time from the decision until the next document and its picture are painted: the entry "on screen".
async function measure(shown) {
  await shown.ready;
  requestAnimationFrame(() => setTimeout(() => performance.measure("on screen", "left"), 0));
}

// End of the queue: once everything is saved, the start address redirects to the next step.
async function finish() {
  ending = sheet;
  const leave = () => { if (ending === sheet) location.assign(root.dataset.start); };
  if (await outbox.idle()) return leave();
  notice("This was the last document. Your changes are kept in this browser; the page goes on once they are saved.", "warn");
  // Not awaited: other documents can be opened meanwhile.
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
  // The server undoes all changes, so pending ones are saved first.
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

// Returns null on success, "" without a connection, else the server's reason.
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

// Fill the active field with words chosen in the picture of a sheet.
function choose(from, words) {
  if (from !== sheet) return;
  const field = fields.active ?? fields.rows[0];
  const { text, spans } = textOf(sheet.data.pages, words, field.data.typed);
  fields.fill(text, spans);
}

// Save state and notices

function paint() {
  if (!sheet) return;
  showSaveState(sheet, outbox);
  fields?.paint();
}

function notice(sentence, tone) {
  showNotice(sheet, sentence, tone);
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

// Actions, named as in keys.js and in data-do attributes

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

async function beside(direction) {
  outbox.flush();
  if (!(await open(`${sheet.url}${direction}/`, { push: true }))) notice(`There is no ${direction} document in the queue.`, "");
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
  first_reading: () => fields.read(fields.active, 0),
  second_reading: () => fields.read(fields.active, 1),
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
  // After a mouse click the focus returns to the field; a button pressed by keyboard (detail 0) keeps it.
  if (event.detail && document.activeElement === button) fields.active.row.focus({ preventScroll: true });
});
window.addEventListener("online", () => outbox.retry());
window.addEventListener("popstate", () => open(location.pathname));
// The last chance to send what is being typed; it is in localStorage in any case.
window.addEventListener("pagehide", () => outbox.flush());
upcoming.keepFresh(() => !moving);

show(build(root.querySelector(".review-sheet"), choose));
outbox.start();
