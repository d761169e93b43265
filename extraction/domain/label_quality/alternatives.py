"""Alternatives to a value: what a person is offered instead of a wrong label, the likeliest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from extraction.domain.alignment import align, candidates
from extraction.domain.field_types import UNKNOWN, Conventions, agree
from extraction.domain.fields import Field
from extraction.domain.pages import Page, Span

# As many as there are keys for.
MOST = 4
# Lines at the head of the first page that may be a name.
HEAD = 4


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another value (`None`: not on the document), with its words where it was taken from the page."""

    value: str | None
    spans: tuple[Span, ...] | None = None


def alternatives(
    part: Field,
    value: str | None,
    pages: Sequence[Page],
    known: Iterable[Alternative] = (),
    *,
    place: Sequence[Span] = (),
    conventions: Conventions = UNKNOWN,
) -> list[Alternative]:
    """At most `MOST` values that differ from `value` in meaning: `known` ones, such as those of other sources and of
    the vendor's other documents, then what the pages hold.

    `place` are the words on which `value` stands. Of a type with a grammar the values nearest to it follow, of texts
    parts of it, the lines around it and those at the head of the page.
    """
    chosen: list[Alternative] = []
    for candidate in _all(part, value, pages, known, place, conventions):
        texts = [value, *(other.value for other in chosen)]
        if not any(agree(part, candidate.value, text, conventions=conventions) for text in texts):
            chosen.append(candidate)
        if len(chosen) == MOST:
            break
    return chosen


def _all(
    part: Field,
    value: str | None,
    pages: Sequence[Page],
    known: Iterable[Alternative],
    place: Sequence[Span],
    conventions: Conventions,
) -> Iterator[Alternative]:
    yield from known
    if not place and value and part.kind.alignable:
        place = next((found.spans for found in align(part, value, pages, conventions=conventions)), ())
    spans = _of_type(part, pages, place) if part.kind.typed else _texts(pages, place) if part.kind.free_text else ()
    for words in spans:
        yield Alternative(" ".join(span.text(pages) for span in words), tuple(words))


def _of_type(part: Field, pages: Sequence[Page], place: Sequence[Span]) -> list[list[Span]]:
    """Values of the type, the nearest to the place first."""
    near = _height(place[0], pages) if place else 0.0
    found = [
        replace(span, page=number) for number, page in enumerate(pages) for span in candidates(part.kind.find, page)
    ]
    return [[span] for span in sorted(found, key=lambda span: abs(_height(span, pages) - near))]


def _height(span: Span, pages: Sequence[Page]) -> float:
    return span.page + pages[span.page].words[span.first].box.center[1]


def _texts(pages: Sequence[Page], place: Sequence[Span]) -> Iterator[list[Span]]:
    """Without its first or last part, a heading or a number at its end; then with one line more or less at either end;
    then the lines at the head of the first page."""
    if place:
        page = pages[place[0].page]
        if len(place) > 1:
            yield from (list(place[:-1]), list(place[1:]))
        yield from _cut(page, place)
        lines = page.lines
        of_word = {word: number for number, line in enumerate(lines) for word in line}
        first, last = of_word[place[0].first], of_word[place[-1].last]
        for start, end in ((first, last), (first, last + 1), (first - 1, last), (first, last - 1), (first + 1, last)):
            if 0 <= start <= end < len(lines):
                yield [_span(place[0].page, line) for line in lines[start : end + 1]]
    for number, page in enumerate(pages[:1]):
        yield from ([_span(number, line)] for line in page.lines[:HEAD])


def _cut(page: Page, place: Sequence[Span]) -> Iterator[list[Span]]:
    """Without words with digits or brackets at the end (`ACME LTD (12345-M)`), and without a heading (`OWNED BY:`)."""
    *before, last = place
    end = last.last
    while end > last.first and not page.words[end].text.isalpha():
        end -= 1
    if end < last.last:
        yield [*before, Span(last.page, last.first, end, last.start)]
    first, *after = place
    headings = [word for word in range(first.first, first.last) if page.words[word].text.endswith(":")]
    if headings:
        yield [Span(first.page, headings[-1] + 1, first.last, 0, first.end), *after]


def _span(page: int, line: Sequence[int]) -> Span:
    return Span(page, line[0], line[-1])
