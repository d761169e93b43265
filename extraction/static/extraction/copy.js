// Buttons that copy an element's text to the clipboard: <button data-copies="element id">.

import { flash } from "./messages.js";
import { gettext } from "./sentences.js";

const CONFIRMATION_MS = 2000;

// The Clipboard API exists only over TLS and on localhost; elsewhere the text is selected and copied with execCommand.
async function copyText(element) {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(element.textContent);
    return true;
  }
  getSelection().selectAllChildren(element);
  return document.execCommand("copy");
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copies]");
  if (!button) return;
  const copied = await copyText(document.getElementById(button.dataset.copies)).catch(() => false);
  if (!copied) {
    flash("bad", gettext("The browser did not let the text be copied; select it and copy it by hand."));
    return;
  }
  button.dataset.label ??= button.textContent;
  button.textContent = gettext("Copied");
  setTimeout(() => { button.textContent = button.dataset.label; }, CONFIRMATION_MS);
});
