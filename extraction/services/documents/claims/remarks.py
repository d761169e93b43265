"""What is to be said about the lines of a table: for the page, and as a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from extraction.models import ClaimImport
from extraction.services.documents.claims import messages

# Remarks that the page shows; the file has all.
SHOWN = 100
HEADER = ("line", "column", "refused", "code", "reason", "text")


@dataclass(frozen=True, slots=True)
class ShownRemark:
    """A remark with its column's name and its sentence in the reader's language."""

    line: int
    column: str
    refuses: bool
    text: str
    sentence: str


def shown(row: ClaimImport) -> list[ShownRemark]:
    """The first ones, refusals before doubts. One query."""
    rows = sorted(row.remarks.all()[: 5 * SHOWN], key=lambda remark: not remark.refuses)[:SHOWN]
    return [
        ShownRemark(
            remark.line,
            messages.column(row.columns, remark.column),
            remark.refuses,
            remark.text,
            messages.remark(remark),
        )
        for remark in rows
    ]


def csv_lines(row: ClaimImport) -> Iterator[tuple[object, ...]]:
    """Each remark in the order of `HEADER`; texts as they stand in the table."""
    for remark in row.remarks.iterator():
        yield (
            remark.line,
            messages.column(row.columns, remark.column),
            remark.refuses,
            remark.code,
            messages.remark_in_english(remark),
            remark.text,
        )
