// The key bindings of the review page: one table for the event handler and for the dialog that lists the keys.

import { gettext } from "../sentences.js";

//
// keys: combinations that work outside text fields; typing: combinations that work inside them as well; table:
// combinations that work in the cells of a table, before the others.
// repeats: the action repeats while the key is held down. Keys are named as in KeyboardEvent.key.
export const KEYS = [
  { action: "next_field", title: gettext("Next field"), keys: ["j", "ArrowDown"], typing: ["Tab"], repeats: true },
  { action: "previous_field", title: gettext("Previous field"), keys: ["k", "ArrowUp"], typing: ["Shift+Tab"], repeats: true },
  { action: "edit", title: gettext("Type into the field"), keys: ["e", "F2"] },
  { action: "leave", title: gettext("Stop typing"), typing: ["Escape"] },
  { action: "accept_field", title: gettext("Accept the field and go on"), typing: ["Enter"] },
  { action: "absent", title: gettext("Not on the document"), keys: ["n"], typing: ["Alt+n"] },
  { action: "choose", title: gettext("Take what has that number: a meaning of the date, or another teacher's value"), keys: ["1", "2", "3", "4"], typing: ["Alt+1", "Alt+2", "Alt+3", "Alt+4"] },
  { action: "take_student", title: gettext("Take what the student read"), keys: ["c"], typing: ["Alt+c"] },
  { action: "accept", title: gettext("Accept the document and go on"), keys: ["a"], typing: ["Ctrl+Enter"] },
  { action: "skip", title: gettext("Skip: to the end of the queue"), keys: ["s"] },
  { action: "reject", title: gettext("Reject the document"), keys: ["x"] },
  { action: "undo", title: gettext("Undo"), keys: ["u", "Ctrl+z"] },
  { action: "next_document", title: gettext("Next document, deciding nothing"), keys: ["ArrowRight"] },
  { action: "previous_document", title: gettext("Previous document"), keys: ["ArrowLeft"] },
  { action: "zoom_in", title: gettext("Larger"), keys: ["+", "="], repeats: true },
  { action: "zoom_out", title: gettext("Smaller"), keys: ["-"], repeats: true },
  { action: "zoom_fit", title: gettext("Fit the whole page"), keys: ["0"] },
  { action: "rotate", title: gettext("Turn the view"), keys: ["r"] },
  { action: "scroll_down", title: gettext("Scroll the picture down"), keys: ["PageDown"], repeats: true },
  { action: "scroll_up", title: gettext("Scroll the picture up"), keys: ["PageUp"], repeats: true },
  { action: "next_page", title: gettext("Next page"), keys: ["."], repeats: true },
  { action: "previous_page", title: gettext("Previous page"), keys: [","], repeats: true },
  { action: "pan", title: gettext("Hold to drag the picture"), keys: [" "], repeats: true },
  { action: "hand", title: gettext("Drag the picture, choose no words"), keys: ["m"] },
  { action: "take_over", title: gettext("Take over from another reviewer"), keys: ["t"] },
  { action: "history", title: gettext("What was said before"), keys: ["h"] },
  { action: "unlock", title: gettext("Unlock truth"), keys: ["l"] },
  { action: "reopen", title: gettext("Reopen a decided document"), keys: ["o"] },
  { action: "keys", title: gettext("These keys"), keys: ["?"] },
  { action: "row_above", title: gettext("Row above"), table: ["ArrowUp"], repeats: true },
  { action: "row_below", title: gettext("Row below"), table: ["ArrowDown"], repeats: true },
  { action: "cell_left", title: gettext("Cell to the left"), table: ["ArrowLeft"], repeats: true },
  { action: "cell_right", title: gettext("Cell to the right"), table: ["ArrowRight"], repeats: true },
  { action: "next_cell", title: gettext("Next cell"), table: ["Tab"], repeats: true },
  { action: "previous_cell", title: gettext("Previous cell"), table: ["Shift+Tab"], repeats: true },
  { action: "first_cell", title: gettext("First cell of the row, of the table"), table: ["Home", "Ctrl+Home"] },
  { action: "last_cell", title: gettext("Last cell of the row, of the table"), table: ["End", "Ctrl+End"] },
  { action: "edit_cell", title: gettext("Type at the end of the cell"), table: ["F2"] },
  { action: "clear_cell", title: gettext("Nothing printed in the cell"), table: ["Alt+n"] },
  { action: "accept_row", title: gettext("Accept the row and go to the next"), table: ["Enter"] },
  { action: "next_doubt", title: gettext("Next doubtful cell"), table: ["Alt+j"] },
  { action: "take_reading", title: gettext("Take what the student read in the cell"), table: ["Alt+c"] },
  { action: "insert_row", title: gettext("Insert a row below"), table: ["Insert", "Alt+i"] },
  { action: "delete_row", title: gettext("Delete the row"), table: ["Shift+Delete", "Alt+x"] },
  { action: "split_row", title: gettext("Split the row at the cell"), table: ["Alt+s"] },
  { action: "join_row", title: gettext("Join the row with the one above"), table: ["Alt+m"] },
  { action: "take_their_row", title: gettext("Take the other reviewer's row"), table: ["Alt+t"] },
  { action: "keep_my_row", title: gettext("Keep my row"), table: ["Alt+k"] },
  { action: "undo_row", title: gettext("Undo the last change of a row"), table: ["Ctrl+z"] },
];

