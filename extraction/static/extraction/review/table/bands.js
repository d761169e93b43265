// Bands of a page between and around rows of a table, by the words on which their cells stand. No DOM.
//
// A band: {page, x0, y0, x1, y1} in shares of the page. words(span): its words, each [text, x0, y0, x1, y1].

// The band that a row stands in; null without a place.
export function bandOf(row, words) {
  const spans = Object.values(row.places).flat();
  const page = Math.min(...spans.map(([number]) => number));
  const boxes = spans.filter(([number]) => number === page).flatMap(words);
  if (!boxes.length) return null;
  const edge = (of, index) => of(...boxes.map((box) => box[index]));
  return { page, x0: edge(Math.min, 1), y0: edge(Math.min, 2), x1: edge(Math.max, 3), y1: edge(Math.max, 4) };
}

// The band between a row and the next one, as wide as the page; null where no words stand there.
export function bandBetween(row, next, words, page) {
  const [above, below] = [row && bandOf(row, words), next && bandOf(next, words)];
  if (!above || !below || above.page !== below.page) return null;
  const band = { page: above.page, x0: 0, y0: above.y1, x1: 1, y1: below.y0 };
  const inside = page(band.page).filter(([, , y0, , y1]) => (y0 + y1) / 2 > band.y0 && (y0 + y1) / 2 < band.y1);
  return inside.length ? band : null;
}

// The place among the rows for one in a band: below the last row that begins above it; null where no row has a place.
export function placeFor(band, rows, words) {
  const bands = rows.map((row) => bandOf(row, words));
  if (!bands.some(Boolean)) return null;
  const middle = (band.y0 + band.y1) / 2;
  const last = bands.findLastIndex((other) => other && (other.page < band.page || (other.page === band.page && (other.y0 + other.y1) / 2 < middle)));
  return last + 1;
}
