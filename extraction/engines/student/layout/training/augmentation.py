"""Documents that might have been: the names and addresses of training documents, printed on one another.

A few hundred documents show a few dozen companies, and a student learns those by heart. On a document that bears
another company's name and a third one's address nothing is left to go by but where names and addresses stand and what
they look like. The words that are swapped are those that the OCR read, in the place, on the lines and in the size of
those that they replace.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from extraction.domain.alignment import align
from extraction.domain.field_types import DayOrder
from extraction.domain.fields import Field, Schema
from extraction.domain.pages import Box, Page, Span, Word
from extraction.domain.progress import Progress, check
from extraction.engines.student.layout.config import Example

CERTAIN = 0.85  # alignment's score below which it is not sure enough which words are the value
CENTERED = (
    0.1  # lines whose middle is as near to the page's (share of its width) stay centred, others keep their left end
)

Texts = tuple[tuple[str, ...], ...]  # the words of each printed line


@dataclass(frozen=True)
class _Printed:
    """Where a value stands: on which page, and on each printed line its first word and how many there are."""

    page: int
    lines: tuple[tuple[int, int], ...]

    @property
    def words(self) -> set[tuple[int, int]]:
        return {(self.page, index) for first, count in self.lines for index in range(first, first + count)}

    def texts(self, pages: Sequence[Page]) -> Texts:
        words = pages[self.page].words
        return tuple(tuple(word.text for word in words[first : first + count]) for first, count in self.lines)


def mixed(
    schema: Schema, examples: Sequence[Example], day_order: DayOrder, copies: int, seed: int, progress: Progress
) -> list[list[Example]]:
    """For each example up to `copies` variants with other texts in the places of its own; the same for the same seed.

    Only text fields whose value is surely found are swapped, with those of other examples; an example that has none has
    no variant. Labels follow what is printed. Raises `Cancelled`.
    """
    if not copies:
        return [[] for _ in examples]
    chance = random.Random(seed)
    places = []
    for example in examples:
        check(progress)
        places.append(_places(schema, example, day_order))
    known: dict[str, list[Texts]] = {}
    for example, printed in zip(examples, places, strict=True):
        for name, place in printed.items():
            known.setdefault(name, []).append(place.texts(example.pages))
    return [
        [_swapped(example, printed, known, chance) for _ in range(copies if printed else 0)]
        for example, printed in zip(examples, places, strict=True)
    ]


def _places(schema: Schema, example: Example, day_order: DayOrder) -> dict[str, _Printed]:
    """The texts of an example that can be swapped; of two on the same words the first one."""
    found: dict[str, _Printed] = {}
    taken: set[tuple[int, int]] = set()
    for field in schema.fields:
        place = _find(field, example, day_order) if field.kind.free_text else None
        if place and not taken & place.words:
            found[field.name] = place
            taken |= place.words
    return found


def _find(field: Field, example: Example, day_order: DayOrder) -> _Printed | None:
    """The best place of the value, where it is made of whole words of one page."""
    value = example.labels.get(field.name)
    found = align(field, value, example.pages, day_order=day_order) if value else []
    if not found or found[0].score < CERTAIN:
        return None
    spans = found[0].spans
    if len({span.page for span in spans}) > 1 or not all(_whole(span, example.pages) for span in spans):
        return None
    return _Printed(spans[0].page, tuple(line for span in spans for line in _lines(span, example.pages)))


def _whole(span: Span, pages: Sequence[Page]) -> bool:
    return span.start == 0 and span.end in (None, len(pages[span.page].words[span.last].text))


def _lines(span: Span, pages: Sequence[Page]) -> Iterator[tuple[int, int]]:
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
    new: dict[tuple[int, int], tuple[int, list[Word]]] = {}  # by page and first word: how many go, what comes
    for name, place in places.items():
        rows = _on_lines(chance.choice(known[name]), len(place.lines))
        labels[name] = " ".join(text for row in rows for text in row)
        words = example.pages[place.page].words
        for (first, count), row in zip(place.lines, rows, strict=True):
            new[place.page, first] = count, _set(words[first : first + count], row)
    pages = [_rewritten(page, number, new) for number, page in enumerate(example.pages)]
    return replace(example, pages=pages, labels=labels)


def _on_lines(texts: Texts, lines: int) -> list[tuple[str, ...]]:
    """The words on so many lines: as they were printed where there is room, else shared out evenly."""
    if len(texts) <= lines:
        return [*texts, *[()] * (lines - len(texts))]
    words = [word for line in texts for word in line]
    rows: list[list[str]] = [[] for _ in range(lines)]
    room, done = sum(map(len, words)) / lines, 0
    for word in words:
        rows[min(int(done / room), lines - 1)].append(word)
        done += len(word)
    return [tuple(row) for row in rows]


def _set(old: Sequence[Word], texts: Sequence[str]) -> list[Word]:
    """`texts` in the size of `old`, the words of one line, or as much smaller as the page is too narrow for them."""
    if not texts:
        return []
    line = Box.around(word.box for word in old)
    letter = line.width / (sum(len(word.text) for word in old) + len(old) - 1)
    wanted = sum(map(len, texts)) + len(texts) - 1
    center, _ = line.center
    left = max(center - letter * wanted / 2, 0.0) if abs(center - 0.5) < CENTERED else line.x0
    letter = min(letter, (1 - left) / wanted)
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
        gone, come = new.get((number, at), (1, [page.words[at]]))
        words += come
        at += gone
    return replace(page, words=tuple(words))
