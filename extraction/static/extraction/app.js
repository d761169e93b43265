// Behaviour common to all pages: dialogs, menus, typed confirmations, double submission, errors of htmx requests.

import { failure } from "./failures.js";
import { flash } from "./messages.js";
import { gettext } from "./sentences.js";
import "./scrolling.js";

document.addEventListener("click", (event) => {
  const closer = event.target.closest("[data-closes]");
  if (closer) closer.closest("li, dialog").remove();
  const opener = event.target.closest("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens).showModal();
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

// data-confirms: the text that enables the form's submit button.
document.addEventListener("input", (event) => {
  const expected = event.target.dataset?.confirms;
  if (expected === undefined) return;
  event.target.form.querySelector("[type=submit], button:not([type])").disabled = event.target.value.trim() !== expected;
});

// data-submits: a control that submits its form on change.
document.addEventListener("change", (event) => {
  if (event.target.dataset?.submits !== undefined) event.target.form.requestSubmit();
});

document.addEventListener("submit", (event) => {
  // Blocks a second submission while the first is in flight.
  const method = event.submitter?.getAttribute("formmethod") || event.target.method;
  if (method !== "post" || event.defaultPrevented) return;
  if (event.target.dataset.sent) event.preventDefault();
  else event.target.dataset.sent = "yes";
});

// The browser's back-forward cache restores forms in their submitted state.
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});

document.addEventListener("htmx:responseError", (event) => {
  const response = event.detail.xhr;
  const plain = (response.getResponseHeader("Content-Type") || "").startsWith("text/plain");
  flash("bad", failure(response.status, plain ? response.responseText : ""));
});

// What the page asks for by itself it asks for again; what somebody sent is to be sent again by them.
document.addEventListener("htmx:sendError", (event) => {
  const polls = event.detail.requestConfig?.verb === "get";
  flash("bad", polls ? gettext("The server cannot be reached; this page tries again.") : failure(0));
});
