"""Alignment of rows: the words on which each cell of a group's label stands.

A row takes a band of one to four printed lines. Bands share no line and follow one another as the rows do; which bands,
a dynamic programme over rows and lines chooses. A value alone says little about its place: a quarter of all amounts of
rows are printed more than once on their receipt. Where less than `ORDERED` of the cells are placed so, the order of the
rows is given up (columns side by side), and bands are assigned to rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import numpy as np
from numpy.typing import NDArray

from extraction.domain.alignment import Occurrence, look_alikes
from extraction.domain.evaluation.assignment import best_pairs
from extraction.domain.field_types import Conventions
from extraction.domain.fields import Field
from extraction.domain.line_items.rows import Row
from extraction.domain.pages import Page, Span

TALLEST = 4  # lines of a band
LINE, SKIPPED = 0.08, 0.1  # prices of a line of a band after its first, and of a row that is not placed
ORDERED = 0.6
# Least similarity of a printed text to a cell within a band.
ALIKE = 0.7
# Rows times lines of a document up to which bands are looked for.
MOST = 400_000
# Price of standing a page's width from the column of its field.
OFF_COLUMN = 0.5
NO_COLUMNS: Mapping[str, float] = {}
# A free text tells rows apart better than a number does.
WEIGHT_OF_TEXT = 2.0

Line = tuple[int, int]  # page and number of a printed line
Band = tuple[int, int]  # first and last printed line
Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class PlacedRow:
    """The places of a row's cells by their fields. A cell that is printed but was not found is left out; `lines` are
    the first and the last printed line of the row's band, as numbers of all lines of the document."""

    cells: Mapping[str, Spans]
    lines: tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Found:
    """An occurrence of a cell's value: the first and the last of the document's lines that it touches, its distance
    from the page's left edge (0–1), and what it adds to a band."""

    spans: Spans
    first: int
    last: int
    left: float
    gain: float


Cells = Mapping[str, Sequence[_Found]]


def align_rows(
    field: Field, rows: Sequence[Row], pages: Sequence[Page], conventions: Conventions
) -> list[PlacedRow | None]:
    """The place of each row; `None` for a row of which nothing was found."""
    lines = {line: number for number, line in enumerate(_lines(pages))}
    if not rows or len(rows) * len(lines) > MOST:
        return [None] * len(rows)
    found = _occurrences(field, rows, pages, lines, conventions)
    pages_of = np.array([page for page, _ in lines])
    bands = _in_order(found, pages_of)
    placed = _placed(found, bands)
    if _share(placed, rows) < ORDERED:
        anyhow = _placed(found, _assigned(found, pages_of))
        if _share(anyhow, rows) > _share(placed, rows):
            placed = anyhow
    return placed


def _lines(pages: Sequence[Page]) -> Iterator[Line]:
    for number, page in enumerate(pages):
        for line in page.lines:
            yield number, page.words[line[0]].line


def _occurrences(
    field: Field, rows: Sequence[Row], pages: Sequence[Page], lines: Mapping[Line, int], conventions: Conventions
) -> list[Cells]:
    """For each row the occurrences of its cells that fit in a band."""
    known: dict[tuple[str, str], list[_Found]] = {}
    for part in field.fields:
        for value in {row[part.name] for row in rows if row.get(part.name)}:
            if value:
                weight = WEIGHT_OF_TEXT if part.kind.free_text else 1.0
                places = look_alikes(part, value, pages, ALIKE, conventions=conventions)
                known[part.name, value] = list(_fitting(places, pages, lines, weight))
    return [{name: known[name, value] for name, value in row.items() if value} for row in rows]


def _fitting(
    places: Sequence[Occurrence], pages: Sequence[Page], lines: Mapping[Line, int], weight: float
) -> Iterator[_Found]:
    for place in places:
        touched = [
            lines[span.page, pages[span.page].words[index].line]
            for span in place.spans
            for index in (span.first, span.last)
        ]
        if max(touched) - min(touched) < TALLEST and len({span.page for span in place.spans}) == 1:
            left = pages[place.spans[0].page].words[place.spans[0].first].box.x0
            yield _Found(place.spans, min(touched), max(touched), left, place.score * weight)


# --- which band ------------------------------------------------------------------------------------------------------


def _gains(cells: Cells, pages_of: NDArray[np.int64]) -> dict[Band, float]:
    """What each band that holds something of the row is worth, by its first and last line."""
    starts = sorted({found.first for places in cells.values() for found in places})
    gains = {}
    for first in starts:
        for last in range(first, min(first + TALLEST, len(pages_of))):
            if pages_of[last] != pages_of[first]:
                break
            gain = sum(found.gain for found in _chosen(cells, (first, last)).values())
            if gain > 0:
                gains[first, last] = gain - LINE * (last - first)
    return gains


