// A sum of amounts meets the fields with the same amount, else the nearest one is named with the difference.

import assert from "node:assert/strict";
import { test } from "node:test";

import { compare } from "../../extraction/static/extraction/review/table/sums.js";

const fields = (amounts) => Object.entries(amounts).map(([name, amount]) => ({ name, amount }));

for (const [title, sum, amounts, expected] of [
  ["meets", "12.50", { subtotal: "11.79", total: "12.50" }, { met: ["total"], nearest: "total", difference: null }],
  ["meets both", "12.5", { subtotal: "12.50", total: "12.50" }, { met: ["subtotal", "total"], nearest: "subtotal", difference: null }],
  ["misses", "12.00", { subtotal: "20.00", total: "12.50" }, { met: [], nearest: "total", difference: "-0.50" }],
  ["exceeds", "0.30", { total: "0.10" }, { met: [], nearest: "total", difference: "0.20" }],
  ["has nothing to meet", "12.00", { total: null }, null],
  ["is none", null, { total: "12.00" }, null],
]) {
  test(`a sum that ${title}`, () => assert.deepEqual(compare(sum, fields(amounts)), expected));
}
