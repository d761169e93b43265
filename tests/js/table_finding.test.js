// A typed text is found on the page where it stands once, or nearest to the rest of its row.

import assert from "node:assert/strict";
import { test } from "node:test";

import { find } from "../../extraction/static/extraction/review/table/finding.js";

const WORDS = ["Green", "tea", "3.00", "Toast", "3.00", "Tea"].map((text, line) => [text, 0, line / 10, 0.1, line / 10 + 0.05]);
const at = (line, page = 0) => ({ page, x0: 0, y0: line / 10, x1: 1, y1: line / 10 + 0.05 });

for (const [title, text, band, expected] of [
  ["it stands once", "green TEA", null, [[0, 0, 1, 0, null]]],
  ["it stands twice and nothing tells which", "3.00", null, []],
  ["it stands twice and one is in the row", "3.00", at(4), [[0, 4, 4, 0, null]]],
  ["it stands twice and one is nearer", "3.00", at(1), [[0, 2, 2, 0, null]]],
  ["it stands on another page than the row", "toast", at(0, 1), [[0, 3, 3, 0, null]]],
  ["it is a part of a word", "Toa", null, []],
  ["it does not stand there", "Coffee", at(1), []],
  ["it is empty", "", null, []],
  ["it is null", null, null, []],
]) {
  test(`a text is looked for: ${title}`, () => assert.deepEqual(find(text, [WORDS], band), expected));
}