const SHOWN = { Home: gettext("Home"), End: gettext("End"), Insert: gettext("Ins"), Delete: gettext("Del"), ArrowDown: "↓", ArrowUp: "↑", ArrowLeft: "←", ArrowRight: "→", Enter: "↵", Escape: "Esc", PageDown: gettext("Page ↓"), PageUp: gettext("Page ↑"), " ": gettext("Space"), Shift: gettext("Shift"), Ctrl: gettext("Ctrl") };

// Rows of the table by combination: valid everywhere, valid outside text fields alone, and valid in cells.
const always = new Map();
const outsideText = new Map();
const inTable = new Map();
for (const row of KEYS) {
  for (const combination of row.typing ?? []) always.set(combination, row);
  for (const combination of row.keys ?? []) outsideText.set(combination, row);
  for (const combination of row.table ?? []) inTable.set(combination, row);
}

// Call actions[name](event) for the keys of the table; if an action returns false, the browser handles the key.
export function listen(actions) {
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.defaultPrevented || document.querySelector("dialog[open]")) return;
    const row = rowFor(event);
    if (!row || (event.repeat && !row.repeats) || belongsToControl(event)) return;
    if (actions[row.action]?.(event) !== false) event.preventDefault();
  });
}

function rowFor(event) {
  const pressed = combination(event);
  const cell = event.target.classList?.contains("review-cell-editor");
  return (cell ? inTable.get(pressed) : undefined) ?? always.get(pressed) ?? (isTyping(event.target) ? undefined : outsideText.get(pressed));
}

// Append the keys to a <dl>: those of tables, or all others.
export function list(target, { table = false } = {}) {
  for (const row of KEYS.filter((each) => Boolean(each.table) === table)) {
    const term = document.createElement("dt");
    for (const keys of [...(row.keys ?? []), ...(row.typing ?? []), ...(row.table ?? [])]) {
      const group = document.createElement("span");
      for (const part of keys === "+" ? ["+"] : keys.split("+")) {
        const key = document.createElement("kbd");
        key.textContent = SHOWN[part] ?? part;
        group.append(key);
      }
      term.append(group);
    }
    const description = document.createElement("dd");
    description.textContent = row.title;
    target.append(term, description);
  }
}

// The pressed combination as written in the table.
function combination(event) {
  const letter = event.key.length === 1;
  const graph = event.getModifierState("AltGraph");
  let name = letter ? event.key.toLowerCase() : event.key;
  // A shifted character has its own name; Shift is named with named keys and with Ctrl.
  if (event.shiftKey && (!letter || event.ctrlKey || event.metaKey)) name = `Shift+${name}`;
  if (event.altKey && !graph) name = `Alt+${name}`;
  if ((event.ctrlKey || event.metaKey) && !graph) name = `Ctrl+${name}`;
  return name;
}

function isTyping(target) {
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

// Enter activates a focused button, link or summary.
function belongsToControl(event) {
  return event.key === "Enter" && !event.ctrlKey && event.target.closest("button, a, summary") !== null;
}
