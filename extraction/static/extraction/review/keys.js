// Every key of the review page in one table: the handler and the sheet of keys both read it.
//
// keys: combinations that work while nothing is being typed; typing: those that work inside a text field as well.
// repeats: holding the key down does it again. Names of keys are those of KeyboardEvent.key.
export const KEYS = [
  { action: "next_field", says: "Next field", keys: ["j", "ArrowDown"], typing: ["Tab"], repeats: true },
  { action: "previous_field", says: "Previous field", keys: ["k", "ArrowUp"], typing: ["Shift+Tab"], repeats: true },
  { action: "edit", says: "Type into the field", keys: ["e", "F2"] },
  { action: "leave", says: "Stop typing", typing: ["Escape"] },
  { action: "accept_field", says: "Accept the field and go on", typing: ["Enter"] },
  { action: "absent", says: "Not on the document", keys: ["n"], typing: ["Alt+n"] },
  { action: "accept", says: "Accept the document and go on", keys: ["a"], typing: ["Ctrl+Enter"] },
  { action: "skip", says: "Skip: to the end of the queue", keys: ["s"] },
  { action: "reject", says: "Reject the document", keys: ["x"] },
  { action: "undo", says: "Undo", keys: ["u", "Ctrl+z"] },
  { action: "next_document", says: "Next document, deciding nothing", keys: ["ArrowRight"] },
  { action: "previous_document", says: "Previous document", keys: ["ArrowLeft"] },
  { action: "zoom_in", says: "Larger", keys: ["+", "="], repeats: true },
  { action: "zoom_out", says: "Smaller", keys: ["-"], repeats: true },
  { action: "zoom_fit", says: "Fit the picture", keys: ["0"] },
  { action: "rotate", says: "Turn the view", keys: ["r"] },
  { action: "scroll_down", says: "Scroll the picture down", keys: ["PageDown"], repeats: true },
  { action: "scroll_up", says: "Scroll the picture up", keys: ["PageUp"], repeats: true },
  { action: "history", says: "What was said before", keys: ["h"] },
  { action: "unlock", says: "Unlock truth", keys: ["l"] },
  { action: "reopen", says: "Reopen a decided document", keys: ["o"] },
  { action: "keys", says: "These keys", keys: ["?"] },
];

const SHOWN = { ArrowDown: "↓", ArrowUp: "↑", ArrowLeft: "←", ArrowRight: "→", Enter: "↵", Escape: "Esc", PageDown: "Page ↓", PageUp: "Page ↑" };

const always = new Map();
const idle = new Map();
for (const row of KEYS) {
  for (const combination of row.typing ?? []) always.set(combination, row);
  for (const combination of row.keys ?? []) idle.set(combination, row);
}

// Calls actions[name](event) for the keys of the table; an action that returns false leaves the key to the browser.
export function listen(actions) {
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.defaultPrevented || document.querySelector("dialog[open]")) return;
    const row = always.get(combination(event)) ?? (isTyping(event.target) ? undefined : idle.get(combination(event)));
    if (!row || (event.repeat && !row.repeats) || belongsToControl(event)) return;
    if (actions[row.action]?.(event) !== false) event.preventDefault();
  });
}

// Fill a <dl> with the table.
export function list(target) {
  for (const row of KEYS) {
    const term = document.createElement("dt");
    for (const keys of [...(row.keys ?? []), ...(row.typing ?? [])]) {
      const group = document.createElement("span");
      for (const part of keys === "+" ? ["+"] : keys.split("+")) {
        const key = document.createElement("kbd");
        key.textContent = SHOWN[part] ?? part;
        group.append(key);
      }
      term.append(group);
    }
    const says = document.createElement("dd");
    says.textContent = row.says;
    target.append(term, says);
  }
}

function combination(event) {
  const letter = event.key.length === 1;
  const graph = event.getModifierState("AltGraph");
  let name = letter ? event.key.toLowerCase() : event.key;
  // A shifted character is its own key; Shift counts for named keys and beside Ctrl.
  if (event.shiftKey && (!letter || event.ctrlKey || event.metaKey)) name = `Shift+${name}`;
  if (event.altKey && !graph) name = `Alt+${name}`;
  if ((event.ctrlKey || event.metaKey) && !graph) name = `Ctrl+${name}`;
  return name;
}

function isTyping(target) {
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

// Enter on a button, a link or a disclosure presses it.
function belongsToControl(event) {
  return event.key === "Enter" && !event.ctrlKey && event.target.closest("button, a, summary") !== null;
}
