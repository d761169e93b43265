// Rows of a table are read, written, cut and joined without losing a text.

import assert from "node:assert/strict";
import { test } from "node:test";

import { adopted, emptyRow, joined, parse, plain, rowOf, split, textOf } from "../../extraction/static/extraction/review/table/rows.js";

const COLUMNS = [{ name: "description", typed: false }, { name: "quantity", typed: true }, { name: "amount", typed: true }];

test("rows are written as the server writes them", () => {
  const text = '[{"description": "Café \\"A\\"", "amount": null}, {"amount": "3.00"}]';
  assert.equal(textOf(parse(text)), text);
});

for (const text of ["", "no rows", "12", '{"a": 1}', "[[[", "null"]) {
  test(`a text without rows has none: ${text}`, () => assert.deepEqual(parse(text), []));
}

test("cells keep what they hold: other types as text, white space once, unknown columns too", () => {
  const [row] = parse('[{"amount": 3.5, "description": " a \\n b ", "old": {"x": 1}, "quantity": ""}]');
  assert.deepEqual(row.cells, { amount: "3.5", description: "a b", old: '{"x":1}', quantity: null });
});

test("an inserted row is part of the value once something stands in it", () => {
  const row = emptyRow(COLUMNS);
  assert.equal(textOf([row]), "[]");
  row.cells.amount = "3.00";
  assert.equal(textOf([row]), '[{"description": null, "quantity": null, "amount": "3.00"}]');
});

test("a row whose last text is cleared is no part of the value any more; one that was read so is until then", () => {
  const rows = parse('[{"amount": "1.00"}, {"amount": null}]');
  assert.equal(textOf(rows), '[{"amount": "1.00"}, {"amount": null}]');
  for (const row of rows) Object.assign(row, { fresh: true, cells: { amount: null } });
  assert.equal(textOf(rows), "[]");
});

for (const [title, cells, column, options, expected] of [
  ["at the caret", { description: "Coffee Tea", amount: "3.00" }, "description", { caret: 7 }, ["Coffee|3.00", "Tea|"]],
  ["at the printed line", { description: "Coffee Tea", amount: "3.00 4.50" }, "amount", { cuts: { description: 7 } }, ["Coffee|3.00", "Tea|4.50"]],
  ["between two amounts with their currency", { description: "Coffee", amount: "RM 3.00 RM 4.50" }, "amount", {}, ["Coffee|RM 3.00", "|RM 4.50"]],
  ["at the cell", { description: "Coffee", amount: "3.00" }, "amount", {}, ["Coffee|", "|3.00"]],
  ["at an edge of the text, which is no place", { description: "Coffee Tea", amount: "3.00 4.50" }, "description", { caret: 0 }, ["|3.00", "Coffee Tea|4.50"]],
]) {
  test(`a row is split ${title}`, () => {
    const rows = split(rowOf(cells), [COLUMNS[0], COLUMNS[2]], column, options);
    assert.deepEqual(rows.map((row) => `${row.cells.description ?? ""}|${row.cells.amount ?? ""}`), expected);
  });
}

test("splitting and joining lose no text", () => {
  for (const caret of [null, 3, 6]) {
    const row = rowOf({ description: "Coffee Tea", quantity: "1 2", amount: "3.00 4.50", old: "kept" });
    const [first, second] = split(row, COLUMNS, "description", { caret });
    const { cells } = joined(first, second, COLUMNS);
    for (const name of Object.keys(row.cells)) assert.equal(cells[name].replaceAll(" ", ""), row.cells[name].replaceAll(" ", ""));
  }
});

test("joined rows keep an amount that both have once, and different ones both", () => {
  const rows = ["3.00", "4.50"].map((amount) => rowOf({ description: "a", quantity: "1", amount }));
  assert.deepEqual(joined(...rows, COLUMNS).cells, { description: "a a", quantity: "1", amount: "3.00 4.50" });
});

test("an unknown cell stays unknown", () => {
  const rows = [rowOf({ amount: "3.00" }), rowOf({ amount: null })];
  assert.deepEqual(joined(...rows, COLUMNS).cells, { amount: "3.00" });
  assert.deepEqual(split(rows[0], COLUMNS, "amount")[0].cells, { amount: null });
});

test("rows that are still there keep what the page knows of them", () => {
  const old = parse('[{"a": "1"}, {"a": "1"}, {"a": "2"}]');
  for (const row of old) row.seen = true;
  const rows = adopted(parse('[{"a": "0"}, {"a": "1"}, {"a": "2"}, {"a": "1"}, {"a": "1"}]'), old);
  assert.deepEqual(rows.map((row) => row.seen), [false, true, true, true, false]);
});

test("a text is null where only white space stands", () => assert.equal(plain(" \n\t"), null));
