"""Values of a report's gallery of rows: documents whose rows are wrong, truth beside answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from extraction.domain.json_types import JsonObject
from extraction.domain.line_items.comparison import CellState, ComparedRow
from extraction.domain.line_items.rows import Row

# A report is read at once: wrong rows of a document, and characters of a cell, that it keeps.
MOST_ROWS, LONGEST = 30, 200


@dataclass(frozen=True, slots=True)
class WrongRow:
    """A true row beside the answered one; `None` where there is no such row. `wrong` are the fields of its cells that
    are not right."""

    truth: Row | None
    answer: Row | None
    wrong: tuple[str, ...]

    @classmethod
    def of(cls, row: ComparedRow) -> Self:
        wrong = tuple(name for name, state in row.cells.items() if state is not CellState.RIGHT)
        return cls(_short(row.truth), _short(row.answer), wrong)

    def to_json(self) -> JsonObject:
        rows = {"truth": self.truth, "answer": self.answer}
        return {**{name: row and dict(row) for name, row in rows.items()}, "wrong": list(self.wrong)}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(value["truth"], value["answer"], tuple(value["wrong"]))


@dataclass(frozen=True, slots=True)
class WrongTable:
    """A group of a document (a primary key) whose rows are not all right: `right` are, of the others the first are
    kept and `more` are not. `corrections` are the cells to change, fill or clear in all of them."""

    document: int
    name: str
    field: str
    corrections: int
    right: int
    rows: tuple[WrongRow, ...]
    more: int

    @classmethod
    def of(cls, document: int, name: str, field: str, compared: Sequence[ComparedRow]) -> Self:
        wrong = [row for row in compared if not row.right]
        corrections = sum(state is not CellState.RIGHT for row in wrong for state in row.cells.values())
        kept = tuple(map(WrongRow.of, wrong[:MOST_ROWS]))
        return cls(document, name, field, corrections, len(compared) - len(wrong), kept, len(wrong) - len(kept))

    def to_json(self) -> JsonObject:
        return {
            "document": self.document,
            "name": self.name,
            "field": self.field,
            "corrections": self.corrections,
            "right": self.right,
            "rows": [row.to_json() for row in self.rows],
            "more": self.more,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(**{**value, "rows": tuple(map(WrongRow.from_json, value["rows"]))})


def _short(row: Row | None) -> Row | None:
    return row and {
        name: cell if cell is None or len(cell) <= LONGEST else f"{cell[:LONGEST]}…" for name, cell in row.items()
    }
