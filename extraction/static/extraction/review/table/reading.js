// Rows read from a band of the picture by the server: by the serving student, else by the types of the columns.

import { emptyRow } from "./rows.js";
import { bandBetween, placeFor } from "./bands.js";

// Insert the row that stands in a band. text: that of the words in it, which are not lost without a connection.
export async function insertBand(grid, field, url, band, text) {
  const at = placeFor(band, grid.rows, grid.words) ?? grid.row + 1;
  const row = grid.insert(emptyRow(grid.columns), grid.rows.length ? at : 0);
  if (row) await read(grid, row, field, url, band, text);
}

// Insert a row below the current one, with the words that stand between it and the next row.
export async function insertBelow(grid, field, url) {
  const band = bandBetween(grid.rows[grid.row], grid.rows[grid.row + 1], grid.words, (page) => grid.pages[page]);
  const row = grid.insert();
  if (row && band) await read(grid, row, field, url, band, null);
}

async function read(grid, row, field, url, band, text) {
  try {
    const response = await fetch(`${url}row/?${new URLSearchParams({ field, ...band })}`, { headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error(`${response.status}`);
    const { cells, places } = await response.json();
    grid.complete(row, cells, places);
  } catch {
    const column = grid.columns.find(({ typed }) => !typed) ?? grid.columns[0];
    if (text) grid.complete(row, { [column.name]: text }, {});
  }
}
