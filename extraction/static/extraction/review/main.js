// The review page: shows documents, maps keys and clicks to actions, moves through the queue.

import { csrfHeaders } from "../csrf.js";
import { failure } from "../failures.js";
import { gettext } from "../sentences.js";
import { flaggedFirst } from "./choices.js";
import { EntryStore } from "./entry_store.js";
import { Fields } from "./fields.js";
import { list, listen } from "./keys.js";
import { clearSolved, showNotice, showReserved, showSaveState, typed } from "./notices.js";
import { Outbox } from "./outbox.js";
import { textOf } from "./picture.js";
import { Presence } from "./presence.js";
import { build, fetchSheet, showTally, tally } from "./sheets.js";
import { tableActions } from "./table/actions.js";
import { insertBand, insertBelow } from "./table/reading.js";
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
// What is loaded ahead can be seen in the page, by primary keys.
const upcoming = new Upcoming(fetchUpcoming, (document) => document === sheet?.document, () => { root.dataset.ahead = upcoming.documents.join(); });
const presence = new Presence({
  urls: { heartbeat: root.dataset.heartbeat, leave: root.dataset.leave },
  token: csrfHeaders()["X-CSRFToken"],
  held: () => [...new Set([sheet.document, ...upcoming.documents, ...decided()])],
  answered: reserved,
});
// The filter of the queue, as a query: every step through the queue keeps it.
const filter = location.search;
// What follows a document's name in the title of the page, where browsers collapse white space.
const titled = document.title.slice(root.querySelector(".review-sheet").dataset.name.trim().replace(/\s+/gu, " ").length);
const filteredField = new URLSearchParams(filter).get("field");

let sheet = null;
let fields = null;
// True while the next document is being loaded and shown.
let moving = false;
// The sheet after its decision, once it is or may be the last of the queue; reset to null if the server refuses a change.
let ending = null;
// The open sheet while only this page knows that it is open: it was loaded ahead, and somebody else may have it by now.
let ahead = null;
// Settled once the server knows that the open document is open here, or cannot be reached.
let opened = Promise.resolve();
// The decided sheet from which the page could not go on without a connection.
let stuck = null;

// Showing documents

function show(next, { push = false } = {}) {
  const left = sheet;
  left?.picture.hidden();
  sheet = next;
  stuck = null;
  upcoming.drop(sheet.document);
  sheet.reload = () => open(sheet.url);
  fields = new Fields(sheet, sheet.picture, outbox);
  // Before the article is in the page: later changes to its live regions are read aloud.
  paint();
  root.replaceChildren(sheet.article);
  sheet.picture.shown();
  useHand(sheet.picture.gestures.hand);
  fields.shown();
  fields.activate(fields.field(filteredField) ?? firstField(), { smooth: false });
  document.title = sheet.name + titled;
  if (push && sheet.document !== left?.document) history.pushState({}, "", sheet.url + filter);
  announcement.textContent = sheet.name;
  opened = presence.beat();
  upcoming.fill();
  // A decision on its way gives the document back itself.
  if (left && left.document !== sheet.document && !outbox.decision(left.document)) presence.leave([left.document]);
}

// Where the work on a document begins: a field that asks to be looked at, else one that nobody has confirmed.
function firstField() {
  return (!fields.locked && (fields.flagged() ?? fields.waiting())) || fields.rows[0];
}

// Documents whose decision is on its way.
function decided() {
  return outbox.pending.filter((entry) => !entry.field).map((entry) => entry.document);
}

// What the server says of the documents that this page holds: what somebody else has or has decided meanwhile is not
// opened by itself.
function reserved({ taken, decided }, open) {
  showReserved(sheet, taken[sheet.document] ?? "");
  const gone = (document) => document in taken || decided.includes(document);
  for (const document of upcoming.documents) if (gone(document)) upcoming.drop(document);
  const lost = sheet === ahead && gone(sheet.document);
  if (open === ahead?.document) ahead = null;
  if (lost) goOn(false);
  else upcoming.fill();
}

