"""JSON that the review page's script receives about the rows of a group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extraction.domain.fields import Field
from extraction.domain.json_types import JsonObject
from extraction.domain.line_items.arithmetic import amount_field
from extraction.domain.line_items.rows import text_of
from extraction.services.review.sheet import FieldSheet
from extraction.services.review.tables.changes import OverwritingRows
from extraction.services.review.tables.checks import CellDoubt


@dataclass(frozen=True, slots=True)
class ColumnData:
    """A column: `typed` and `numeric` as `FieldType` has them, `options` of a choice."""

    name: str
    title: str
    typed: bool
    numeric: bool
    options: Sequence[str]

    @classmethod
    def of(cls, part: Field) -> ColumnData:
        return cls(part.name, part.title, part.kind.typed, part.kind.numeric, part.options)

    def to_json(self) -> JsonObject:
        return {
            "name": self.name,
            "title": self.title,
            "typed": self.typed,
            "numeric": self.numeric,
            "options": list(self.options),
        }


@dataclass(frozen=True, slots=True)
class TableData:
    """A group's columns and the checks of its rows: `amount` names the column that adds up to `sum`, a decimal."""

    columns: Sequence[ColumnData]
    doubts: Sequence[CellDoubt]
    amount: str | None
    sum: str | None
    unread: int

    @classmethod
    def of(cls, field: FieldSheet) -> TableData | None:
        """`None` for a field that is not shown as a table."""
        if not field.has_rows:
            return None
        checks, columns = field.checks, [ColumnData.of(part) for part in field.field.fields]
        total = None if checks.sum is None else f"{checks.sum:f}"
        return cls(columns, checks.doubts, amount_field(field.field), total, checks.unread)

    def to_json(self) -> JsonObject:
        return {
            "columns": [column.to_json() for column in self.columns],
            "doubts": [[doubt.row, doubt.column, doubt.doubt] for doubt in self.doubts],
            "amount": self.amount,
            "sum": self.sum,
            "unread": self.unread,
        }


def clashes_json(error: OverwritingRows) -> JsonObject:
    """The rows of both people, and by their numbers those that both changed: mine, theirs (null: removed)."""
    merged = error.merged
    return {
        "merged": text_of(merged.rows),
        "clashes": [
            {"at": clash.at, "mine": _row(clash.mine), "theirs": _row(clash.theirs)} for clash in merged.clashes
        ],
    }


def _row(row: object) -> JsonObject | None:
    return dict(row) if row is not None else None  # type: ignore[call-overload]
