"""Answers of any system (teacher, student, rules, claim) for the fields of a document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from extraction.domain.pages import Page, PageBox, Span

# Confidence (0–1) below which an answer is worth a second look.
DOUBTFUL = 0.7


@dataclass(frozen=True, slots=True)
class FieldValue:
    """An answer.

    `value` is the printed text (`None`: not on the document), `normalized` the same in the field's format (`None` where
    it cannot be normalised), `confidence` the probability (0–1) that the answer is right, `spans` the words on which
    it stands, a multi-part value's parts in reading order. `rows` are those of a group (`None` for other fields), whose
    `value` and `normalized` hold them as labels do, as JSON; `adds_up` says whether the sum of their amounts is printed
    too.
    """

    value: str | None
    normalized: str | None
    confidence: float | None = None
    spans: tuple[Span, ...] = field(default=())
    rows: tuple[RowValue, ...] | None = None
    adds_up: bool | None = None

    def boxes(self, pages: Sequence[Page]) -> list[PageBox]:
        """One box for each printed line that the answer touches."""
        return [PageBox(span.page, box) for span in self.spans for box in span.boxes(pages)]


@dataclass(frozen=True, slots=True)
class RowValue:
    """A row of a group: its cells by field (one that is absent is not printed in the row), the probability (0–1) that
    all of them are right, and whether quantity times price is the amount (`None`: it has not all three)."""

    cells: Mapping[str, FieldValue]
    confidence: float | None = None
    product: bool | None = None
