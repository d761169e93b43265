// The save state and the notices at the top of a sheet.

import { gettext, ngettext } from "../sentences.js";

// Show whether everything is saved, and the changes of other documents, or of one that is not there any more, that need
// the user's decision.
export function showSaveState(sheet, outbox) {
  const { text, tone } = saveState(outbox);
  const status = sheet.article.querySelector(".review-saved");
  // Unchanged text is not set again: screen readers would repeat it.
  if (status.textContent !== text) {
    status.textContent = text;
    if (outbox.state === "blocked") status.append(" ", link(location.href, outbox.failed === 401 ? gettext("Log in") : gettext("Reload")));
  }
  status.className = `review-saved ${tone}`;
  showHeldElsewhere(sheet, outbox);
}

// Whether the shown sentence no longer holds.
let solved = () => false;

// Show one sentence in place of the previous one. tone: "good", "warn", "bad" or "". until(): true once it no longer holds.
export function showNotice(sheet, sentence, tone, until = () => false) {
  const list = sheet.article.querySelector(".review-notices");
  clear(list);
  solved = until;
  list.prepend(notice(sentence, `${tone} passing`));
}

// Take away the sentence if what it says is solved.
export function clearSolved(sheet) {
  const list = sheet.article.querySelector(".review-notices");
  if (list.querySelector(".passing") && solved()) clear(list);
}

// Say who else has the document open; nobody without a sentence.
export function showReserved(sheet, sentence) {
  const line = sheet.article.querySelector(".review-reserved");
  line.hidden = !sentence;
  if (line.firstElementChild.textContent !== sentence) line.firstElementChild.textContent = sentence;
}

function clear(list) {
  list.querySelectorAll(".passing").forEach((item) => item.remove());
}

function saveState(outbox) {
  const count = outbox.pending.length;
  const left = outbox.refused || outbox.entries.some((entry) => entry.held);
  if (outbox.state === "saved" && left) return { text: gettext("Not all saved"), tone: "warn" };
  return {
    saved: () => ({ text: gettext("All saved"), tone: "good" }),
    saving: () => ({ text: gettext("Saving…"), tone: "" }),
    waiting: () => ({ text: waiting(outbox.failed, count), tone: "warn" }),
    blocked: () => ({ text: blocked(outbox.failed, count), tone: "bad" }),
  }[outbox.state]();
}

function waiting(status, count) {
  if (status) return ngettext("The server cannot save now: %(count)s change kept in this browser, trying again", "The server cannot save now: %(count)s changes kept in this browser, trying again", count);
  return ngettext("No connection: %(count)s change kept in this browser, trying again", "No connection: %(count)s changes kept in this browser, trying again", count);
}

function blocked(status, count) {
  if (status === 401) return ngettext("Not saved: log in again, %(count)s change kept", "Not saved: log in again, %(count)s changes kept", count);
  return ngettext("Not saved: you may not change this, or have logged in anew since; %(count)s change kept", "Not saved: you may not change this, or have logged in anew since; %(count)s changes kept", count);
}

function showHeldElsewhere(sheet, outbox) {
  const list = sheet.article.querySelector(".review-notices");
  list.querySelectorAll(".elsewhere").forEach((item) => item.remove());
  for (const entry of outbox.entries.filter((other) => other.held && (other.gone || other.document !== sheet.document))) {
    const item = notice(`${entry.name}: ${entry.problem?.sentence ?? gettext("not saved.")}${entry.gone ? typed(entry) : ""}`, "warn elsewhere");
    item.append(entry.gone ? discard(outbox, entry) : link(entry.url, gettext("Open")));
    list.append(item);
  }
}

// What was typed, for a notice that is the only place left to show it; with a space before it.
export function typed({ body }) {
  const text = body.value ?? body.reason;
  return text ? ` ${gettext("Kept here: %(text)s", { text })}` : "";
}

function discard(outbox, entry) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "button small", textContent: gettext("Discard") });
  button.addEventListener("click", () => outbox.drop(entry));
  return button;
}

function notice(sentence, classes) {
  const item = document.createElement("li");
  item.className = `flash ${classes}`;
  const text = document.createElement("span");
  text.textContent = sentence;
  item.append(text);
  return item;
}

function link(href, textContent) {
  return Object.assign(document.createElement("a"), { href, textContent });
}
