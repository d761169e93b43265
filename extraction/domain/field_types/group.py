"""Repeated rows of fields: line items. A value is JSON, a list of objects by the names of the parts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from extraction.domain.errors import filled, gettext_noop
from extraction.domain.field_types.base import FieldType, InvalidValue, RowsShape, StudentTask, Widget
from extraction.domain.field_types.readers.conventions import Conventions
from extraction.domain.field_types.readers.texts import clean
from extraction.domain.field_types.values import normalize
from extraction.domain.text import LONGEST_ROWS

if TYPE_CHECKING:
    from extraction.domain.fields import Field

_NO_ROWS = gettext_noop("An example of {field!r} wants {wanted!r}, which is no list of rows such as {rows}.")
_UNKNOWN = gettext_noop("An example of {field!r} has a row with {column!r}, which is not one of its fields.")
_NO_CELL = gettext_noop("An example of {field!r} has a cell that is no text, no number and not null.")


class Group(FieldType):
    """Normalised row by row, in their order; a part that cannot be read keeps its text."""

    name = gettext_noop("group")
    noun = "a table"
    has_parts = True
    longest = LONGEST_ROWS
    alignable = False
    student_task = StudentTask.ROWS
    widget = Widget.ROWS

    def problem(self, field: Field) -> str | None:
        """Of an example: teachers are shown rows by the group's fields."""
        problems = (_problem(field, wanted) for _, wanted in field.examples)
        return next((problem for problem in problems if problem), None)

    def normalize(self, field: Field, text: str, conventions: Conventions) -> str | None:
        rows = listed(text)
        if rows is None or not all(isinstance(row, Mapping) for row in rows):
            return None
        try:
            return _dumps([_normalized_row(field, row, conventions) for row in rows])
        except RecursionError:
            return None

    def shape(self, field: Field) -> RowsShape:
        return RowsShape(field.fields)

    def describe(self, field: Field) -> str:
        return self.noun

    def example(self, field: Field) -> str:
        return _dumps([{part.name: part.kind.example(part) for part in field.fields}])

    def from_json(self, field: Field, value: object) -> str | None:
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(row, Mapping) for row in value):
            raise InvalidValue(gettext_noop("must have a list of objects for {name!r}"), name=field.name)
        parts = {part.name: part for part in field.fields}
        for row in value:
            if unknown := sorted(set(row) - set(parts)):
                raise InvalidValue(
                    gettext_noop("names the unknown field {name!r} inside {group!r}"), name=unknown[0], group=field.name
                )
        rows = [{name: _cell(field, parts[name], cell) for name, cell in row.items()} for row in value]
        return _dumps([row for row in rows if not is_empty(row)])

    def to_json(self, text: str) -> str | list[Any]:
        """The rows; the text itself where it holds none."""
        rows = listed(text)
        return text if rows is None else rows


def cell_text(value: object) -> str:
    """A cell that is no null as text: one that holds something else than a text as its JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def is_empty(row: Mapping[str, object]) -> bool:
    """Whether none of its cells holds anything: such a row says nothing, and is none."""
    return all(value is None or not cell_text(value).strip() for value in row.values())


def listed(text: str) -> list[Any] | None:
    """The list that a text holds as JSON; `None` for any other text, and for one that is nested too deep.

    Numbers are texts in the characters in which they were written: `9.50` stays `9.50`.
    """
    try:
        rows = json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        return None
    return rows if isinstance(rows, list) else None


def _problem(group: Field, wanted: str) -> str | None:
    """The sentence that refuses the rows of an example; `None` for good ones."""
    rows, names = listed(wanted), [part.name for part in group.fields]
    if rows is None or not all(isinstance(row, Mapping) for row in rows):
        return filled(_NO_ROWS, field=group.name, wanted=wanted, rows=_dumps([{names[0]: "…"}]))
    if unknown := sorted({name for row in rows for name in row if name not in names}):
        return filled(_UNKNOWN, field=group.name, column=unknown[0])
    if not all(cell is None or isinstance(cell, str) for row in rows for cell in row.values()):
        return filled(_NO_CELL, field=group.name)
    return None


def _cell(group: Field, part: Field, value: object) -> str | None:
    """Raises `InvalidValue`."""
    text = part.kind.from_json(part, value)
    if text and len(text) > part.kind.longest:
        raise InvalidValue(
            gettext_noop("has a value of more than {most} characters for {name!r} inside {group!r}"),
            most=part.kind.longest,
            name=part.name,
            group=group.name,
        )
    return text


def _normalized_row(field: Field, row: Mapping[str, object], conventions: Conventions) -> dict[str, str | None]:
    values: dict[str, str | None] = {}
    for part in field.fields:
        if (value := row.get(part.name)) is not None:
            text = cell_text(value)
            values[part.name] = normalize(part, text, conventions=conventions) or clean(text)
    return values


def _dumps(rows: list[dict[str, str | None]]) -> str:
    return json.dumps(rows, ensure_ascii=False)
