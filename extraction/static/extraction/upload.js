// Uploads: one request per file, so that an invalid file does not affect the others; AT_ONCE requests at a time. The
// response for an archive has one result per file in it.

import { csrfHeaders } from "./csrf.js";
import { failure } from "./failures.js";
import { flash } from "./messages.js";
import { gettext, ngettext } from "./sentences.js";

const form = document.getElementById("upload");
const AT_ONCE = 3;
const BATCH = 100; // files of a dropped folder that are queued before the rest of it is listed
const ANNOUNCE_MS = 1500; // minimum time between two refreshes of the document list
const panel = form.querySelector(".drop-progress");
const bar = document.getElementById("upload-bar");
const state = document.getElementById("upload-state");
const refusals = document.getElementById("uploads");
const waiting = [];
const running = new Map(); // request → fraction of its file that has been sent
const count = { total: 0, added: 0, known: 0, refused: 0 };
let announced = 0; // time of the last refresh, in ms

document.querySelectorAll(".needs-script").forEach((part) => { part.hidden = false; });

// Reset counts and refusals before a new choice or drop, unless uploads are still in progress.
function begin() {
  if (waiting.length || running.size) return;
  Object.assign(count, { total: 0, added: 0, known: 0, refused: 0 });
  refusals.replaceChildren();
}

// Queue files, hidden ones excepted.
function take(files) {
  const visible = [...files].filter((file) => !file.name.startsWith("."));
  if (!visible.length) return;
  count.total += visible.length;
  visible.forEach((file) => waiting.push(file));
  panel.hidden = false;
  while (running.size < AT_ONCE && waiting.length) send(waiting.shift());
  show();
}

function send(file) {
  const request = new XMLHttpRequest();
  const body = new FormData();
  body.append("files", file);
  body.append("split", form.elements.split.value);
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "application/json");
  for (const [name, value] of Object.entries(csrfHeaders())) request.setRequestHeader(name, value);
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) running.set(request, event.loaded / event.total);
    show();
  });
  request.addEventListener("loadend", () => {
    running.delete(request);
    settle(file, request);
    if (waiting.length) send(waiting.shift());
    show();
  });
  running.set(request, 0);
  request.send(body);
}

// Count the results of a finished request.
function settle(file, request) {
  const response = parsed(request);
  const rows = response?.results || [{ error: response?.error || reason(request) }];
  const path = file.webkitRelativePath || file.name;
  count.total += rows.length - 1;
  rows.forEach((row) => {
    if (row.error) {
      count.refused += 1;
      refuse(path + member(row.name || ""), row.error);
    } else {
      count[row.created ? "added" : "known"] += 1;
    }
  });
  if (rows.some((row) => !row.error)) announce();
}

// The path inside an archive of a result named "archive.zip/folder/name.jpg"; "" for a single file: its name has no slash.
function member(name) {
  return name.includes("/") ? name.slice(name.indexOf("/")) : "";
}

function parsed(request) {
  try {
    return JSON.parse(request.responseText);
  } catch {
    return null;
  }
}

function reason(request) {
  if (request.status === 0) return gettext("The server could not be reached, or the upload was stopped.");
  return failure(request.responseURL === form.action ? request.status : 401);
}

function refuse(path, sentence) {
  const item = document.createElement("li");
  const name = document.createElement("strong");
  name.textContent = path;
  const why = document.createElement("span");
  why.className = "error";
  why.textContent = sentence;
  item.append(name, " ", why);
  refusals.append(item);
}

function show() {
  const finished = count.added + count.known + count.refused;
  const moving = [...running.values()].reduce((sum, fraction) => sum + fraction, 0);
  bar.max = Math.max(count.total, 1);
  bar.value = finished + moving;
  const parts = [ngettext("%(done)s of %(count)s file", "%(done)s of %(count)s files", count.total, { done: finished })];
  if (count.added) parts.push(gettext("%(count)s new", { count: count.added }));
  if (count.known) parts.push(gettext("%(count)s known already", { count: count.known }));
  if (count.refused) parts.push(gettext("%(count)s not taken", { count: count.refused }));
  // The server checks the files of an archive after the whole of it has been sent.
  if (running.size && moving === running.size) parts.push(gettext("checking…"));
  state.textContent = parts.join(" · ");
  const over = !waiting.length && !running.size;
  bar.hidden = over;
  document.getElementById("upload-stop").hidden = over;
  if (over) announce(true);
}

// Refresh the document list; at most once in ANNOUNCE_MS unless `now` is set.
function announce(now) {
  if (!now && Date.now() - announced < ANNOUNCE_MS) return;
  announced = Date.now();
  if (count.added) document.querySelector("form.filters").hidden = false;
  window.htmx.trigger(document.body, "uploaded");
  window.htmx.trigger(document.body, "documents-changed");
}

// All files of a FileSystemEntry, folders included recursively.
async function* filesOf(entry) {
  if (entry.isFile) {
    yield await new Promise((resolve, reject) => entry.file(resolve, reject));
    return;
  }
  const reader = entry.createReader();
  for (;;) {
    // readEntries returns at most 100 entries per call and an empty list at the end.
    const entries = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!entries.length) return;
    for (const inner of entries) yield* filesOf(inner);
  }
}

// Queue the files and folders of a drop.
async function takeDropped(transfer) {
  const entries = [...transfer.items].filter((item) => item.kind === "file").map((item) => item.webkitGetAsEntry?.());
  if (!entries.length || entries.includes(undefined) || entries.includes(null)) {
    take(transfer.files);
    return;
  }
  let batch = [];
  for (const entry of entries) {
    for await (const file of filesOf(entry)) {
      batch.push(file);
      if (batch.length < BATCH) continue;
      take(batch);
      batch = [];
    }
  }
  take(batch);
}

form.querySelectorAll("input[type=file]").forEach((input) => {
  input.addEventListener("change", () => {
    begin();
    take(input.files);
    input.value = "";
  });
});

document.getElementById("upload-stop").addEventListener("click", () => {
  count.total -= waiting.length;
  waiting.length = 0;
  running.forEach((_, request) => request.abort());
});

// dragenter and dragleave also fire for nested elements: `inside` counts the elements entered.
let inside = 0;
const carries = (event) => event.dataTransfer?.types.includes("Files");
document.addEventListener("dragenter", (event) => {
  if (carries(event)) form.classList.toggle("over", (inside += 1) > 0);
});
document.addEventListener("dragleave", (event) => {
  if (carries(event)) form.classList.toggle("over", (inside -= 1) > 0);
});
document.addEventListener("dragover", (event) => {
  if (carries(event)) event.preventDefault();
});
document.addEventListener("drop", (event) => {
  if (!carries(event)) return;
  event.preventDefault();
  inside = 0;
  form.classList.remove("over");
  begin();
  takeDropped(event.dataTransfer).catch(() => flash("bad", gettext("The dropped files could not be opened.")));
});

window.addEventListener("beforeunload", (event) => {
  if (running.size) event.preventDefault();
});
