// Sentences in the page's language: the catalogue of the page, and English without one.

import assert from "node:assert/strict";
import { test } from "node:test";

const MODULE = "../../extraction/static/extraction/sentences.js";
const CATALOGUE = { "%(count)s file": ["%(count)s Datei", "%(count)s Dateien"], "Saved by %(name)s": ["Von %(name)s gespeichert"] };

function page(lang, catalogue) {
  const element = catalogue && { textContent: JSON.stringify(catalogue) };
  globalThis.document = { documentElement: { lang }, getElementById: (id) => (id === "sentences" ? element : null) };
}

test("without a page sentences are English", async () => {
  delete globalThis.document;
  const { gettext, language, ngettext } = await import(`${MODULE}?none`);
  assert.equal(language, "en");
  assert.equal(gettext("Saved by %(name)s", { name: "anna" }), "Saved by anna");
  assert.equal(ngettext("%(count)s file", "%(count)s files", 1), "1 file");
  assert.equal(ngettext("%(count)s file", "%(count)s files", 0), "0 files");
});

test("a German page brings its sentences and its forms", async () => {
  page("de", CATALOGUE);
  const { gettext, language, ngettext } = await import(`${MODULE}?german`);
  assert.equal(language, "de");
  assert.equal(gettext("Saved by %(name)s", { name: "anna" }), "Von anna gespeichert");
  assert.equal(ngettext("%(count)s file", "%(count)s files", 1), "1 Datei");
  assert.equal(ngettext("%(count)s file", "%(count)s files", 3), "3 Dateien");
});

test("what the catalogue lacks stays English, and values are not read as places", async () => {
  page("de", CATALOGUE);
  const { gettext } = await import(`${MODULE}?lacking`);
  assert.equal(gettext("Not known"), "Not known");
  assert.equal(gettext("Saved by %(name)s", { name: "%(count)s $&" }), "Von %(count)s $& gespeichert");
});

test("a name of a method is no sentence", async () => {
  page("de", CATALOGUE);
  const { gettext } = await import(`${MODULE}?method`);
  assert.equal(gettext("toString"), "toString");
});

test("numbers are grouped as the language writes them, texts stay as they are", async () => {
  for (const [lang, grouped] of [["en", "12,345"], ["de", "12.345"]]) {
    page(lang);
    const { gettext, ngettext } = await import(`${MODULE}?grouped-${lang}`);
    assert.equal(ngettext("%(count)s file", "%(count)s files", 12345), `${grouped} files`);
    assert.equal(gettext("Page %(number)s of %(total)s", { number: 12345, total: "12345" }), `Page ${grouped} of 12345`);
  }
});
