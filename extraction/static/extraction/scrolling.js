// Tables that are wider than their place scroll: then the keyboard can reach them, and they have a name. Tabs begin where
// the present one is seen.

import { gettext } from "./sentences.js";

const SCROLLING = ".table-wrap";

const observer = new ResizeObserver((entries) => entries.forEach(({ target }) => paint(target)));

function watch(root) {
  for (const wrap of root.querySelectorAll(SCROLLING)) observer.observe(wrap);
}

function paint(wrap) {
  const scrolls = wrap.scrollWidth > wrap.clientWidth;
  if (!scrolls) return ["tabindex", "role", "aria-label"].forEach((name) => wrap.removeAttribute(name));
  wrap.tabIndex = 0;
  wrap.setAttribute("role", "region");
  wrap.setAttribute("aria-label", gettext("%(title)s, scrollable", { title: title(wrap) }));
}

// The caption of the table, else the heading of its panel.
function title(wrap) {
  const heading = wrap.querySelector("caption") ?? wrap.closest("section, .panel, details")?.querySelector("h2, h3, summary");
  return heading?.textContent.trim().replace(/\s+/gu, " ") || gettext("Table");
}

for (const tabs of document.querySelectorAll(".tabs")) {
  const present = tabs.querySelector("[aria-current]");
  if (present) tabs.scrollLeft = present.offsetLeft - tabs.offsetLeft - (tabs.clientWidth - present.offsetWidth) / 2;
}

watch(document);
document.addEventListener("htmx:afterSwap", () => watch(document));
