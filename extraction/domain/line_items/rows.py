"""Rows of a group as labels and answers hold them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from extraction.domain.field_types.group import cell_text
from extraction.domain.fields import Field, Schema

# A row by the names of the group's fields. `None`: not printed in this row; an absent name: unknown.
Row = Mapping[str, str | None]


def groups(schema: Schema) -> tuple[Field, ...]:
    """The schema's fields that have rows."""
    return tuple(field for field in schema.fields if field.kind.has_parts)


def flat(schema: Schema) -> Schema:
    """The schema without its groups."""
    return Schema(schema.name, schema.document, tuple(field for field in schema.fields if not field.kind.has_parts))


def rows_of(field: Field, text: str | None) -> tuple[Row, ...] | None:
    """The rows that a group's label holds, with the group's fields alone; `None` where it holds no rows."""
    if text is None:
        return ()
    rows = held(field, text)
    names = [part.name for part in field.fields]
    return None if rows is None else tuple({name: _cell(row[name]) for name in names if name in row} for row in rows)


def held(field: Field, text: str | None) -> Sequence[Mapping[str, object]] | None:
    """The rows of a label's text with all their keys, also of those that the group no longer has."""
    rows = field.kind.to_json(text) if text is not None and field.kind.has_parts else None
    return rows if isinstance(rows, list) and all(isinstance(row, Mapping) for row in rows) else None


def _cell(value: object) -> str | None:
    return None if value is None else cell_text(value).strip() or None


def summary(rows: Sequence[Row]) -> str:
    """The texts of all cells one after the other, by which lists find rows."""
    return " ".join(value for row in rows for value in row.values() if value)


def text_of(rows: Sequence[Mapping[str, object]]) -> str:
    """The rows as a label's text."""
    return json.dumps([dict(row) for row in rows], ensure_ascii=False)
