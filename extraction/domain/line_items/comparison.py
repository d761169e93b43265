"""Comparison of a group's answered rows with the true ones: pairs, missing rows and invented ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from operator import itemgetter

from extraction.domain.field_types import Conventions
from extraction.domain.fields import Field
from extraction.domain.line_items.matching import match, wrong_cells
from extraction.domain.line_items.rows import Row, rows_of
from extraction.domain.prediction import FieldValue


class CellState(Enum):
    """An answered cell beside the true one."""

    RIGHT = "right"
    SUBSTITUTED = "substituted"
    MISSING = "missing"
    INVENTED = "invented"


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """A true row beside the answered one that is most like it; one of both is `None` where it has no partner.

    `cells` are the states of its cells by field, without those that are empty on both sides or unknown to the truth.
    """

    truth: Row | None
    answer: Row | None
    cells: Mapping[str, CellState]

    @property
    def right(self) -> bool:
        """Whether all its cells mean the same."""
        return all(state is CellState.RIGHT for state in self.cells.values())


@dataclass(frozen=True, slots=True)
class Comparison:
    """Rows that have any cell, and the pairs of true and answered ones by their numbers, in the order of the truth."""

    field: Field
    truth: Sequence[Row]
    answer: Sequence[Row]
    pairs: Sequence[tuple[int, int]]
    conventions: Conventions

    def rows(self) -> list[ComparedRow]:
        """In the order of the truth, an invented row after the answered one that it follows."""
        partners, answered = dict(self.pairs), {column: row for row, column in self.pairs}
        placed = [
            ((number, 0), self._compared(row, self.answer[partners[number]] if number in partners else None))
            for number, row in enumerate(self.truth)
        ]
        place = -1
        for column, row in enumerate(self.answer):
            place = answered.get(column, place)
            if column not in answered:
                placed.append(((place, column + 1), ComparedRow(None, row, _invented(row))))
        return [row for _, row in sorted(placed, key=itemgetter(0))]

    def _compared(self, truth: Row, answer: Row | None) -> ComparedRow:
        given = answer or {}
        wrong = wrong_cells(self.field, truth, given, self.conventions)
        printed = [name for name in truth if truth[name] or given.get(name)]
        cells = {name: _state(truth[name], given.get(name), name in wrong) for name in printed}
        return ComparedRow(truth, answer, cells)


def compare(field: Field, truth: Sequence[Row], answer: Sequence[Row], conventions: Conventions) -> Comparison:
    """Answered cells of a field that no true row knows are left out."""
    truth, answer = _filled(truth), _filled(_known(truth, answer))
    return Comparison(field, truth, answer, match(field, truth, answer, conventions), conventions)


def answered(field: Field, answer: FieldValue | None) -> tuple[Row, ...]:
    """The rows of an answer as they are compared: cells of fields with a format in that, as far as they were
    normalised, others as printed. An answer that holds no rows has none."""
    rows = rows_of(field, answer.value) if answer else None
    formatted = {part.name for part in field.fields if not part.as_printed}
    normalized = rows_of(field, answer.normalized) if answer and formatted else None
    if not rows or normalized is None or len(normalized) != len(rows):
        return rows or ()
    written = [{name: cell for name, cell in row.items() if cell and name in formatted} for row in normalized]
    return tuple({**row, **cells} for row, cells in zip(rows, written, strict=True))


def _filled(rows: Sequence[Row]) -> list[Row]:
    """The rows that have any cell."""
    return [row for row in rows if any(row.values())]


def _known(truth: Sequence[Row], answer: Sequence[Row]) -> list[Row]:
    """The answered rows with the fields alone that the truth knows, which are all where it has no rows."""
    names = {name for row in truth for name in row}
    return [{name: cell for name, cell in row.items() if not truth or name in names} for row in answer]


def _invented(row: Row) -> dict[str, CellState]:
    return {name: CellState.INVENTED for name, cell in row.items() if cell}


def _state(truth: str | None, answer: str | None, wrong: bool) -> CellState:
    if not truth:
        return CellState.INVENTED
    if not answer:
        return CellState.MISSING
    return CellState.SUBSTITUTED if wrong else CellState.RIGHT
