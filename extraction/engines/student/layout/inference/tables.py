"""Answers for groups: from the network's logits to rows of cells. Needs no torch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from extraction.domain.alignment import candidates, own_conventions
from extraction.domain.field_types import Conventions, normalize
from extraction.domain.field_types.readers.amounts import find_amounts, parse_money
from extraction.domain.fields import Field, Schema
from extraction.domain.line_items.arithmetic import adds_up, amount_field, is_product, products
from extraction.domain.line_items.decoding import Part, RowEvidence, cell_parts, spare_parts
from extraction.domain.line_items.segmentation import Cells, Segment, segments
from extraction.domain.pages import Span
from extraction.domain.prediction import FieldValue
from extraction.engines.student.layout.inference.outputs import GroupOutputs, group_outputs
from extraction.engines.student.layout.inference.postprocessing import (
    Document,
    Floats,
    central,
    logit,
    printed_text,
    read_typed,
    worst,
)

CELL_SIGNALS = ("probability", "margin", "worst_word", "well_formed", "proven", "disproven")
ROW_SIGNALS = (
    "worst_cell",
    "mean_cell",
    "margin",
    "worst_word",
    "well_formed",
    "proven",
    "disproven",
    "complete",
    "alike",  # the share of the table's rows that have the same cells
    "letters",  # of its free texts, each of which may be misread
)
# Those that speak against a cell or a row.
AGAINST = ("disproven", "letters")
# Log-scores of a row whose quantity times price is its amount, and of one where it is not.
PROVEN, DISPROVEN = 4.0, -1.0

Signals = NDArray[np.float64]


@dataclass(frozen=True)
class DecodedCell:
    """A cell's value with the `CELL_SIGNALS` from which its confidence is calibrated, float64."""

    value: FieldValue
    signals: Signals


@dataclass(frozen=True)
class DecodedRow:
    """A row's cells by field, with the `ROW_SIGNALS`. Fields without a cell are not printed in the row. `product`:
    whether quantity times price is the amount, `None` where there are not three numbers."""

    cells: Mapping[str, DecodedCell]
    signals: Signals
    product: bool | None


@dataclass(frozen=True)
class DecodedTable:
    """The rows of a group in reading order; `adds_up` says whether the sum of their amounts is printed too."""

    field: Field
    rows: tuple[DecodedRow, ...]
    adds_up: bool | None


def tables(
    schema: Schema, document: Document, tags: Sequence[Floats], conventions: Conventions
) -> dict[str, DecodedTable]:
    """The rows of every group, not calibrated yet; arguments as for `postprocessing.answers`."""
    groups = group_outputs(schema)
    if not groups:
        return {}
    conventions = own_conventions(document.pages, schema.fields, conventions)
    return {group.field.name: _table(group, document, tags, conventions) for group in groups}


def _table(group: GroupOutputs, document: Document, tags: Sequence[Floats], conventions: Conventions) -> DecodedTable:
    if not document.windows:
        return DecodedTable(group.field, (), None)
    logits = central(document, [window[:, group.cells.start : group.rows + 1] for window in tags])
    evidence = RowEvidence(logits[:, :-1], logits[:, -1], document.tokens.page, document.tokens.run)
    parts = cell_parts(evidence)
    reader = _Reader(group.field, document, conventions, parts)
    parts = [*filter(reader.may_be, parts), *reader.spare(evidence, parts)]
    texts = [number for number, part in enumerate(group.field.fields) if part.kind.free_text]
    rows = reader.rows(segments(evidence, parts, texts, reader.worth))
    return DecodedTable(group.field, rows, reader.adds_up(rows))