def _in_order(rows: Sequence[Cells], pages_of: NDArray[np.int64]) -> list[Band | None]:
    """The band of each row, by a dynamic programme: bands follow one another as the rows do."""
    size = len(pages_of)
    best = np.zeros(size + 1)  # with the rows so far, on the lines before each
    back: list[list[Band | None]] = []
    for cells in rows:
        skipped = best - SKIPPED
        placed = np.full(size + 1, -np.inf)
        bands: list[Band | None] = [None] * (size + 1)
        for (first, last), gain in _gains(cells, pages_of).items():
            if best[first] + gain > placed[last + 1]:
                placed[last + 1], bands[last + 1] = best[first] + gain, (first, last)
        for end in range(size + 1):
            if end and placed[end - 1] >= placed[end]:
                placed[end], bands[end] = placed[end - 1], bands[end - 1]
        back.append([band if placed[end] > skipped[end] else None for end, band in enumerate(bands)])
        best = np.maximum(placed, skipped)
    end = size
    chosen: list[Band | None] = []
    for bands in reversed(back):
        band = bands[end]
        chosen.append(band)
        end = band[0] if band else end
    return chosen[::-1]


def _assigned(rows: Sequence[Cells], pages_of: NDArray[np.int64]) -> list[Band | None]:
    """The band of each row without regard to their order: the first line of no two bands is the same."""
    gains = [_gains(cells, pages_of) for cells in rows]
    worth = np.zeros((len(rows), len(pages_of)))
    best: dict[tuple[int, int], Band] = {}
    for number, bands in enumerate(gains):
        for band, gain in bands.items():
            if gain > worth[number, band[0]]:
                worth[number, band[0]], best[number, band[0]] = gain, band
    taken = {row: best.get((row, line)) for row, line in best_pairs(worth)}
    return [taken.get(number) for number in range(len(rows))]


# --- which occurrence ------------------------------------------------------------------------------------------------


def _placed(rows: Sequence[Cells], bands: Sequence[Band | None]) -> list[PlacedRow | None]:
    """The occurrences within the bands. Where several cells could stand on one place, they keep to their columns."""
    columns = _columns(rows, bands)
    placed: list[PlacedRow | None] = []
    for cells, band in zip(rows, bands, strict=True):
        spans = {name: found.spans for name, found in _chosen(cells, band, columns).items()} if band else {}
        placed.append(PlacedRow(spans, band) if band and spans else None)
    return placed


def _columns(rows: Sequence[Cells], bands: Sequence[Band | None]) -> dict[str, float]:
    """The usual distance of each field from the left edge, by cells that can stand on one place only."""
    places: dict[str, list[float]] = {}
    for cells, band in zip(rows, bands, strict=True):
        for name, founds in _inside(cells, band).items() if band else ():
            if len(founds) == 1:
                places.setdefault(name, []).append(founds[0].left)
    return {name: median(held) for name, held in places.items()}


def _inside(cells: Cells, band: Band) -> dict[str, list[_Found]]:
    """The occurrences within a band, of the cells that have any."""
    first, last = band
    inside = {
        name: [found for found in founds if first <= found.first and found.last <= last]
        for name, founds in cells.items()
    }
    return {name: founds for name, founds in inside.items() if founds}


def _chosen(cells: Cells, band: Band, columns: Mapping[str, float] = NO_COLUMNS) -> dict[str, _Found]:
    """The best places of the cells within a band, none of them for two cells."""

    def worth(name: str, found: _Found) -> float:
        return found.gain - OFF_COLUMN * abs(found.left - columns.get(name, found.left))

    inside = _inside(cells, band)
    best = {name: max(founds, key=lambda found: worth(name, found)) for name, founds in inside.items()}
    if not _share_words(list(best.values())):
        return best
    places = list(dict.fromkeys(found.spans for founds in inside.values() for found in founds))
    table = np.zeros((len(inside), len(places)))
    by_place = [{found.spans: found for found in founds} for founds in inside.values()]
    for row, (name, founds) in enumerate(zip(inside, by_place, strict=True)):
        for column, place in enumerate(places):
            if place in founds:
                table[row, column] = worth(name, founds[place])
    names = list(inside)
    return {names[row]: by_place[row][places[at]] for row, at in best_pairs(table) if places[at] in by_place[row]}


def _share_words(chosen: Sequence[_Found]) -> bool:
    spans = sorted(
        (span.page, span.first, span.start, span.last, span.end or 10_000) for at in chosen for span in at.spans
    )
    return any(a[0] == b[0] and (b[1], b[2]) < (a[3], a[4]) for a, b in pairwise(spans))


def _share(placed: Sequence[PlacedRow | None], rows: Sequence[Row]) -> float:
    """The share of the printed cells that were placed."""
    printed = sum(value is not None for row in rows for value in row.values())
    return sum(len(row.cells) for row in placed if row) / max(printed, 1)
