"""Evidence about labels: what the page, other answers and documents of the same vendor say about a value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from rapidfuzz.distance import Levenshtein

from extraction.domain.alignment import align
from extraction.domain.field_types import UNKNOWN, Certainty, Conventions, agree, read
from extraction.domain.field_types.readers.texts import letters
from extraction.domain.fields import Field
from extraction.domain.json_types import JsonObject
from extraction.domain.line_items.alignment import align_rows
from extraction.domain.line_items.matching import match, wrong_cells
from extraction.domain.line_items.rows import rows_of
from extraction.domain.pages import Page, Span

# Similarity of their letters from which two texts count as the same answer with another spelling.
NEAR = 0.8
# The likeness from which a value is right: a text with nine of ten letters.
RIGHT = 0.5
# Characters of texts that are compared letter by letter; longer ones are compared as wholes.
LONGEST_COMPARED = 500


@dataclass(frozen=True, slots=True)
class Stated:
    """A value as a source states it: the printed text (`None`: not on the document), whether the source doubts it
    itself, its own confidence (0–1) and the text that it quotes as evidence."""

    value: str | None
    unsure: bool = False
    confidence: float | None = None
    quoted: str | None = None


@dataclass(frozen=True, slots=True)
class StudentAnswer:
    """The answer of a student that did not learn from the label (`None`: not on the document), with its calibrated
    confidence (0–1)."""

    value: str | None
    confidence: float

    def to_json(self) -> JsonObject:
        return {"value": self.value, "confidence": self.confidence}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(value["value"], value["confidence"])


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known about one label.

    `found`: similarity (0–1) of the best place on the page, 0 where there is none, `None` where the value is not looked
    for; `places` is their number; `ocr` the lowest confidence (0–1) of the words it stands on. `certain`: whether the
    text reads as exactly one value of the field's type. `quoted`: whether the source quotes a text of the page that
    holds the value. `others` are the likenesses (0–1) of other sources' answers for the field, `rules` that of the
    answer by rules (`None`: they have none, or are the source). `vendor_same` and
    `vendor_other` count the documents of the same vendor with the same and another value. `student_agrees` and
    `student_differs` are the confidence (0–1) of a student that did not learn from the label in the same answer and in
    another one, by their likeness.
    """

    absent: bool
    found: float | None = None
    places: int = 0
    ocr: float | None = None
    certain: bool = True
    unsure: bool = False
    confidence: float | None = None
    quoted: bool | None = None
    others: tuple[float, ...] = ()
    rules: float | None = None
    vendor_same: int = 0
    vendor_other: int = 0
    student_agrees: float = 0.0
    student_differs: float = 0.0


def evidence(
    part: Field,
    stated: Stated,
    pages: Sequence[Page],
    *,
    others: Sequence[str | None] = (),
    rules: str | None = None,
    vendor: tuple[int, int] = (0, 0),
    student: StudentAnswer | None = None,
    conventions: Conventions = UNKNOWN,
) -> Evidence:
    """Evidence about the value of `part` on the document with these pages.

    `others` are the answers of other sources, `rules` the value that the teacher of rules finds (`None`: it finds none,
    which says nothing), `vendor` as from `Vendors.compare`, `student` what one reads that did not learn from the label.
    """
    value = stated.value
    alike = likeness(part, value, student.value, conventions) if student else 0.0
    sure = student.confidence if student else 0.0
    known = Evidence(
        absent=value is None,
        unsure=stated.unsure,
        confidence=stated.confidence,
        others=tuple(likeness(part, value, other, conventions) for other in others),
        rules=None if rules is None else likeness(part, value, rules, conventions),
        vendor_same=vendor[0],
        vendor_other=vendor[1],
        student_agrees=alike * sure,
        student_differs=(1 - alike) * sure,
    )
    if value is None:
        return known
    if part.kind.has_parts:
        return replace(known, found=_share_placed(part, value, pages, conventions))
    places = align(part, value, pages, conventions=conventions) if part.kind.alignable else None
    return replace(
        known,
        found=None if places is None else places[0].score if places else 0.0,
        places=len(places or ()),
        ocr=_lowest_confidence(places[0].spans, pages) if places else None,
        certain=read(part, value, conventions=conventions).certainty is Certainty.READ,
        quoted=_quoted(stated, pages),
    )


def likeness(part: Field, value: str | None, other: str | None, conventions: Conventions = UNKNOWN) -> float:
    """How alike two answers are (0–1): 1 where they agree, 0 where one of them is empty or a type with a grammar has
    another meaning; for texts the similarity of their letters from `NEAR` on, for groups the share of equal rows."""
    if (value is None) != (other is None):
        return 0.0
    if value is None or other is None or agree(part, value, other, conventions=conventions):
        return 1.0
    if part.kind.has_parts:
        return _share_equal(part, value, other, conventions)
    if not part.kind.free_text:
        return 0.0
    similarity = Levenshtein.normalized_similarity(letters(value)[:LONGEST_COMPARED], letters(other)[:LONGEST_COMPARED])
    return max(0.0, (similarity - NEAR) / (1 - NEAR))


def is_right(part: Field, value: str | None, truth: str | None, conventions: Conventions = UNKNOWN) -> bool:
    """Whether a value is what a person gave; small differences of texts do not matter, in a table each cell does."""
    return likeness(part, value, truth, conventions) >= (1.0 if part.kind.has_parts else RIGHT)


def _share_equal(part: Field, value: str, other: str, conventions: Conventions) -> float:
    """Rows whose cells are all equal, by the rows of the longer table."""
    rows, others = rows_of(part, value), rows_of(part, other)
    if rows is None or others is None:
        return 0.0
    pairs = match(part, rows, others, conventions)
    equal = sum(not wrong_cells(part, rows[i], others[j], conventions) for i, j in pairs)
    return equal / max(len(rows), len(others), 1)


def _share_placed(part: Field, value: str, pages: Sequence[Page], conventions: Conventions) -> float | None:
    """The share of a group's printed cells that are found on the page; `None` without any."""
    rows = rows_of(part, value) or ()
    placed = align_rows(part, rows, pages, conventions)
    printed = sum(cell is not None for row in rows for cell in row.values())
    return sum(len(place.cells) for place in placed if place) / printed if printed else None


def _lowest_confidence(spans: Sequence[Span], pages: Sequence[Page]) -> float:
    words = (word for span in spans for word in pages[span.page].words[span.first : span.last + 1])
    return min((word.confidence for word in words), default=0.0)


def _quoted(stated: Stated, pages: Sequence[Page]) -> bool | None:
    if not stated.quoted or not stated.value:
        return None
    quote, value = letters(stated.quoted), letters(stated.value)
    return value in quote and any(quote in letters(page.text) for page in pages)
