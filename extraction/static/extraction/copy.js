// Buttons that copy a text of the page: <button data-copies="id of the element">.
"use strict";

const SAID_FOR = 2000;

// Browsers offer the clipboard only over TLS and on this machine; elsewhere the text is selected and copied as by hand.
async function copied(element) {
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
  const done = await copied(document.getElementById(button.dataset.copies)).catch(() => false);
  if (!done) {
    window.kd.flash("bad", "The browser did not let the text be copied; select it and copy it by hand.");
    return;
  }
  button.dataset.label ??= button.textContent;
  button.textContent = "Copied";
  setTimeout(() => { button.textContent = button.dataset.label; }, SAID_FOR);
});