class _Reader:
    """Reads the cells of one document's rows, of which the tags claim `parts`."""

    def __init__(self, field: Field, document: Document, conventions: Conventions, parts: Sequence[Part]) -> None:
        self.field, self.document, self.conventions = field, document, conventions
        self.numbers: dict[tuple[int, int, int], Decimal | None] = {}
        tokens = document.tokens
        self.claims = {
            (part.field, int(tokens.page[at]), int(tokens.word[at])) for part in parts for at in (part.first, part.last)
        }

    def worth(self, cells: Cells) -> float:
        """The log-score that arithmetic adds to a row."""
        proven = is_product(self._numbers(cells))
        return 0.0 if proven is None else PROVEN if proven else DISPROVEN

    def may_be(self, part: Part) -> bool:
        """Whether the part has a digit where a number is asked for: a dash or a word is none."""
        numeric = self.field.fields[part.field].kind.numeric
        return not numeric or any(char.isdigit() for char in self._read(part.field, [part]).value or "")

    def spare(self, evidence: RowEvidence, parts: Sequence[Part]) -> list[Part]:
        """Words that may be a number of a row though the tags speak rather against it."""
        words = list(self._words())
        return [
            part
            for number, field in enumerate(self.field.fields)
            if field.kind.numeric
            for part in spare_parts(evidence, parts, number, words)
            if self._number(part) is not None
        ]

    def _words(self) -> Iterator[tuple[int, int]]:
        """First and last token of each word."""
        tokens = self.document.tokens
        firsts = np.flatnonzero(np.diff(tokens.word, prepend=-1) | np.diff(tokens.page, prepend=-1))
        return zip(firsts.tolist(), [*(firsts[1:] - 1).tolist(), len(tokens) - 1], strict=True)

    def _numbers(self, cells: Cells) -> list[Decimal]:
        """The numbers of a row, one for each of its numeric fields."""
        found = [self._number(value[0]) for field, value in cells.items() if self.field.fields[field].kind.numeric]
        return [number for number in found if number is not None]

    def _number(self, part: Part) -> Decimal | None:
        key = (part.field, part.first, part.last)
        if key not in self.numbers:
            text = self._read(part.field, [part]).normalized
            self.numbers[key] = Decimal(text) if text else None
        return self.numbers[key]

    def rows(self, table: Sequence[Segment]) -> tuple[DecodedRow, ...]:
        """The rows that a table's segments hold."""
        proven = products([self._numbers(segment.cells) for segment in table])
        filled = Counter(frozenset(segment.cells) for segment in table)
        alike = [filled[frozenset(segment.cells)] / len(table) for segment in table]
        return tuple(map(self._row, table, proven, alike))

    def _row(self, segment: Segment, proven: bool | None, alike: float) -> DecodedRow:
        """`alike`: the share of the table's rows with the same cells."""
        cells = segment.cells
        signs = [float(proven is True), float(proven is False)]
        answers = {}
        for number in sorted(cells):
            value = self._read(number, cells[number])
            sure = logit(min(part.probability for part in cells[number]))
            worst_word = worst(value.spans, self.document.pages)
            signals = [sure, logit(segment.margin), worst_word, float(value.normalized is not None), *signs]
            answers[self.field.fields[number].name] = DecodedCell(value, np.array(signals))
        table = np.array([answer.signals for answer in answers.values()])
        summary = [table[:, 0].min(), table[:, 0].mean(), logit(segment.margin), table[:, 2].min(), table[:, 3].min()]
        complete, letters = len(answers) / len(self.field.fields), self._letters(answers)
        return DecodedRow(answers, np.array([*summary, *signs, complete, alike, letters]), proven)

    def _letters(self, cells: Mapping[str, DecodedCell]) -> float:
        texts = [part.name for part in self.field.fields if part.kind.free_text and part.name in cells]
        return float(sum(len(cells[name].value.value or "") for name in texts))

    def _read(self, number: int, parts: Sequence[Part]) -> FieldValue:
        """The value on the parts' tokens: an amount or a number as a whole where they miss some of its characters."""
        field, document = self.field.fields[number], self.document
        spans = tuple(document.tokens.span(document.pages, part.first, part.last) for part in parts)
        if field.kind.typed:
            whole, _ = read_typed(field, spans[:1], document.pages, self.conventions)
            if not self._claimed(number, whole[0], spans[0]):
                spans = whole
        text = printed_text(spans, document.pages)
        return FieldValue(text, normalize(field, text, conventions=self.conventions), None, spans)

    def _claimed(self, number: int, whole: Span, tagged: Span) -> bool:
        """Whether a value would take in a word of another column: a quantity beside an amount is no thousands."""
        beside = {*range(whole.first, whole.last + 1)} - {*range(tagged.first, tagged.last + 1)}
        others = (field for field in range(len(self.field.fields)) if field != number)
        return any((field, whole.page, word) in self.claims for field in others for word in beside)

    def adds_up(self, rows: Sequence[DecodedRow]) -> bool | None:
        name = amount_field(self.field)
        texts = [row.cells[name].value.normalized for row in rows if name in row.cells] if name else []
        return adds_up([Decimal(text) for text in texts if text], self._printed())

    def _printed(self) -> Mapping[Decimal, int]:
        pages, sign = self.document.pages, self.conventions.decimal_sign
        texts = [span.text([page]) for page in pages for span in candidates(find_amounts, page)]
        return Counter(amount for text in texts if (amount := parse_money(text, decimal_sign=sign)) is not None)
