"""Where on the pages a value is printed.

A value of any type is looked for as characters, by edit distance, inside words and over lines too; dates, amounts and
numbers first by what they mean, so that `3.3` finds `RM 3.30` and `20180325` finds `25/03/2018`. What is not found
well enough is not found: alignment never guesses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from extraction.domain.fields import Field, FieldType
from extraction.domain.normalize import (
    DayOrder,
    find_amounts,
    find_dates,
    infer_day_order_by_meaning,
    parse_date,
    parse_money,
    parse_number,
)
from extraction.domain.pages import Page, Span
from extraction.domain.streams import Stream, compact, streams

TYPED = frozenset({FieldType.DATE, FieldType.MONEY, FieldType.NUMBER})
THRESHOLD = {FieldType.TEXT: 0.7, FieldType.CHOICE: 0.85}
TYPED_THRESHOLD = 0.85  # characters alone must match better where meaning did not
MOST = 8  # occurrences of one value on one page
# What a match costs, at most, that begins or ends in the middle of a run of letters or of digits: long values less,
# since a date with the time glued to it is still the date.
INSIDE_WORD = 0.2
UNCERTAIN_ORDER = 0.9  # the score of a date that is right in one of the two orders of day and month

# Prices of an edit, in quarters of a character.
WHOLE, MARK, ALIKE, SKIPPED_ROW = 4, 2, 1, 8
LOOK_ALIKE = ("0o", "1il|!", "5s$", "8b", "2z", "6g", "9g", ",.", ":;", "-–—_", "'’`\"")


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A place where the value is printed: its parts in reading order, and how well it fits (0–1)."""

    spans: tuple[Span, ...]
    score: float


def align(field: Field, value: str, pages: Sequence[Page], *, day_order: DayOrder = None) -> list[Occurrence]:
    """Every place where `value` is printed, best first; none where it is not printed well enough to be sure."""
    if not compact(value) or field.type is FieldType.GROUP:
        return []
    found = _by_meaning(field, value, pages, day_order) if field.type in TYPED else []
    if not found:
        least = THRESHOLD.get(field.type, TYPED_THRESHOLD)
        found = [place for number, page in enumerate(pages) for place in _by_characters(value, page, number, least)]
    # Ties go to the line that speaks of the field, then to reading order.
    return sorted(found, key=lambda place: (-round(place.score, 3), -_named(field, place.spans[0], pages)))


# --- by meaning ------------------------------------------------------------------------------------------------------


def _by_meaning(field: Field, value: str, pages: Sequence[Page], day_order: DayOrder) -> list[Occurrence]:
    wanted = _meanings(field.type, value, day_order)
    if not wanted:
        return []
    found = []
    for number, page in enumerate(pages):
        for span in candidates(field.type, page):
            span = replace(span, page=number)
            text = span.text(pages)
            meant = _meanings(field.type, text, day_order)
            scores = [min(wanted[key], meant[key]) for key in wanted.keys() & meant.keys()]
            if scores:
                found.append(Occurrence((_as_written(value, span, pages),), max(scores)))
    return found


def _meanings(kind: FieldType, text: str, day_order: DayOrder) -> dict[object, float]:
    """What `text` can mean, with how certain that is."""
    if kind is not FieldType.DATE:
        amount = parse_money(text) if kind is FieldType.MONEY else parse_number(text)
        return {} if amount is None else {amount: 1.0}
    certain = parse_date(text, day_order=day_order)
    if certain is not None:
        return {certain: 1.0}
    readings = (parse_date(text, day_order="dmy"), parse_date(text, day_order="mdy"))
    return {reading: UNCERTAIN_ORDER for reading in readings if reading is not None}


@lru_cache(maxsize=256)
def candidates(kind: FieldType, page: Page) -> tuple[Span, ...]:
    """Everything on the page that looks like a value of the typed `kind`, as spans of page 0."""
    find = find_dates if kind is FieldType.DATE else find_amounts
    found = []
    for line in page.lines:
        starts = np.cumsum([0, *(len(page.words[index].text) + 1 for index in line)])
        text = " ".join(page.words[index].text for index in line)
        for start, end in find(text):
            first, last = (int(np.searchsorted(starts, at, side="right")) - 1 for at in (start, end - 1))
            cut = int(end - starts[last])
            whole = cut == len(page.words[line[last]].text)
            found.append(Span(0, line[first], line[last], int(start - starts[first]), None if whole else cut))
    return tuple(found)


def printed_day_order(labels: Iterable[tuple[str, Sequence[Page]]]) -> DayOrder:
    """Whether the day or the month comes first in the dates on the pages, by what their labels say that these mean.

    This tells the order where labels have a format of their own: `20180201` with a page that prints `01/02/2018`.
    """
    stated = ((parse_date(value), pages) for value, pages in labels)
    return infer_day_order_by_meaning(
        (span.text([page]), meant)
        for meant, pages in stated
        if meant is not None
        for page in pages
        for span in candidates(FieldType.DATE, page)
    )


def _as_written(value: str, span: Span, pages: Sequence[Page]) -> Span:
    """The part of `span` that reads exactly as `value`, where there is one: `54.50` of `RM54.50`."""
    page = pages[span.page]
    stream = Stream.of(page, [range(span.first, span.last + 1)])
    head = int(np.argmax(stream.offset >= span.start)) if span.start else 0
    wanted = compact(value)
    at = stream.text.find(wanted, head)
    whole = compact(span.text(pages))
    end = at + len(wanted)
    if at < 0 or end > head + len(whole) or _cuts(stream, at, end):
        return span
    (cut,) = stream.spans(page, span.page, range(at, at + len(wanted)))
    return cut


