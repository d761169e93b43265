// How the row of a field looks: its state, its conflict, the height of its text.

import { gettext, ngettext } from "../sentences.js";
import { Grid } from "./table/grid.js";
import { parse } from "./table/rows.js";

//
// A field: {name, row, data, input, state, conflict, meta}; data is the server's value, the others are elements;
// input is a text box, or the Grid of a group.

// The field of a row element.
export function fieldOf(row, fields, pages) {
  const name = row.dataset.field;
  const table = row.querySelector("[data-table]");
  return {
    name, row, data: fields[name],
    input: table ? new Grid(table, fields[name], pages.map((page) => page.words)) : row.querySelector("textarea"), state: row.querySelector(".review-state"),
    conflict: row.querySelector(".review-conflict"), meta: row.querySelector(".review-meta"),
  };
}

// Show how the saving of a field stands. entry: its entry in the outbox or undefined; online: the outbox can send.
export function paintRow(field, entry, online) {
  const absent = entry ? entry.body.value === null : field.data.absent;
  const conflict = entry?.held ? entry.problem?.conflict : null;
  field.row.classList.toggle("confirmed", field.data.confirmed || (entry !== undefined && !entry.held));
  field.row.classList.toggle("absent", absent);
  // The normalised value below is that of the saved one.
  field.row.classList.toggle("unsaved", entry !== undefined && entry.body.value !== field.data.value);
  field.input.placeholder = absent ? gettext("Not on the document") : field.data.table ? gettext("No rows") : gettext("No value");
  showConflict(field, entry, conflict);
  if (!entry) showState(field, "");
  else if (conflict?.rows) showState(field, entry.problem.sentence, "bad");
  else if (conflict) showState(field, conflict.mine ? gettext("You changed this in another window") : gettext("Changed by somebody else"), "bad");
  else if (entry.held) showState(field, entry.problem.sentence, "warn");
  else if (!online) showState(field, gettext("Kept here, not saved yet"), "warn");
  else showState(field, gettext("Saving…"));
}

export function showState(field, sentence, tone = "") {
  if (field.state.textContent !== sentence) field.state.textContent = sentence;
  field.state.className = `review-state small ${tone}`;
}

// Fit the height of the text area to its text; the row must be in the page.
export function grow({ input }) {
  input.style.height = "auto";
  input.style.height = `${input.scrollHeight + 2}px`;
}

// Both values side by side; the user chooses before anything is overwritten.
function showConflict(field, entry, conflict) {
  // A conflict about rows is shown at the rows.
  field.conflict.hidden = !conflict || Boolean(conflict.rows);
  if (field.conflict.hidden) return field.conflict.replaceChildren();
  // A button that is replaced while it is pressed would not be clicked.
  const shown = `${conflict.known} ${entry.body.value}`;
  if (field.conflict.shown === shown && field.conflict.firstChild) return;
  field.conflict.shown = shown;
  const theirs = conflict.withdrawn ? gettext("taken back") : inWords(field, conflict.value);
  const mine = inWords(field, entry.body.value);
  field.conflict.replaceChildren(
    side(`${conflict.who}, ${conflict.when}`, theirs, gettext("Take theirs"), "take_theirs"),
    side(gettext("You"), mine, gettext("Keep mine"), "keep_mine"),
  );
}

function inWords(field, value) {
  if (value === null || value === undefined) return gettext("not on the document");
  return field.data.table ? ngettext("%(count)s row", "%(count)s rows", parse(value).length) : value;
}

function side(author, value, label, action) {
  const part = document.createElement("div");
  const text = document.createElement("p");
  text.textContent = value;
  const by = document.createElement("span");
  by.className = "small muted";
  by.textContent = author;
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "button small", textContent: label });
  button.dataset.do = action;
  part.append(by, text, button);
  return part;
}
