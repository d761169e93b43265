"""Alignment: the places on the pages where a value is printed.

A value of any type is looked for as characters, by edit distance, inside words and over lines too; values of types with
meanings (dates, amounts, numbers) first by these, so that `3.3` finds `RM 3.30` and `20180325` finds `25/03/2018`. A
place that does not fit well enough is left out: alignment never guesses.
"""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from operator import add

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from extraction.domain.field_types import UNKNOWN, Conventions, DayOrder, FieldType
from extraction.domain.field_types.base import Offsets
from extraction.domain.field_types.readers.dates import find_dates, is_thai, parse_date
from extraction.domain.field_types.readers.day_orders import Votes, document_day_order, votes_by_meaning
from extraction.domain.field_types.readers.decimal_signs import infer_decimal_sign
from extraction.domain.fields import Field
from extraction.domain.pages import Page, Span, Word
from extraction.domain.streams import Stream, compact, streams
from extraction.domain.text import UNSPACED

# Characters of a value that is looked for; the time of a search grows with them and with the page.
LONGEST_PRINTED = 2000
# Characters of a value times those of the pages among which it is looked for; later pages are left out.
MOST_COMPARED = 1_000_000_000
# Words before a value among which its field's title is looked for.
BEFORE = 50
# A gap wider than so many characters parts the numbers of two columns, and what stands for it.
APART, COLUMN = 1.75, "  "
MOST = 8  # occurrences of one value on one page
# The most that a match loses by beginning or ending in the middle of a run of letters or of digits: long values less,
# since a date with the time glued to it is still the date.
INSIDE_WORD = 0.2

