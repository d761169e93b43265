"""What each label of a field's history says, and what it changed in a group's rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from extraction.domain.fields import Field
from extraction.domain.line_items.rows import Row, rows_of
from extraction.models import Label
from extraction.services.review import messages

# Changed cells that are named, and rows that are compared.
NAMED, MOST_ROWS = 3, 500


@dataclass(frozen=True, slots=True)
class Entry:
    """A label, with sentences about the rows that differ from the rows before it."""

    label: Label
    changes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell of row `row` (from 1) that another text is in."""

    row: int
    part: Field
    before: str | None
    after: str | None


def entries(field: Field, history: Sequence[Label]) -> tuple[Entry, ...]:
    """The labels, newest first, each with what it changed in those of the one before that holds rows."""
    if not field.kind.has_parts:
        return tuple(map(Entry, history))
    found, before = list[Entry](), None
    for label in reversed(history):
        rows = None if label.withdrawn or label.value is None else rows_of(field, label.value)
        changes = tuple(_changes(field, before, rows)) if before is not None and rows is not None else ()
        found.append(Entry(label, changes))
        before = before if rows is None else rows
    return tuple(reversed(found))


def _changes(field: Field, before: Sequence[Row], after: Sequence[Row]) -> Iterator[str]:
    if max(len(before), len(after)) > MOST_ROWS:
        return
    cells, added, removed = list[_Cell](), 0, 0
    matcher = SequenceMatcher(None, _keys(field, before), _keys(field, after), autojunk=False)
    for kind, start, end, to, until in matcher.get_opcodes():
        if kind == "equal":
            continue
        paired = min(end - start, until - to)
        added, removed = added + until - to - paired, removed + end - start - paired
        for at in range(paired):
            cells += _changed(field, to + at + 1, before[start + at], after[to + at])
    if len(cells) <= NAMED:
        yield from (messages.cell_changed(cell.row, cell.part, cell.before, cell.after) for cell in cells)
    else:
        yield messages.cells_changed(len(cells))
    if added:
        yield messages.rows_added(added)
    if removed:
        yield messages.rows_removed(removed)


def _keys(field: Field, rows: Sequence[Row]) -> list[tuple[str | None, ...]]:
    """The rows' texts; a cell that is not known counts as one that is not printed."""
    return [tuple(row.get(part.name) for part in field.fields) for row in rows]


def _changed(field: Field, number: int, before: Row, after: Row) -> Iterator[_Cell]:
    for part in field.fields:
        old, new = before.get(part.name), after.get(part.name)
        if old != new:
            yield _Cell(number, part, old, new)
