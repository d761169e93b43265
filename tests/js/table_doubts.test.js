// Doubtful cells are visited in order, and what the server says is taken for the cells that it was asked about.

import assert from "node:assert/strict";
import { test } from "node:test";

import { asked, cellsOn, nextDoubt, takeChecks, takePlaces } from "../../extraction/static/extraction/review/table/doubts.js";
import { rowOf } from "../../extraction/static/extraction/review/table/rows.js";

const COLUMNS = [{ name: "a" }, { name: "b" }];
const rows = () => ["1", "2", "3"].map((text) => rowOf({ a: text, b: text }));

for (const [title, doubts, from, expected] of [
  ["the first without a cell", [[1, "b"], [2, "a"]], [], { row: 1, column: 1 }],
  ["the next row", [[1, "b"], [2, "a"]], [1], { row: 2, column: 0 }],
  ["the next cell of the row", [[1, "a"], [1, "b"]], [1, 0], { row: 1, column: 1 }],
  ["the top again", [[0, "a"]], [2], { row: 0, column: 0 }],
  ["the same row where it is the only one", [[1, "a"]], [1], { row: 1, column: 0 }],
  ["none", [], [1], null],
]) {
  test(`the next doubtful cell is ${title}`, () => {
    const held = rows();
    takeChecks(held, doubts.map(([row, column]) => [row, column, "unreadable"]));
    assert.deepEqual(nextDoubt(held, COLUMNS, ...from), expected);
  });
}

test("accepted rows and tables without rows have no doubtful cell", () => {
  const held = rows();
  takeChecks(held, [[0, "a", "unreadable"]]);
  held[0].seen = true;
  assert.equal(nextDoubt(held, COLUMNS), null);
  assert.equal(nextDoubt([], COLUMNS, 0), null);
});

test("new checks take the place of the old ones and leave the student's", () => {
  const held = rows();
  takePlaces(asked(held), [{ a: { spans: [], doubt: "unsure", read: null } }]);
  takeChecks(held, [[0, "b", "unreadable"], [9, "b", "unreadable"]]);
  takeChecks(held, []);
  assert.deepEqual(held[0].doubts, { a: { code: "unsure", read: null, ofStudent: true } });
});

test("an answer is for the cells as they were asked about", () => {
  const held = rows();
  const before = asked(held);
  held[0].cells.a = "changed";
  held.splice(1, 1);
  takePlaces(before, [{ a: { spans: [[0, 0, 0, 0, null]], doubt: "other", read: "x" }, b: { spans: [[0, 1, 1, 0, null]] } }, {}, { a: { spans: [[0, 5, 6, 0, null]] } }]);
  assert.deepEqual([held[0].places, held[0].doubts], [{ b: [[0, 1, 1, 0, null]] }, {}]);
  assert.deepEqual(cellsOn(held, COLUMNS, 0, 6), [{ row: 1, column: 0 }]);
  assert.deepEqual(cellsOn(held, COLUMNS, 1, 6), []);
});
