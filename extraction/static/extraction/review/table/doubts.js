// Doubtful cells and the places of cells: what the server says of rows, and where to look next. No DOM.

// Take the checks of the stored rows, [row, column, code]; what the student thinks of a cell stays.
export function takeChecks(rows, checks) {
  for (const row of rows) row.doubts = Object.fromEntries(Object.entries(row.doubts).filter(([, doubt]) => doubt.ofStudent));
  for (const [number, column, code] of checks) if (rows[number]) rows[number].doubts[column] ??= { code };
}

// The rows as the server is asked about them: changed cells are not those of its answer.
export function asked(rows) {
  return rows.map((row) => ({ row, cells: { ...row.cells } }));
}

// Take the places of cells and the student's doubts, {column: {spans, doubt, read}} by row. rows: as `asked` gave them.
export function takePlaces(rows, found) {
  for (const [number, { row, cells }] of rows.entries()) {
    for (const [column, { spans, doubt, read }] of Object.entries(found[number] ?? {})) {
      if (row.cells[column] !== cells[column]) continue;
      if (!row.places[column]?.length) row.places[column] = spans;
      if (doubt) row.doubts[column] ??= { code: doubt, read, ofStudent: true };
    }
  }
}

export function isDoubtful(row) {
  return !row.seen && Object.keys(row.doubts).length > 0;
}

// The next doubtful cell {row, column} after a cell, from the top again at the end; null where there is none. Without a
// cell the first one; column: the last one of the row by default.
export function nextDoubt(rows, columns, row = -1, column = columns.length) {
  const order = [...rows.keys()];
  const inRow = (number, from) => {
    const found = isDoubtful(rows[number]) ? columns.findIndex(({ name }, index) => index >= from && rows[number].doubts[name]) : -1;
    return found < 0 ? null : { row: number, column: found };
  };
  const rest = row >= 0 && row < rows.length ? inRow(row, column + 1) : null;
  if (rest) return rest;
  const next = [...order.slice(row + 1), ...order.slice(0, row + 1)].find((number) => inRow(number, 0));
  return next === undefined ? null : inRow(next, 0);
}

// The cells {row, column} that stand on a word of a page.
export function cellsOn(rows, columns, page, index) {
  return rows.flatMap((row, number) => columns.flatMap(({ name }, column) => {
    const stands = (row.places[name] ?? []).some(([on, first, last]) => on === page && first <= index && index <= last);
    return stands ? [{ row: number, column }] : [];
  }));
}
