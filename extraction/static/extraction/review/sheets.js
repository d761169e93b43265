// Sheets (documents under review): fetched as HTML fragments, with their images decoded in advance.

import { gettext, language } from "../sentences.js";
import { Picture } from "./picture.js";

// Fetch a document's sheet; null if the server has none (204). Throws on network errors and other responses.
export async function fetchSheet(url, onChoose) {
  const address = new URL(url, location.href);
  address.searchParams.set("part", "sheet");
  const response = await fetch(address, { headers: { Accept: "text/html" } });
  if (response.status === 204) return null;
  if (!response.ok || !response.headers.get("Content-Type").startsWith("text/html")) throw new Error(`${response.status}`);
  const holder = document.createElement("template");
  holder.innerHTML = await response.text();
  const article = holder.content.querySelector(".review-sheet");
  // After a session has ended the response is the login page.
  if (!article) throw new Error("no sheet");
  return build(document.adoptNode(article), onChoose);
}

// Build a sheet from its article.
export function build(article, onChoose) {
  const data = JSON.parse(article.querySelector("script[type='application/json']").textContent);
  const sheet = {
    article, data,
    document: Number(article.dataset.document), name: article.dataset.name, url: article.dataset.url,
    decided: article.dataset.decided === "yes", truth: article.dataset.truth === "yes",
  };
  // References that keep the browser from discarding the decoded images before they are shown.
  sheet.pictures = data.pages.map((page) => Object.assign(new Image(), { src: page.image }));
  sheet.ready = Promise.allSettled(sheet.pictures.map((picture) => picture.decode()));
  sheet.picture = new Picture(article, data.pages, (words, band) => onChoose(sheet, words, band));
  return sheet;
}

// Reviewed documents and all documents, as shown on a sheet.
export function tally(sheet) {
  const bar = sheet.article.querySelector(".review-tally progress");
  return { done: bar.value, total: bar.max };
}

export function showTally(sheet, { done, total }) {
  const bar = sheet.article.querySelector(".review-tally progress");
  bar.max = total;
  bar.value = Math.min(done, total);
  bar.nextElementSibling.textContent = gettext("%(done)s of %(total)s reviewed", { done: bar.value.toLocaleString(language), total: total.toLocaleString(language) });
}
