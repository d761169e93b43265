"""Tables by what their files hold, whatever their names end with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from extraction.domain.claims.cells import TableLine
from extraction.domain.errors import gettext_noop
from extraction.engines.tables.delimited import Delimited
from extraction.engines.tables.limits import LIMITS, UnreadableTable
from extraction.engines.tables.workbook import OTHER, Workbook

ZIP, OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Lines before the one with the columns' names that may be empty.
EMPTY_LINES = 100
# Lines that show what a table holds.
FIRST_LINES = 20


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the names of its columns, empty for one without, its first lines, and all of them, which can be read
    again and again. `header` is the number of the line with the names."""

    columns: Sequence[str]
    first: Sequence[TableLine]
    source: Delimited | Workbook
    header: int

    def lines(self) -> Iterator[TableLine]:
        """The lines below the names, without empty ones. Raises `UnreadableTable`, also for too many."""
        for line in self.source.lines():
            if line.number > LIMITS.lines + self.header:
                raise UnreadableTable(
                    gettext_noop("The table has more than {limit} lines; split it."), limit=LIMITS.lines
                )
            if line.number > self.header and not line.empty:
                yield line


def open_table(path: Path) -> Table:
    """The table of a file. Raises `UnreadableTable` where it is no table, or has no lines."""
    source = _source(path)
    # Opening a workbook takes as long as reading all its texts: once is enough.
    lines = source.lines()
    top = next((line for line in islice(lines, EMPTY_LINES) if not line.empty), None)
    if top is None:
        raise UnreadableTable(gettext_noop("The file is empty."))
    named, *first = _below_titles([top, *islice((line for line in lines if not line.empty), FIRST_LINES)])
    if named.width > LIMITS.columns:
        raise UnreadableTable(gettext_noop("The table has more than {limit} columns."), limit=LIMITS.columns)
    if not first:
        raise UnreadableTable(gettext_noop("The table has names of columns and no line below them."))
    return Table([cell.text for cell in named.cells[: named.width]], first, source, named.number)


def _below_titles(lines: list[TableLine]) -> list[TableLine]:
    """From the line with the columns' names on: the first with several cells, else the first."""
    return lines[next((at for at, line in enumerate(lines) if line.filled > 1), 0) :]


def _source(path: Path) -> Delimited | Workbook:
    with path.open("rb") as file:
        head = file.read(len(OLD_OFFICE))
    if not head:
        raise UnreadableTable(gettext_noop("The file is empty."))
    if head.startswith(OLD_OFFICE):
        raise UnreadableTable(OTHER)
    return Workbook.of(path) if head.startswith(ZIP) else Delimited.of(path)
