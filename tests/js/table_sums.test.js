// A sum of amounts meets the fields with the same amount, else the nearest one is named with the difference.

import assert from "node:assert/strict";
import { test } from "node:test";

import { compare } from "../../extraction/static/extraction/review/table/sums.js";

const ROLES = { net: "net", subtotal: "net", tax: "tax" };
const fields = (amounts) => Object.entries(amounts).map(([name, amount]) => ({ name, amount, role: ROLES[name] ?? "total" }));

for (const [title, sum, amounts, expected] of [
  ["meets", "12.50", { subtotal: "11.79", total: "12.50" }, { met: ["total"], nearest: "total", difference: null }],
  ["meets both", "12.5", { subtotal: "12.50", total: "12.50" }, { met: ["subtotal", "total"], nearest: "subtotal", difference: null }],
  ["meets with the taxes", "10.00", { tax: "2.00", total: "12.00" }, { met: ["total"], taxed: true, nearest: "total", difference: null }],
  ["meets what is before taxes alone", "10.00", { net: "10.00", tax: "2.00", total: "12.00" }, { met: ["net"], nearest: "net", difference: null }],
  ["misses", "12.00", { subtotal: "20.00", total: "12.50" }, { met: [], nearest: "total", difference: "-0.50", wrong: true }],
  ["misses with the taxes", "9.00", { tax: "2.00", total: "12.00" }, { met: [], nearest: "total", difference: "-3.00", wrong: true }],
  ["would meet without the taxes", "14.00", { tax: "2.00", total: "12.00" }, { met: [], nearest: "total", difference: "2.00", wrong: true }],
  ["may lack taxes that no field holds", "10.00", { total: "12.00" }, { met: [], nearest: "total", difference: "-2.00" }],
  ["may lack taxes that nobody read", "10.00", { net: null, tax: null, total: "12.00" }, { met: [], nearest: "total", difference: "-2.00" }],
  ["may hold what was discounted", "0.30", { total: "0.10" }, { met: [], nearest: "total", difference: "0.20" }],
  ["has nothing to meet", "12.00", { total: null, tax: "1.00" }, null],
  ["is none", null, { total: "12.00" }, null],
]) {
  const whole = expected && { taxed: false, wrong: false, ...expected };
  test(`a sum that ${title}`, () => assert.deepEqual(compare(sum, fields(amounts)), whole));
}