# Prices of an edit, in quarters of a character.
WHOLE, MARK, ALIKE, SKIPPED_ROW = 4, 2, 1, 8
LOOK_ALIKE = ("0o", "1il|!", "5s$", "8b", "2z", "6g", "9g", ",.", ":;", "-–—_", "'’`\"")


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A place where the value is printed: its parts in reading order, and how well it fits (0–1)."""

    spans: tuple[Span, ...]
    score: float


def align(field: Field, value: str, pages: Sequence[Page], *, conventions: Conventions = UNKNOWN) -> list[Occurrence]:
    """Every place where `value` is printed, best first; none where it is not printed well enough to be sure."""
    if not _is_sought(field, value):
        return []
    places = _by_meaning(field, value, pages, conventions)
    if not places:
        places = _anywhere(value, pages, field.kind.alignment_threshold)
    # Ties go to the line that names the field, then to reading order.
    return sorted(places, key=lambda place: (-round(place.score, 3), -_named(field, place.spans[0], pages)))


def look_alikes(
    field: Field, value: str, pages: Sequence[Page], least: float, *, conventions: Conventions = UNKNOWN
) -> list[Occurrence]:
    """Every place that means `value` or whose characters are like it (at least `least`, 0–1), in no order.

    For values of which it is known about where they stand: `3.0C` is taken for `3.00` even where that is printed
    elsewhere.
    """
    if not _is_sought(field, value):
        return []
    exact = _by_meaning(field, value, pages, conventions)
    similar = [
        whole for place in _anywhere(value, pages, least) if (whole := _whole(field, value, place, pages, least))
    ]
    return [*exact, *(place for place in similar if not any(_overlap(place, other) for other in exact))]


def _whole(field: Field, value: str, place: Occurrence, pages: Sequence[Page], least: float) -> Occurrence | None:
    """All of the date, amount or number of which the place is a part, where it is like `value` as a whole: `1` does not
    stand in `15`, nor in the number of an article. Other places, and those of texts, as they are."""
    if not field.kind.typed or len(place.spans) > 1:
        return place
    [span] = place.spans
    found = _candidate_at(field.kind.find, pages[span.page], span)
    printed = replace(found, page=span.page) if found else replace(span, start=0, end=None)
    like = Levenshtein.normalized_similarity(compact(value), compact(printed.text(pages)))
    if like < least:
        return None
    return replace(place, spans=(printed if found else span,))


def _is_sought(field: Field, value: str) -> bool:
    return bool(field.kind.alignable and compact(value) and len(value) <= LONGEST_PRINTED)


def _anywhere(value: str, pages: Sequence[Page], least: float) -> list[Occurrence]:
    return [place for number, page in _in_reach(value, pages) for place in _by_characters(value, page, number, least)]


# --- by meaning ------------------------------------------------------------------------------------------------------


def _by_meaning(field: Field, value: str, pages: Sequence[Page], conventions: Conventions) -> list[Occurrence]:
    kind = field.kind
    targets = kind.meanings(value, conventions)
    if not targets:
        return []
    places = []
    for number, page in enumerate(pages):
        spans, printed = candidates(kind.find, page), _meanings(kind, page, conventions)
        scores: dict[int, float] = {}
        for key, sure in targets.items():
            for at, certainty in printed.get(key, ()):
                scores[at] = max(scores.get(at, 0.0), min(sure, certainty))
        for at in sorted(scores):
            span = replace(spans[at], page=number)
            places.append(Occurrence((_as_written(value, span, pages),), scores[at]))
    return places


@lru_cache(maxsize=64)
def _meanings(kind: FieldType, page: Page, conventions: Conventions) -> Mapping[object, Sequence[tuple[int, float]]]:
    """The indices of the page's candidates by what they mean, each with its certainty.

    Kept, since every cell of a column is looked for among them.
    """
    found: defaultdict[object, list[tuple[int, float]]] = defaultdict(list)
    for at, span in enumerate(candidates(kind.find, page)):
        for key, certainty in kind.meanings(span.text([page]), conventions).items():
            found[key].append((at, certainty))
    return dict(found)


@lru_cache(maxsize=256)
def candidates(find: Callable[[str], Sequence[Offsets]], page: Page) -> tuple[Span, ...]:
    """The places that `find` (a field type's) finds in the page's lines, as spans of page 0."""
    spans = []
    for line in page.lines:
        texts = [page.words[index].text for index in line]
        gaps = [*(_gap(page.words[one], page.words[other]) for one, other in pairwise(line)), ""]
        starts = np.cumsum([0, *(len(text) + len(gap) for text, gap in zip(texts, gaps, strict=True))])
        for start, end in find("".join(map(add, texts, gaps))):
            first, last = (int(np.searchsorted(starts, at, side="right")) - 1 for at in (start, end - 1))
            cut = int(end - starts[last])
            whole = cut == len(page.words[line[last]].text)
            spans.append(Span(0, line[first], line[last], int(start - starts[first]), None if whole else cut))
    return tuple(spans)


def _candidate_at(find: Callable[[str], Sequence[Offsets]], page: Page, span: Span) -> Span | None:
    """The first candidate that shares characters with the span."""
    found, on = candidates(find, page), _candidates_by_word(find, page)
    near = sorted({at for word in range(span.first, span.last + 1) for at in on.get(word, ())})
    return next((found[at] for at in near if _touch(found[at], span)), None)


@lru_cache(maxsize=256)
def _candidates_by_word(find: Callable[[str], Sequence[Offsets]], page: Page) -> Mapping[int, Sequence[int]]:
    """The indices of the page's candidates by those of their words."""
    on: defaultdict[int, list[int]] = defaultdict(list)
    for at, span in enumerate(candidates(find, page)):
        for word in range(span.first, span.last + 1):
            on[word].append(at)
    return dict(on)


def _gap(one: Word, other: Word) -> str:
    """White space between two words of a line: wider than any within a number where it parts the digits of columns."""
    digits = one.text[-1:].isdigit() and other.text[:1].isdigit()
    if not digits:
        return " "
    character = min((word.box.x1 - word.box.x0) / len(word.text) for word in (one, other))
    return COLUMN if other.box.x0 - one.box.x1 > APART * character else " "


def printed_day_order(labels: Iterable[tuple[str, Sequence[Page]]], *, today: datetime.date) -> DayOrder:
    """The order that `printed_votes` show."""
    return printed_votes(labels, today=today).order


def printed_votes(labels: Iterable[tuple[str, Sequence[Page]]], *, today: datetime.date) -> Votes:
    """Whether the day or the month comes first in the dates on the pages, by what their labels say that these mean.

    This tells the order where labels have a format of their own: `20180201` with a page that prints `01/02/2018`.
    Years of two digits are completed by `today`.
    """
    stated = ((parse_date(value, today=today), pages) for value, pages in labels)
    return votes_by_meaning(
        (
            (span.text([page]), meant)
            for meant, pages in stated
            if meant is not None
            for page in pages
            for span in candidates(find_dates, page)
        ),
        today=today,
    )


def own_conventions(pages: Sequence[Page], fields: Iterable[Field], known: Conventions = UNKNOWN) -> Conventions:
    """What a document's own pages tell about its values, where it matters for the fields and is not `known`."""
    kinds = [part.kind for field in fields for part in (field, *field.fields)]
    lines = [line for page in pages for line in page.text.splitlines()]
    order, sign, dated = known.day_order, known.decimal_sign, any(kind.uses_day_order for kind in kinds)
    if order is None and dated:
        order = document_day_order(lines)
    if sign is None and any(kind.numeric for kind in kinds):
        sign = infer_decimal_sign(lines)
    return Conventions(order, sign, known.thai or (dated and any(map(is_thai, lines))))


def _as_written(value: str, span: Span, pages: Sequence[Page]) -> Span:
    """The place at `span` that reads exactly as `value`, where there is one: `54.50` of `RM54.50`, `$3.30` where `span`
    is the amount without its sign."""
    page, target = pages[span.page], compact(value)
    stream = Stream.of(page, [_around(page, span, len(target))])
    head = int(np.argmax((stream.word == span.first) & (stream.offset >= span.start)))
    end = head + len(compact(span.text(pages)))
    found = (match.start() for match in re.finditer(f"(?={re.escape(target)})", stream.text))
    for at in found:
        after = at + len(target)
        within, around = head <= at and after <= end, at <= head and end <= after
        if (within or around) and not _cuts(stream, at, after):
            return stream.spans(page, span.page, range(at, after))[0]
    return span


def _around(page: Page, span: Span, reach: int) -> list[int]:
    """The words of `span` and those of its line before and behind it that begin within `reach` characters of it."""
    first, last = span.first, span.last
    left = right = reach
    while left > 0 and first and page.words[first - 1].line == page.words[span.first].line:
        first -= 1
        left -= len(page.words[first].text)
    while right > 0 and last + 1 < len(page.words) and page.words[last + 1].line == page.words[span.last].line:
        last += 1
        right -= len(page.words[last].text)
    return list(range(first, last + 1))


# --- by characters ---------------------------------------------------------------------------------------------------


def _in_reach(value: str, pages: Sequence[Page]) -> Iterator[tuple[int, Page]]:
    """The pages in which there is time to look for `value`, with their numbers."""
    left = MOST_COMPARED
    for number, page in enumerate(pages):
        left -= len(value) * sum(len(word.text) for word in page.words)
        if left < 0 and number:
            return
        yield number, page


def _by_characters(value: str, page: Page, number: int, least: float) -> list[Occurrence]:
    target = compact(value)
    scores: dict[tuple[Span, ...], float] = {}
    for stream in streams(page):
        for start, end, score in _matches(target, stream, least):
            characters = _matched(target, stream, start, end)
            if characters:
                spans = stream.spans(page, number, characters)
                scores[spans] = max(score, scores.get(spans, 0.0))
    return _apart([Occurrence(spans, score) for spans, score in scores.items()])


def _apart(places: list[Occurrence]) -> list[Occurrence]:
    """The best of places that share words."""
    taken: list[Occurrence] = []
    for place in sorted(places, key=lambda place: (-place.score, place.spans[0].first)):
        if not any(_overlap(place, other) for other in taken):
            taken.append(place)
    return taken


def _overlap(one: Occurrence, other: Occurrence) -> bool:
    return any(a.page == b.page and _touch(a, b) for a in one.spans for b in other.spans)


def _touch(a: Span, b: Span) -> bool:
    if a.first == b.last and a.last == b.first:
        return a.start < (b.end or 10_000) and b.start < (a.end or 10_000)
    return a.first <= b.last and b.first <= a.last


def _matches(target: str, stream: Stream, least: float) -> Iterator[tuple[int, int, float]]:
    """Up to `MOST` places (start, end, score) of `stream` that read like `target`, best first, sharing nothing."""
    if not stream.text:
        return
    cost, begin = _distances(target, stream)
    price = sum(MARK if not character.isalnum() else WHOLE for character in target)
    score = 1 - cost / max(price, 1)
    taken = np.zeros(len(stream.text) + 1, dtype=bool)
    count = 0
    for end in np.argsort(-score, kind="stable"):
        if score[end] < least or count == MOST:
            return
        start = begin[end]
        if start < end and not taken[start:end].any():
            taken[start:end] = True
            fit = float(score[end]) - min(INSIDE_WORD, 1 / len(target)) * _cuts(stream, int(start), int(end))
            if fit >= least:
                count += 1
                yield int(start), int(end), fit


def _cuts(stream: Stream, start: int, end: int) -> int:
    """Number of the two ends (0–2) that stand inside a run of letters or of digits of one word."""
    return sum(0 < at < len(stream.text) and _inside(stream, at) for at in (start, end))


def _inside(stream: Stream, at: int) -> bool:
    a, b = stream.text[at - 1], stream.text[at]
    return bool(stream.word[at - 1] == stream.word[at]) and (
        (a.isalpha() and b.isalpha() and not UNSPACED.search(a + b)) or (a.isdigit() and b.isdigit())
    )


def _distances(target: str, stream: Stream) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Sellers' algorithm: for each end in `stream` the price of the best match of `target` and where that begins.

    Shapes `[len(stream.text) + 1]` both. Price and (negated) start travel in one integer, so that among equal prices
    the shortest match wins.
    """
    size, shift = len(stream.text), 1 << 24
    slope = _running_prices(stream.text) * shift
    ends = np.append(np.flatnonzero(np.diff(stream.row)) + 1, size)
    skips = np.arange(len(ends)) * SKIPPED_ROW * shift
    prices = {character: _prices(character, stream.text) * shift for character in set(target)}
    row = np.arange(size, -1, -1, dtype=np.int64)
    for character in target:
        missing = (WHOLE if character.isalnum() else MARK) * shift
        below = row + missing
        np.minimum(below[1:], row[:-1] + prices[character], out=below[1:])
        row = np.minimum.accumulate(below - slope) + slope
        row[ends] = np.minimum.accumulate(row[ends] - skips) + skips
    return row // shift, size - row % shift


@lru_cache(maxsize=16)
def _running_prices(text: str) -> NDArray[np.int64]:
    """The price of leaving out the characters before each position of `text` and its end."""
    return np.cumsum([0, *(MARK if not character.isalnum() else WHOLE for character in text)], dtype=np.int64)


@lru_cache(maxsize=256)
def _prices(character: str, text: str) -> NDArray[np.int64]:
    """The price of reading each character of `text` as `character`."""
    table = {other: _price(character, other) for other in set(text)}
    return np.array([table[other] for other in text], dtype=np.int64)


@lru_cache(maxsize=65536)
def _price(a: str, b: str) -> int:
    if a == b:
        return 0
    if any(a in group and b in group for group in LOOK_ALIKE):
        return ALIKE
    return WHOLE if a.isalnum() or b.isalnum() else MARK


def _matched(target: str, stream: Stream, start: int, end: int) -> list[int]:
    """The characters of the match without rows that the value leaves out and without loose ends."""
    matched = np.zeros(end - start, dtype=bool)
    for block in Levenshtein.opcodes(target, stream.text[start:end]):
        if block.tag in ("equal", "replace"):
            matched[block.dest_start : block.dest_end] = True
    rows = stream.row[start:end]
    for row in np.unique(rows):
        if matched[rows == row].mean() < 0.4:
            matched[rows == row] = False
    used = np.flatnonzero(matched)
    if not used.size:
        return []
    inside = [at for at in range(used[0], used[-1] + 1) if matched[rows == rows[at]].any()]
    return [start + at for at in inside]


# --- which of several ------------------------------------------------------------------------------------------------


def _named(field: Field, span: Span, pages: Sequence[Page]) -> float:
    """The share of the field's title that stands on the value's line before it."""
    page = pages[span.page]
    line = page.words[span.first].line
    words = page.words[max(span.first - BEFORE, 0) : span.first + 1]
    before = " ".join(word.text for word in words if word.line == line).casefold()
    title = field.title.casefold().split()
    return sum(part in re.split(r"[^\w]+", before) for part in title) / max(len(title), 1)
