// What every page needs: messages, dialogs, typed confirmations, errors of fragments.
"use strict";

window.kd = {
  // The header that Django wants with every request that changes something.
  csrf() {
    return JSON.parse(document.body.getAttribute("hx-headers"));
  },

  // Show one sentence at the top of the page. kind: "good", "warn" or "bad".
  flash(kind, sentence) {
    const item = document.createElement("li");
    item.className = `flash ${kind}`;
    item.setAttribute("role", kind === "bad" ? "alert" : "status");
    const text = document.createElement("span");
    text.textContent = sentence;
    const close = document.createElement("button");
    close.className = "close";
    close.type = "button";
    close.dataset.closes = "";
    close.setAttribute("aria-label", "Close this message");
    close.textContent = "×";
    item.append(text, close);
    const flashes = document.getElementById("flashes");
    // The same sentence again replaces the first one: a poll that fails must not fill the page.
    [...flashes.children].filter((other) => other.firstElementChild?.textContent === sentence).forEach((other) => other.remove());
    flashes.append(item);
  },
};

document.addEventListener("click", (event) => {
  const closer = event.target.closest("[data-closes]");
  if (closer) closer.closest("li, dialog").remove();
  const opener = event.target.closest("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens).showModal();
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("input", (event) => {
  const wanted = event.target.dataset?.confirms;
  if (wanted === undefined) return;
  event.target.form.querySelector("[type=submit], button:not([type])").disabled = event.target.value.trim() !== wanted;
});

document.addEventListener("change", (event) => {
  if (event.target.dataset?.submits !== undefined) event.target.form.requestSubmit();
});

document.addEventListener("submit", (event) => {
  // A second click while the first is on its way would do the same thing twice.
  const method = event.submitter?.getAttribute("formmethod") || event.target.method;
  if (method !== "post" || event.defaultPrevented) return;
  if (event.target.dataset.sent) event.preventDefault();
  else event.target.dataset.sent = "yes";
});

window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});

document.addEventListener("htmx:responseError", (event) => {
  const answer = event.detail.xhr;
  const plain = (answer.getResponseHeader("Content-Type") || "").startsWith("text/plain");
  window.kd.flash("bad", plain ? answer.responseText : `The server could not do this (error ${answer.status}).`);
});

document.addEventListener("htmx:sendError", () => {
  window.kd.flash("bad", "The server cannot be reached; this page tries again.");
});
