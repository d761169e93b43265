// Words on two printed lines tell where the cells of a row are cut.

import assert from "node:assert/strict";
import { test } from "node:test";

import { lineCuts } from "../../extraction/static/extraction/review/table/cuts.js";
import { rowOf } from "../../extraction/static/extraction/review/table/rows.js";

// The lines one below the other, their words as a page has them.
function pageOf(...lines) {
  return lines.flatMap((line, number) => line.split(" ").map((text, index) => [text, index / 10, number / 10, index / 10 + 0.05, number / 10 + 0.05]));
}

for (const [title, lines, text, expected] of [
  ["other words between", ["Green tea 2 8.40", "Toast 1 2.50"], "Green tea Toast", 10],
  ["a line below", ["Green tea", "Toast"], "GREEN TEA toast", 10],
  ["one line alone", ["Green tea Toast"], "Green tea Toast", undefined],
  ["nothing of it on the page", ["Coffee"], "Green tea Toast", undefined],
  ["the second part above", ["Toast 1", "Green tea 2"], "Green tea Toast", undefined],
]) {
  test(`a text is cut by its words on the pages: ${title}`, () => assert.equal(lineCuts(rowOf({ a: text }), () => [], [[], pageOf(...lines)]).a, expected));
}

test("the place of a cell comes before other places of its words", () => {
  const words = pageOf("Coffee Latte", "Tea");
  const row = Object.assign(rowOf({ a: "Coffee-Latte tea x" }), { places: { a: [[0, 0, 2, 0, null]] } });
  assert.equal(lineCuts(row, () => [words[0], words[2], words[2]], []).a, 13);
});

test("a cell without a text has no cut", () => assert.deepEqual(lineCuts(rowOf({ a: null }), () => [], [pageOf("a", "b")]), {}));