# --- by characters ---------------------------------------------------------------------------------------------------


def _by_characters(value: str, page: Page, number: int, least: float) -> list[Occurrence]:
    wanted = compact(value)
    found: dict[tuple[Span, ...], float] = {}
    for stream in streams(page):
        for start, end, score in _matches(wanted, stream, least):
            kept = _kept(wanted, stream, start, end)
            if kept:
                spans = stream.spans(page, number, kept)
                found[spans] = max(score, found.get(spans, 0.0))
    return _apart([Occurrence(spans, score) for spans, score in found.items()])


def _apart(places: list[Occurrence]) -> list[Occurrence]:
    """The best of places that share words."""
    taken: list[Occurrence] = []
    for place in sorted(places, key=lambda place: (-place.score, place.spans[0].first)):
        if not any(_touch(a, b) for other in taken for a in other.spans for b in place.spans):
            taken.append(place)
    return taken


def _touch(a: Span, b: Span) -> bool:
    if a.first == b.last and a.last == b.first:
        return a.start < (b.end or 10_000) and b.start < (a.end or 10_000)
    return a.first <= b.last and b.first <= a.last


def _matches(wanted: str, stream: Stream, least: float) -> Iterator[tuple[int, int, float]]:
    """Up to `MOST` places (start, end, score) of `stream` that read like `wanted`, best first, sharing nothing."""
    if not stream.text:
        return
    cost, begin = _distances(wanted, stream)
    price = sum(MARK if not character.isalnum() else WHOLE for character in wanted)
    score = 1 - cost / max(price, 1)
    taken = np.zeros(len(stream.text) + 1, dtype=bool)
    count = 0
    for end in np.argsort(-score, kind="stable"):
        if score[end] < least or count == MOST:
            return
        start = begin[end]
        if start < end and not taken[start:end].any():
            taken[start:end] = True
            fit = float(score[end]) - min(INSIDE_WORD, 1 / len(wanted)) * _cuts(stream, int(start), int(end))
            if fit >= least:
                count += 1
                yield int(start), int(end), fit


def _cuts(stream: Stream, start: int, end: int) -> int:
    """How many of the two ends stand inside a run of letters or a run of digits of one word."""
    return sum(0 < at < len(stream.text) and _inside(stream, at) for at in (start, end))


def _inside(stream: Stream, at: int) -> bool:
    a, b = stream.text[at - 1], stream.text[at]
    return bool(stream.word[at - 1] == stream.word[at]) and (
        (a.isalpha() and b.isalpha()) or (a.isdigit() and b.isdigit())
    )


def _distances(wanted: str, stream: Stream) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Sellers' algorithm: for each end in `stream` the price of the best match of `wanted` and where that begins.

    Shapes `[len(stream.text) + 1]` both. Price and (negated) start travel in one integer, so that among equal prices
    the shortest match wins.
    """
    size, shift = len(stream.text), 1 << 24
    extra = np.array([MARK if not character.isalnum() else WHOLE for character in stream.text], dtype=np.int64)
    slope = np.concatenate([[0], np.cumsum(extra)]) * shift
    ends = np.append(np.flatnonzero(np.diff(stream.row)) + 1, size)
    skips = np.arange(len(ends)) * SKIPPED_ROW * shift
    prices = {character: _prices(character, stream.text) * shift for character in set(wanted)}
    row = np.arange(size, -1, -1, dtype=np.int64)
    for character in wanted:
        missing = (WHOLE if character.isalnum() else MARK) * shift
        below = row + missing
        np.minimum(below[1:], row[:-1] + prices[character], out=below[1:])
        row = np.minimum.accumulate(below - slope) + slope
        row[ends] = np.minimum.accumulate(row[ends] - skips) + skips
    return row // shift, size - row % shift


def _prices(character: str, text: str) -> NDArray[np.int64]:
    """What it costs to read each character of `text` as `character`."""
    table = {other: _price(character, other) for other in set(text)}
    return np.array([table[other] for other in text], dtype=np.int64)


@lru_cache(maxsize=65536)
def _price(a: str, b: str) -> int:
    if a == b:
        return 0
    if any(a in group and b in group for group in LOOK_ALIKE):
        return ALIKE
    return WHOLE if a.isalnum() or b.isalnum() else MARK


def _kept(wanted: str, stream: Stream, start: int, end: int) -> list[int]:
    """The characters of the match without rows that the value leaves out and without loose ends."""
    matched = np.zeros(end - start, dtype=bool)
    for block in Levenshtein.opcodes(wanted, stream.text[start:end]):
        if block.tag in ("equal", "replace"):
            matched[block.dest_start : block.dest_end] = True
    rows = stream.row[start:end]
    for row in np.unique(rows):
        if matched[rows == row].mean() < 0.4:
            matched[rows == row] = False
    held = np.flatnonzero(matched)
    if not held.size:
        return []
    inside = [at for at in range(held[0], held[-1] + 1) if matched[rows == rows[at]].any()]
    return [start + at for at in inside]


# --- which of several ------------------------------------------------------------------------------------------------


def _named(field: Field, span: Span, pages: Sequence[Page]) -> float:
    """The share of the field's title that its line says before the value."""
    page = pages[span.page]
    line = page.words[span.first].line
    before = " ".join(word.text for word in page.words[: span.first + 1] if word.line == line).casefold()
    title = field.title.casefold().split()
    return sum(part in re.split(r"[^\w]+", before) for part in title) / max(len(title), 1)
