// Where the cells of a row go on on the next printed line, for a row that is to be split. No DOM.
//
// A word: [text, x0, y0, x1, y1]; words(span): those of a span; pages: those of each page.

// By column the offset in a cell's text at which its words go on below.
export function lineCuts(row, words, pages) {
  const cuts = {};
  for (const [column, text] of Object.entries(row.cells)) {
    if (!text) continue;
    const starts = [...text.matchAll(/\S+/gu)];
    const at = cutOfPlace((row.places[column] ?? []).flatMap(words), starts) ?? cutOnPages(starts.map(([token]) => token), pages);
    if (at) cuts[column] = starts[at].index;
  }
  return cuts;
}

// The number of words before the next line; null where they stand on one. The text may be written otherwise than printed.
function cutOfPlace(printed, starts) {
  const next = printed.findIndex((word, index) => index > 0 && isBelow(printed[index - 1], word));
  return next > 0 && starts.length === printed.length ? next : null;
}

// The same for a text of two places, as between the columns of two lines other words stand.
function cutOnPages(tokens, pages) {
  for (const words of pages) {
    for (let first = 0; first < words.length; first += 1) {
      const before = matching(tokens, words, first);
      if (!before) continue;
      const below = before === tokens.length ? words.slice(first, first + before).findIndex((word, index, own) => index > 0 && isBelow(own[index - 1], word)) : 0;
      if (below) return below > 0 ? below : null;
      const rest = tokens.slice(before);
      const next = words.findIndex((word, index) => index >= first + before && matching(rest, words, index) === rest.length);
      if (next >= 0 && isBelow(words[first], words[next])) return before;
    }
  }
  return null;
}

// How many of the tokens the words from `first` on are.
function matching(tokens, words, first) {
  const differs = tokens.findIndex((token, index) => words[first + index]?.[0].toLowerCase() !== token.toLowerCase());
  return differs < 0 ? tokens.length : differs;
}

function isBelow([, , y0, , y1], [, , next0, , next1]) {
  return (next0 + next1) / 2 > y1 - 0.1 * (y1 - y0);
}
