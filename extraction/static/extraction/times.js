// Times in the reader's time zone: the server writes <time datetime="…Z" data-time="minute|day|ago"> in UTC.

import { language } from "./sentences.js";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DONE = "localTime";
const two = (number) => String(number).padStart(2, "0");
const zone = new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, { timeZoneName: "short" });
const date = new Intl.DateTimeFormat(language, { dateStyle: "medium" });

function zoneName(time) {
  return zone.formatToParts(time).find((part) => part.type === "timeZoneName")?.value ?? "";
}

export function day(time) {
  if (language !== "en") return date.format(time);
  return `${time.getDate()} ${MONTHS[time.getMonth()]} ${time.getFullYear()}`;
}

export function minute(time) {
  return `${day(time)}, ${two(time.getHours())}:${two(time.getMinutes())}`;
}

export function localize(root) {
  for (const element of root.querySelectorAll("time[data-time]")) {
    const time = new Date(element.dateTime);
    if (DONE in element.dataset || Number.isNaN(time.getTime())) continue;
    element.dataset[DONE] = "";
    element.title = `${minute(time)} ${zoneName(time)}`.trim();
    if (element.dataset.time === "minute") element.textContent = minute(time);
    if (element.dataset.time === "day") element.textContent = day(time);
  }
}

if (globalThis.document) {
  localize(document);
  document.addEventListener("htmx:afterSettle", () => localize(document));
  document.addEventListener("htmx:oobAfterSwap", () => localize(document));
}