// Load and show a document; false if the server has none there.
async function open(url, options) {
  try {
    const loaded = await fetchSheet(url + filter, choose);
    if (loaded) show(loaded, options);
    return loaded !== null;
  } catch {
    notice(gettext("This could not be loaded. Your changes are kept in this browser."), "bad", connected);
    return true;
  }
}

function fetchUpcoming(now) {
  const query = new URLSearchParams(filter);
  query.set("without", [...new Set([sheet.document, ...upcoming.documents, ...decided()])].join());
  query.set("after", (upcoming.last ?? sheet).document);
  if (now) query.set("now", "1");
  return fetchSheet(`${root.dataset.upcoming}?${query}`, choose);
}

// Go on to the next document; `counted`: count the current one as reviewed.
async function goOn(counted) {
  if (moving) return;
  moving = true;
  performance.mark("left");
  const left = sheet;
  const before = tally(left);
  try {
    // A refusal may come before the answer that the queue has ended.
    ending = left;
    await upcoming.load();
    // Opened by a refusal or by the reviewer, who did not wait for the next one: that stays.
    if (sheet !== left) {
      ending = null;
      upcoming.fill();
      return;
    }
    const next = upcoming.take();
    if (!next) return await finish();
    // Also what was on its way: somebody else may have opened it since the server sent it.
    ahead = next;
    ending = null;
    show(next, { push: true });
    if (counted) showTally(sheet, { done: Math.max(before.done + 1, tally(sheet).done), total: Math.max(before.total, tally(sheet).total) });
    measure(sheet);
  } catch {
    ending = null;
    if (sheet !== left) return;
    stuck = left;
    notice(gettext("Your decision is kept in this browser. The next document needs a connection: the page goes on once there is one."), "warn", () => stuck !== sheet);
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
  if (ending !== sheet) return;
  const leave = () => { if (ending === sheet) location.assign(root.dataset.start + filter); };
  if (await outbox.idle()) return leave();
  notice(gettext("This was the last document. Your changes are kept in this browser; the page goes on once they are saved."), "warn", () => ending !== sheet);
  // Not awaited: other documents can be opened meanwhile.
  outbox.emptied().then(leave);
}

// Deciding

function accept() {
  if (sheet.decided || moving) return;
  const obstacle = fields.obstacle();
  if (obstacle) {
    notice(obstacle.sentence, "warn", () => !fields.obstacle());
    return fields.activate(obstacle.field);
  }
  const unseen = flaggedFirst() && fields.unseen();
  if (unseen) {
    fields.activate(unseen);
    return notice(gettext("Look at %(field)s first; press a again to accept the document.", { field: unseen.data.title }), "warn", () => !fields.waits(unseen));
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

async function decide(action, body) {
  const shown = sheet;
  await opened;
  if (sheet !== shown || moving) return;
  outbox.flush();
  // A decision that is kept already is not made twice: the page only tries to go on.
  outbox.put({ document: sheet.document, name: sheet.name, url: sheet.url, action, body });
  goOn(action !== "skip");
}

async function reopen() {
  if (!sheet.decided || sheet.truth) return;
  outbox.put({ document: sheet.document, name: sheet.name, url: sheet.url, action: "reopen", body: {} });
  if (await outbox.idle()) await open(sheet.url);
}

// Steps that are still to be undone. Each is based on what the one before it left, so they wait for each other; where one
// fails the rest is dropped.
let undoing = 0;

async function undo() {
  if (undoing++) return;
  // Who is outside the table stays there: the key that undoes would be typed into a cell.
  const within = Boolean(document.activeElement?.closest("[data-table]"));
  try {
    while (undoing && (await undoLatest(within))) undoing -= 1;
  } finally {
    undoing = 0;
  }
}

// Returns whether a step was undone. within: its row becomes the current one.
async function undoLatest(within) {
  if (!undoable.latest && !outbox.pending.length) return notice(gettext("There is nothing to undo in this window."), "");
  // The server undoes all changes, so pending ones are saved first.
  if (!(await outbox.idle())) return notice(gettext("Undo needs a connection: the change is not saved yet."), "warn", connected);
  const step = undoable.pop();
  if (!step) return false;
  const known = (field, label) => (step.document === sheet.document ? Math.max(label, fields.field(field)?.data.known ?? 0) : label);
  const changes = step.changes.map(({ field, label }) => ({ field, label, known: known(field, label) }));
  const refusal = await post(`${step.url}undo/`, { what: step.what, changes });
  const elsewhere = step.document !== sheet.document;
  if (refusal) {
    if (!refusal.status) {
      undoable.push(step);
      return notice(gettext("Undo needs a connection."), "warn");
    }
    // The sentence is about what somebody else did since: it stands beside that.
    if (refusal.status === 409 && !elsewhere) await openAt(step, within);
    return notice(elsewhere ? `${step.name}: ${refusal.sentence}` : refusal.sentence, "warn");
  }
  await openAt(step, within, { push: true });
  notice(elsewhere ? gettext("Undone: %(document)s.", { document: step.name }) : gettext("Undone."), "good");
  return true;
}

// Open the document of a step, at what it changed.
async function openAt(step, within, options) {
  await open(step.url, options);
  if (step.field) fields.activate(fields.field(step.field));
  if (within && step.row !== undefined) fields.active.input.select?.(step.row);
}

// Returns null on success, else {status, sentence}; status 0: no connection. The login page is no success.
async function post(url, body) {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", ...csrfHeaders() },
      body: JSON.stringify(body),
    });
    if (response.ok && !response.redirected) return null;
    const status = response.redirected ? 401 : response.status;
    const { error } = response.redirected ? {} : await response.json().catch(() => ({}));
    return { status, sentence: failure(status, error) };
  } catch {
    return { status: 0, sentence: failure(0) };
  }
}

