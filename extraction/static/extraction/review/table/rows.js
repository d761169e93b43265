// Rows of a group: read from a label's text, written as the server writes it, cut in two and joined. No DOM.
//
// A row: {cells, fresh, doubts, places, clash, seen}
//   cells    texts by column; null: not printed in the row; a column that is left out: unknown
//   fresh    made or changed here: without any text it is no part of the value, but stays where it is being edited
//   doubts   reasons to look at a cell, by column
//   places   spans of the words on which a cell stands, by column
//   clash    the same row of another reviewer, {theirs} (null: removed), until one of the two is chosen
//   seen     accepted by the reviewer

export function rowOf(cells, { fresh = true } = {}) {
  return { cells, fresh, doubts: {}, places: {}, clash: null, seen: false };
}

// The rows that a label's text holds; none where it holds no list of objects.
export function parse(text) {
  let held;
  try {
    held = JSON.parse(text);
  } catch {
    return [];
  }
  if (!Array.isArray(held)) return [];
  return held.filter((row) => row !== null && typeof row === "object").map((row) => rowOf(Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)])), { fresh: false }));
}

// The text of rows as the server writes it, so that equal rows are equal texts.
export function textOf(rows) {
  return `[${stored(rows).map(rowText).join(", ")}]`;
}

// The rows that are part of the value.
export function stored(rows) {
  return rows.filter((row) => !row.fresh || hasText(row));
}

export function hasText({ cells }) {
  return Object.values(cells).some((text) => text !== null);
}

export function rowText({ cells }) {
  return `{${Object.entries(cells).map(([name, text]) => `${JSON.stringify(name)}: ${JSON.stringify(text)}`).join(", ")}}`;
}

// A cell's text with single spaces; null for an empty one.
export function plain(value) {
  if (value === null || value === undefined) return null;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.replaceAll("\u0000", " ").split(/\s+/u).filter(Boolean).join(" ") || null;
}

export function emptyRow(columns) {
  return rowOf(Object.fromEntries(columns.map(({ name }) => [name, null])));
}

// The new rows in place of the old ones; a row that is still there keeps its places and that it was seen.
export function adopted(rows, old) {
  const known = new Map();
  for (const row of old) {
    const text = rowText(row);
    known.set(text, [...(known.get(text) ?? []), row]);
  }
  return rows.map((row) => {
    const same = known.get(rowText(row))?.shift();
    return same ? Object.assign(same, { fresh: false, clash: null }) : row;
  });
}

// Cut a row in two at a cell. caret: offset in the cell's text, or null; cuts: by column the offset at which a cell goes
// on on the next printed line. A cell with several values of a typed column is cut after the first of them. Where
// nothing tells the place, the cell and those to the right of it become the second row.
export function split(row, columns, column, { caret = null, cuts = {} } = {}) {
  const at = columns.findIndex(({ name }) => name === column);
  const offsets = columns.map((each) => offsetOf(each, row.cells[each.name], each.name === column ? caret : null, cuts[each.name]));
  const first = { ...row.cells };
  const second = Object.fromEntries(columns.map(({ name }) => [name, null]));
  for (const [index, { name }] of columns.entries()) {
    const text = row.cells[name] ?? "";
    const moves = offsets[at] === null && index >= at ? 0 : text.length;
    const offset = offsets[index] ?? moves;
    first[name] = name in row.cells || offset ? plain(text.slice(0, offset)) : row.cells[name];
    second[name] = plain(text.slice(offset));
    if (first[name] === undefined) delete first[name];
  }
  return [rowOf(first), rowOf(second)];
}

function offsetOf({ typed }, text, caret, cut) {
  if (!text) return null;
  if (caret !== null && caret > 0 && caret < text.length) return caret;
  if (cut) return cut;
  return typed ? afterFirstValue(text) : null;
}

// The end of the first of several values; null where there is one only.
function afterFirstValue(text) {
  const values = [...text.matchAll(/\S*\d\S*/gu)];
  return values.length > 1 ? values[0].index + values[0][0].length : null;
}

// One row of two: texts one after the other; of numbers and amounts the same one counts once.
export function joined(above, below, columns) {
  const cells = { ...above.cells };
  for (const { name, typed } of columns) {
    const [one, other] = [above.cells[name], below.cells[name]];
    if (other === undefined && one === undefined) continue;
    const parts = typed && one === other ? [one] : [one, other];
    cells[name] = plain(parts.filter(Boolean).join(" "));
  }
  for (const [name, value] of Object.entries(below.cells)) if (!(name in cells)) cells[name] = value;
  const row = rowOf(cells);
  for (const { name } of columns) {
    const spans = [...(above.places[name] ?? []), ...(below.places[name] ?? [])];
    if (spans.length) row.places[name] = spans;
  }
  return row;
}
