// Where a typed text stands: the same words on a page, nearest to the rest of its row. No DOM.

// Its spans; none where it is not found, and where it is printed more than once and nothing tells which. band: that of the
// rest of the row (see bands.js), or null; pages: the words of each page, each [text, x0, y0, x1, y1].
export function find(text, pages, band) {
  const tokens = (text ?? "").toLowerCase().split(" ").filter(Boolean);
  if (!tokens.length) return [];
  const places = pages.flatMap((words, page) => occurrences(tokens, words).map((first) => ({ page, first, distance: distance(page, words[first], band) })));
  const [nearest, other] = places.sort((a, b) => a.distance - b.distance);
  if (!nearest || (other && !band)) return [];
  return [[nearest.page, nearest.first, nearest.first + tokens.length - 1, 0, null]];
}

function occurrences(tokens, words) {
  return words.flatMap((_, first) => (tokens.every((token, index) => words[first + index]?.[0].toLowerCase() === token) ? [first] : []));
}

// Of a word from the band, in heights of a page.
function distance(page, [, , y0, , y1], band) {
  if (!band) return 0;
  const middle = (y0 + y1) / 2;
  return page === band.page ? Math.max(band.y0 - middle, middle - band.y1, 0) : Math.abs(page - band.page) + 1;
}
