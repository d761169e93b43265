// Messages at the top of the page (ul.flashes).

import { gettext } from "./sentences.js";

// Show one sentence. kind: "good", "warn" or "bad".
export function flash(kind, sentence) {
  const item = document.createElement("li");
  item.className = `flash ${kind}`;
  item.setAttribute("role", kind === "bad" ? "alert" : "status");
  const text = document.createElement("span");
  text.textContent = sentence;
  item.append(text, closeButton());
  const flashes = document.getElementById("flashes");
  // A repeated sentence replaces the earlier one: a failing poll must not fill the page.
  [...flashes.children].filter((other) => other.firstElementChild?.textContent === sentence).forEach((other) => other.remove());
  flashes.append(item);
}

function closeButton() {
  const button = document.createElement("button");
  button.className = "close";
  button.type = "button";
  button.dataset.closes = "";
  button.setAttribute("aria-label", gettext("Close this message"));
  button.textContent = "×";
  return button;
}
