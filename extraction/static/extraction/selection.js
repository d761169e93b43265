// Marked documents of the list: all of a page at once, their number, and the marks when htmx brings the list anew.

import { gettext } from "./sentences.js";

const list = () => document.getElementById("document-list");
const boxes = () => [...document.querySelectorAll("#document-list input[name=pk]")];
const everything = () => document.querySelector("#bulk input[name=all]");
const marked = new Set();
let all = false;

// Write what is marked into the list: boxes, head and number.
function show() {
  const rows = boxes();
  rows.forEach((box) => {
    box.checked = all || marked.has(box.value);
    box.disabled = all;
    box.closest("tr")?.classList.toggle("selected", box.checked);
  });
  if (everything()) everything().checked = all;
  const number = rows.filter((box) => box.checked).length;
  const head = document.querySelector("[data-marks-all]");
  if (head) {
    head.hidden = false;
    head.disabled = all;
    head.checked = number > 0 && number === rows.length;
    head.indeterminate = number > 0 && number < rows.length;
  }
  const text = document.querySelector("[data-marked]");
  if (text) text.textContent = all ? gettext("all marked") : gettext("%(count)s marked", { count: number });
}

// Documents that are not in the list any more cannot be marked.
function forget() {
  const present = new Set(boxes().map((box) => box.value));
  [...marked].filter((value) => !present.has(value)).forEach((value) => marked.delete(value));
}

// The browser may have kept the marks of a page that it shows again.
function read() {
  all = Boolean(everything()?.checked);
  marked.clear();
  boxes().filter((box) => box.checked && !all).forEach((box) => marked.add(box.value));
  show();
}

document.addEventListener("change", (event) => {
  const box = event.target;
  if (box === everything()) all = box.checked;
  else if (box.matches("[data-marks-all]")) boxes().forEach((row) => (box.checked ? marked.add(row.value) : marked.delete(row.value)));
  else if (box.matches("#document-list input[name=pk]")) (box.checked ? marked.add(box.value) : marked.delete(box.value));
  else return;
  show();
});

document.addEventListener("htmx:afterSettle", () => {
  if (!list()) return;
  forget();
  show();
});

window.addEventListener("pageshow", read);
