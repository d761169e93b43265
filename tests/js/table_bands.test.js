// Bands between rows and the place of a new row follow from the words on which cells stand.

import assert from "node:assert/strict";
import { test } from "node:test";

import { bandBetween, bandOf, placeFor } from "../../extraction/static/extraction/review/table/bands.js";
import { rowOf } from "../../extraction/static/extraction/review/table/rows.js";

// A word per line, ten lines on each of two pages.
const page = () => Array.from({ length: 10 }, (_, line) => [`w${line}`, 0.1, line / 10, 0.3, line / 10 + 0.05]);
const words = ([, first, last]) => page().slice(first, last + 1);
const at = (number, line) => Object.assign(rowOf({ a: "x" }), { places: { a: [[number, line, line, 0, null]] } });
const unplaced = rowOf({ a: "x" });

test("a row's band is around its words", () => assert.deepEqual(bandOf(at(1, 2), words), { page: 1, x0: 0.1, y0: 0.2, x1: 0.3, y1: 0.25 }));

test("a row without a place has no band", () => assert.equal(bandOf(unplaced, words), null));

test("words between two rows make a band", () => {
  assert.deepEqual(bandBetween(at(0, 2), at(0, 4), words, page), { page: 0, x0: 0, y0: 0.25, x1: 1, y1: 0.4 });
});

for (const [title, one, other] of [
  ["rows that follow one another", at(0, 2), at(0, 3)],
  ["rows of two pages", at(0, 2), at(1, 4)],
  ["the last row", at(0, 2), undefined],
  ["an unplaced row", at(0, 2), unplaced],
]) {
  test(`there is no band below ${title}`, () => assert.equal(bandBetween(one, other, words, page), null));
}

for (const [title, rows, band, expected] of [
  ["between two", [at(0, 1), at(0, 4)], { page: 0, y0: 0.25, y1: 0.3 }, 1],
  ["before the first", [at(0, 4)], { page: 0, y0: 0.1, y1: 0.15 }, 0],
  ["after the rows of a page before", [at(0, 9), at(1, 5)], { page: 1, y0: 0.1, y1: 0.15 }, 1],
  ["past one without a place", [at(0, 1), unplaced, at(0, 3)], { page: 0, y0: 0.5, y1: 0.55 }, 3],
  ["nowhere", [unplaced], { page: 0, y0: 0.5, y1: 0.55 }, null],
]) {
  test(`a row in a band stands ${title}`, () => assert.equal(placeFor(band, rows, words), expected));
}