// Fill the active field with words chosen in the picture of a sheet.
function choose(from, words, band) {
  if (from !== sheet) return;
  if (band && grid()) {
    if (!fields.refuseLocked(fields.active)) insertBand(grid(), fields.active.name, sheet.url, band, textOf(sheet.data.pages, words, false).text);
    return sheet.picture.forgetChoice();
  }
  const field = fields.active ?? fields.rows[0];
  const { text, spans } = textOf(sheet.data.pages, words, field.input.typed ?? field.data.typed);
  fields.fill(text, spans);
}

// Save state and notices

function paint() {
  if (!sheet) return;
  showSaveState(sheet, outbox);
  fields?.paint();
  if (fields) clearSolved(sheet);
}

function notice(sentence, tone, until) {
  showNotice(sheet, sentence, tone, until);
}

// Whether the outbox reaches the server.
function connected() {
  return outbox.state === "saved";
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

outbox.addEventListener("refused", async ({ detail: { entry, gone, sentence } }) => {
  ending = null;
  const elsewhere = entry.document !== sheet.document;
  if (entry.field && !elsewhere) return fields.refused(entry);
  // A notice stays for what is gone.
  if (gone) return;
  if (!entry.field) await open(entry.url, { push: true });
  notice(`${entry.name}: ${sentence}${typed(entry)}`, "bad");
});

outbox.addEventListener("change", paint);

outbox.addEventListener("revoked", ({ detail }) => {
  if (stuck?.document === detail.document) stuck = null;
  ending = null;
});

// Go on where a decision waited for the connection.
outbox.addEventListener("done", () => { if (stuck && stuck === sheet) goOn(true); });

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
  if (!(await open(`${sheet.url}${direction}/`, { push: true }))) notice(direction === "next" ? gettext("There is no next document in the queue.") : gettext("There is no previous document in the queue."), "");
}

