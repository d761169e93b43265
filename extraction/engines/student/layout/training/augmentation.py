"""Entity-swap augmentation: variants of training documents with the names and addresses of others.

A few hundred documents show a few dozen companies, which a student would memorise. A document with another company's
name and a third one's address can only be read by where names and addresses stand and what they look like. Words are
swapped as the OCR read them, in the place, on the lines and in the size of those that they replace.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from extraction.domain.alignment import align
from extraction.domain.field_types import Conventions
from extraction.domain.fields import Field, Schema
from extraction.domain.pages import Box, Page, Span, Word
from extraction.domain.progress import Progress, check
from extraction.engines.student.base import Example, Examples

CERTAIN = 0.85  # least score of an alignment whose words are swapped
# Lines whose middle is this near to the page's (fraction of its width) stay centred, others keep their left end.
CENTERED = 0.1

Texts = tuple[tuple[str, ...], ...]  # the words of each printed line


@dataclass(frozen=True)
class _Printed:
    """Place of a value: its page, and for each printed line the index of its first word and the number of words."""

    page: int
    lines: tuple[tuple[int, int], ...]

    @property
    def words(self) -> set[tuple[int, int]]:
        return {(self.page, index) for first, count in self.lines for index in range(first, first + count)}

    def texts(self, pages: Sequence[Page]) -> Texts:
        words = pages[self.page].words
        return tuple(tuple(word.text for word in words[first : first + count]) for first, count in self.lines)


def swap_entities(
    schema: Schema, examples: Examples, conventions: Conventions, copies: int, seed: int, progress: Progress
) -> Iterator[list[Example]]:
    """For each example `copies` variants with texts of others in the places of its own; the same for the same seed.

    Only text fields whose value is certainly found are swapped, with those of other examples; an example without any
    has no variant. Labels follow what is printed. Raises `Cancelled`.
    """
    if not copies:
        yield from ([] for _ in examples)
        return
    chance = random.Random(seed)
    places = []
    for example in examples:
        check(progress)
        places.append(_places(schema, example, conventions))
    known: dict[str, list[Texts]] = {}
    for example, printed in zip(examples, places, strict=True):
        for name, place in printed.items():
            known.setdefault(name, []).append(place.texts(example.pages))
    for example, printed in zip(examples, places, strict=True):
        yield [_swapped(example, printed, known, chance) for _ in range(copies if printed else 0)]


def _places(schema: Schema, example: Example, conventions: Conventions) -> dict[str, _Printed]:
    """Texts of an example that can be swapped, by field; of two on the same words the first one."""
    places: dict[str, _Printed] = {}
    taken: set[tuple[int, int]] = set()
    for field in schema.fields:
        place = _find(field, example, conventions) if field.kind.free_text else None
        if place and not taken & place.words:
            places[field.name] = place
            taken |= place.words
    return places


def _find(field: Field, example: Example, conventions: Conventions) -> _Printed | None:
    """The best place of the value, where it consists of whole words of one page."""
    value = example.labels.get(field.name)
    occurrences = align(field, value, example.pages, conventions=conventions) if value else []
    if not occurrences or occurrences[0].score < CERTAIN:
        return None
    spans = occurrences[0].spans
    if len({span.page for span in spans}) > 1 or not all(_is_whole(span, example.pages) for span in spans):
        return None
    return _Printed(spans[0].page, tuple(line for span in spans for line in _lines(span, example.pages)))


def _is_whole(span: Span, pages: Sequence[Page]) -> bool:
    return span.start == 0 and span.end in (None, len(pages[span.page].words[span.last].text))


def _lines(span: Span, pages: Sequence[Page]) -> Iterator[tuple[int, int]]:
    """(first word, number of words) of the span on each printed line."""
    first = span.first
    for index in range(span.first, span.last + 1):
        words = pages[span.page].words
        if index == span.last or words[index + 1].line != words[index].line:
            yield first, index + 1 - first
            first = index + 1


def _swapped(
    example: Example, places: Mapping[str, _Printed], known: Mapping[str, Sequence[Texts]], chance: random.Random
) -> Example:
    labels = dict(example.labels)
    new: dict[tuple[int, int], tuple[int, list[Word]]] = {}  # by page and first word: words replaced, replacement
    for name, place in places.items():
        rows = _on_lines(chance.choice(known[name]), len(place.lines))
        labels[name] = " ".join(text for row in rows for text in row)
        words = example.pages[place.page].words
        for (first, count), row in zip(place.lines, rows, strict=True):
            new[place.page, first] = count, _typeset(words[first : first + count], row)
    pages = [_rewritten(page, number, new) for number, page in enumerate(example.pages)]
    return replace(example, pages=pages, labels=labels)


def _on_lines(texts: Texts, lines: int) -> list[tuple[str, ...]]:
    """The words on so many lines: as they were printed where there is room, else spread evenly."""
    if len(texts) <= lines:
        return [*texts, *[()] * (lines - len(texts))]
    words = [word for line in texts for word in line]
    rows: list[list[str]] = [[] for _ in range(lines)]
    room, done = sum(map(len, words)) / lines, 0
    for word in words:
        rows[min(int(done / room), lines - 1)].append(word)
        done += len(word)
    return [tuple(row) for row in rows]


def _typeset(old: Sequence[Word], texts: Sequence[str]) -> list[Word]:
    """`texts` in the size of `old`, the words of one line, or smaller where the page is too narrow for them."""
    if not texts:
        return []
    line = Box.around(word.box for word in old)
    letter = line.width / (sum(len(word.text) for word in old) + len(old) - 1)
    length = sum(map(len, texts)) + len(texts) - 1
    center, _ = line.center
    left = max(center - letter * length / 2, 0.0) if abs(center - 0.5) < CENTERED else line.x0
    letter = min(letter, (1 - left) / length)
    words = []
    for text in texts:
        box = Box.clamped(left, line.y0, left + letter * len(text), line.y1)
        words.append(Word(text, box, old[0].confidence, old[0].line))
        left += letter * (len(text) + 1)
    return words


def _rewritten(page: Page, number: int, new: Mapping[tuple[int, int], tuple[int, list[Word]]]) -> Page:
    words: list[Word] = []
    at = 0
    while at < len(page.words):
        count, replacement = new.get((number, at), (1, [page.words[at]]))
        words += replacement
        at += count
    return replace(page, words=tuple(words))
