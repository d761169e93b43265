"""The rows of a group's label: texts, places and confidences of their cells."""

from __future__ import annotations

from collections.abc import Sequence

from extraction.domain.field_types import UNKNOWN, Conventions
from extraction.domain.field_types.group import listed
from extraction.domain.fields import Field
from extraction.domain.line_items import stored
from extraction.domain.line_items.alignment import align_rows
from extraction.domain.pages import Page
from extraction.domain.prediction import RowValue
from extraction.models import Label
from extraction.services.labels import messages, row_places


def rows_of_label(label: Label) -> tuple[RowValue, ...]:
    """The rows as their source gave them: without places and confidences where it knew none.

    Empty for a label without rows, and for one of a field that is gone or has none by now.
    """
    schema = label.document.project.schema
    return rows_of_field(label, schema[label.field]) if label.field in schema else ()


def rows_of_field(label: Label, field: Field) -> tuple[RowValue, ...]:
    """`rows_of_label` for callers that have the label's field at hand."""
    if not field.kind.has_parts:
        return ()
    return tuple(stored.rows(field, label.value, label.normalized, label.rows or ()))


def placed_rows(
    label: Label, field: Field, pages: Sequence[Page], printed: Conventions = UNKNOWN
) -> tuple[RowValue, ...]:
    """The rows, located on the document's pages where their source said nothing about places.

    A table for which that would take too long has none.
    """
    rows = tuple(stored.within(rows_of_field(label, field), pages))
    located = any(cell.spans for row in rows for cell in row.cells.values())
    if located or not pages or row_places.too_many(len(rows), pages):
        return rows
    texts = [{name: cell.value for name, cell in row.cells.items()} for row in rows]
    return tuple(stored.placed(rows, align_rows(field, texts, pages, printed)))


def shown(value: str) -> str:
    """A value where there is no room for rows: of a group how many it has."""
    rows = listed(value) if value.startswith("[") else None
    return value if rows is None or not all(isinstance(row, dict) for row in rows) else messages.rows(len(rows))