function addWords() {
  const button = sheet.article.querySelector("[data-do=add_words]");
  sheet.picture.adding = !sheet.picture.adding;
  button.setAttribute("aria-pressed", sheet.picture.adding);
}

function useHand(on) {
  sheet.article.querySelector("[data-do=hand]").setAttribute("aria-pressed", on);
  sheet.picture.useHand(on);
}

async function takeOver() {
  if (sheet.article.querySelector(".review-reserved").hidden) return;
  const refusal = await post(`${sheet.url}take-over/`, {});
  if (!refusal) {
    presence.overtake();
    await open(sheet.url);
  } else notice(refusal.status ? refusal.sentence : gettext("Taking over needs a connection."), "warn", connected);
}

function settle(event, keepMine) {
  fields.settle(fields.field(event.target.closest(".review-field").dataset.field), keepMine);
}

// Take what the student read for the active field; elsewhere the key first leads to the field that has it.
function takeStudent() {
  const button = fields.active?.row.querySelector("[data-student]");
  const row = sheet.article.querySelector("[data-student]")?.closest(".review-field");
  if (button) button.click();
  else if (row) fields.activate(fields.field(row.dataset.field));
}

// The table that is edited.
function grid() {
  return fields.active?.data.table ? fields.active.input : undefined;
}

const actions = {
  ...tableActions({ grid, leave: step, accept: acceptField, refused: () => fields.refuseLocked(fields.active), insert: (table) => insertBelow(table, fields.active.name, sheet.url) }),
  undo_row: () => (grid().editing ? false : void undo()),
  next_field: (event) => step(1, event),
  previous_field: (event) => step(-1, event),
  edit: () => fields.activate(fields.active, { typing: true }),
  leave: (event) => (event.target.tagName === "TEXTAREA" ? fields.activate(fields.active) : false),
  accept_field: acceptField,
  absent: (event) => {
    const row = event.target.closest(".review-field");
    fields.absent(row ? fields.field(row.dataset.field) : fields.active);
  },
  choose: (event) => fields.choose(fields.active, Number(event.key) - 1),
  take_student: takeStudent,
  accept,
  reject,
  undo,
  reopen,
  skip: () => { if (!sheet.decided && !moving) decide("skip", {}); },
  next_document: () => beside("next"),
  previous_document: () => beside("previous"),
  zoom_in: () => sheet.picture.zoomBy(1),
  zoom_out: () => sheet.picture.zoomBy(-1),
  zoom_fit: () => sheet.picture.fit(),
  next_page: () => sheet.picture.turnTo(1),
  previous_page: () => sheet.picture.turnTo(-1),
  pan: (event) => (event.target.closest("button, a, summary, input") ? false : sheet.picture.gestures.set({ space: true })),
  hand: () => useHand(!sheet.picture.gestures.hand),
  take_over: takeOver,
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
list(document.querySelector(".review-row-keys"), { table: true });
root.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  if (!button) return;
  // A button of a table acts on its own field.
  const table = button.closest("[data-table]")?.closest(".review-field");
  if (table && fields.active.row !== table) fields.activate(fields.field(table.dataset.field));
  actions[button.dataset.do](event);
  // After a mouse click the focus returns to the field; a button pressed by keyboard (detail 0) keeps it.
  if (event.detail && document.activeElement === button) (table ? fields.active.input : fields.active.row).focus({ preventScroll: true });
});
window.addEventListener("online", () => outbox.retry());
window.addEventListener("popstate", () => open(location.pathname));
window.addEventListener("keyup", (event) => { if (event.key === " ") sheet.picture.gestures.set({ space: false }); });
// The last chance to send what is being typed; it is in localStorage in any case.
window.addEventListener("pagehide", () => {
  outbox.flush();
  presence.leave([sheet.document, ...upcoming.documents].filter((document) => !outbox.decision(document)));
});

show(build(root.querySelector(".review-sheet"), choose));
outbox.start();
presence.start();
