// Whether the rows of a table add up, shown at the table and at the amounts that it is compared with.

import { gettext, ngettext } from "../../sentences.js";
import { compare } from "./sums.js";

// fields: those of the page; names: of the fields that may hold a sum.
export function paintSums(fields, names) {
  const sums = fields.filter(({ name }) => names.includes(name));
  for (const field of sums) field.row.querySelector(".review-sum")?.remove();
  for (const table of fields.filter(({ data }) => data.table?.amount)) {
    const result = compare(hasRows(table) ? table.data.table.sum : null, sums.map(({ name, data }) => ({ name, amount: data.amount })));
    paintAtTable(table, result, sums);
    if (result) for (const field of sums) paintAtField(field, table, result);
  }
}

function hasRows({ data }) {
  return Boolean(data.value) && data.value !== "[]";
}

function paintAtTable(field, result, sums) {
  const line = field.row.querySelector(".review-table .review-sum");
  line.hidden = !hasRows(field);
  if (line.hidden) return;
  const { sum, unread } = field.data.table;
  const parts = [said(sum, result, sums)];
  if (unread) parts.push(ngettext("without %(count)s amount that cannot be read", "without %(count)s amounts that cannot be read", unread));
  line.textContent = parts.join(" · ");
  line.className = `review-sum small num ${tone(result)}`;
}

function said(sum, result, sums) {
  if (!result) return gettext("Sum %(sum)s", { sum });
  if (result.met.length) return gettext("Sum %(sum)s, the same as %(field)s", { sum, field: titles(sums, result.met) });
  return gettext("Sum %(sum)s, %(difference)s against %(field)s", { sum, difference: signed(result.difference), field: titles(sums, [result.nearest]) });
}

function paintAtField(field, table, { met, nearest, difference }) {
  if (!met.includes(field.name) && (met.length || field.name !== nearest)) return;
  const line = document.createElement("p");
  line.className = `review-sum small num ${met.length ? "good" : "bad"}`;
  const values = { table: table.data.title, sum: table.data.table.sum, difference: signed(difference ?? "0") };
  line.textContent = met.length ? gettext("%(table)s: sum %(sum)s", values) : gettext("%(table)s: sum %(sum)s, %(difference)s", values);
  field.meta.before(line);
}

function tone(result) {
  if (!result) return "";
  return result.met.length ? "good" : "bad";
}

function titles(fields, names) {
  return fields.filter(({ name }) => names.includes(name)).map(({ data }) => data.title).join(", ");
}

function signed(difference) {
  return difference.startsWith("-") ? `−${difference.slice(1)}` : `+${difference}`;
}
