// Whether the rows of a table add up, shown at the table and at the amounts that it is compared with.

import { gettext, language, ngettext } from "../../sentences.js";
import { compare } from "./sums.js";

// fields: those of the page; roles: what some of them are to a sum, by name.
export function paintSums(fields, roles) {
  const sums = fields.filter(({ name }) => name in roles);
  for (const field of sums) field.row.querySelector(".review-sum")?.remove();
  for (const table of fields.filter(({ data }) => data.table?.amount)) {
    const result = compare(hasRows(table) ? table.data.table.sum : null, sums.map(({ name, data }) => ({ name, amount: data.amount, role: roles[name] })));
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
  line.className = `review-sum small num ${tone(result)}`.trimEnd();
}

function said(text, result, sums) {
  const sum = amount(text);
  if (!result) return gettext("Sum %(sum)s", { sum });
  const values = { sum, field: titles(sums, result.met.length ? result.met : [result.nearest]) };
  if (result.taxed) return gettext("Sum %(sum)s, with the taxes the same as %(field)s", values);
  if (result.met.length) return gettext("Sum %(sum)s, the same as %(field)s", values);
  values.difference = signed(result.difference);
  if (result.wrong) return gettext("Sum %(sum)s, %(difference)s against %(field)s", values);
  if (result.difference.startsWith("-")) return gettext("Sum %(sum)s, %(difference)s against %(field)s: taxes?", values);
  return gettext("Sum %(sum)s, %(difference)s against %(field)s: a discount?", values);
}

function paintAtField(field, table, result) {
  const { met, nearest, difference } = result;
  if (!met.includes(field.name) && (met.length || field.name !== nearest)) return;
  const line = document.createElement("p");
  line.className = `review-sum small num ${tone(result)}`.trimEnd();
  const values = { table: table.data.title, sum: amount(table.data.table.sum), difference: signed(difference ?? "0") };
  line.textContent = met.length ? gettext("%(table)s: sum %(sum)s", values) : gettext("%(table)s: sum %(sum)s, %(difference)s", values);
  field.meta.before(line);
}

function tone(result) {
  if (result?.met.length) return "good";
  return result?.wrong ? "bad" : "";
}

function titles(fields, names) {
  return fields.filter(({ name }) => names.includes(name)).map(({ data }) => data.title).join(", ");
}

// A decimal as the page's language writes it, with its digits after the point.
function amount(text) {
  const digits = Math.min(text.split(".")[1]?.length ?? 0, 20);
  return Number(text).toLocaleString(language, { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

function signed(difference) {
  return difference.startsWith("-") ? `−${amount(difference.slice(1))}` : `+${amount(difference)}`;
}
