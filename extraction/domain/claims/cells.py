"""Cells and lines of a table, whatever file they came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class CellKind(StrEnum):
    """What a cell holds. A CSV file has texts alone."""

    EMPTY = "empty"
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    BOOLEAN = "boolean"
    ERROR = "error"  # `#REF!`, of a formula that cannot be computed
    UNCALCULATED = "uncalculated"  # a formula whose result the file does not hold


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as it reads: a number in plain digits without the noise of binary fractions, a date in ISO 8601."""

    text: str = ""
    kind: CellKind = CellKind.EMPTY

    @property
    def empty(self) -> bool:
        return self.kind is CellKind.EMPTY


@dataclass(frozen=True, slots=True)
class TableLine:
    """A line of a table; `number` is the file's own, from 1, as editors and spreadsheets count."""

    number: int
    cells: Sequence[Cell]

    @property
    def empty(self) -> bool:
        return all(cell.empty for cell in self.cells)

    @property
    def filled(self) -> int:
        """Cells that hold anything."""
        return sum(not cell.empty for cell in self.cells)

    @property
    def width(self) -> int:
        """Cells up to the last one that holds anything."""
        return max((at + 1 for at, cell in enumerate(self.cells) if not cell.empty), default=0)

    def cell(self, column: int) -> Cell | None:
        """`None` where the line ends before that column."""
        return self.cells[column] if column < len(self.cells) else None


# What spreadsheets write in place of a result.
ERRORS = frozenset(
    (
        *("#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#GETTING_DATA"),
        *("#BEZUG!", "#NV", "#WERT!", "#ZAHL!"),
    )
)


def text_cell(text: str) -> Cell:
    """The cell of a text as it was typed, without the space around it."""
    text = text.strip()
    if not text:
        return Cell()
    return Cell(text, CellKind.ERROR if text.upper() in ERRORS else CellKind.TEXT)


def letters(column: int) -> str:
    """The name that spreadsheets give to a column, counted from 0: A, B, …, Z, AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
