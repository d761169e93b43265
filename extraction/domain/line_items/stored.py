"""Rows of a group as the database keeps them beside their label: places and confidences, for which the label's own text
has no room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from extraction.domain.field_types import Certainty, normalize, read
from extraction.domain.fields import Field
from extraction.domain.json_types import JsonObject
from extraction.domain.line_items.alignment import PlacedRow
from extraction.domain.line_items.rows import Row, rows_of
from extraction.domain.pages import Page, Span
from extraction.domain.prediction import FieldValue, RowValue


def to_json(rows: Sequence[RowValue]) -> list[JsonObject]:
    """An object a row, without the texts of its cells."""
    return [
        {
            "cells": {name: _cell_to_json(cell) for name, cell in row.cells.items()},
            "confidence": row.confidence,
            "product": row.product,
        }
        for row in rows
    ]


def _cell_to_json(cell: FieldValue) -> JsonObject:
    return {"spans": [span.to_json() for span in cell.spans], "confidence": cell.confidence}


def without_places(kept: Sequence[Mapping[str, Any]]) -> list[JsonObject]:
    """Kept rows of which only the confidences hold: their words are others by now."""
    return [{**row, "cells": {name: {**cell, "spans": []} for name, cell in row["cells"].items()}} for row in kept]


def rows(field: Field, value: str | None, normalized: str | None, kept: Sequence[Mapping[str, Any]]) -> list[RowValue]:
    """The rows of a label with what is kept of them; empty for a text that holds none.

    Cells that are not printed are left out, as are those of fields that the group no longer has.
    """
    printed = rows_of(field, value) or ()
    written = rows_of(field, normalized) or ()
    return [
        _row(
            field,
            row,
            written[number] if number < len(written) else {},
            kept[number] if number < len(kept) else {"cells": {}},
        )
        for number, row in enumerate(printed)
    ]


def _row(field: Field, printed: Row, written: Row, kept: Mapping[str, Any]) -> RowValue:
    cells = {
        part.name: _cell(part, value, written.get(part.name), kept["cells"].get(part.name, {}))
        for part in field.fields
        if (value := printed.get(part.name))
    }
    return RowValue(cells, kept.get("confidence"), kept.get("product"))


def _cell(part: Field, value: str, written: str | None, kept: Mapping[str, Any]) -> FieldValue:
    spans = tuple(Span.from_json(span) for span in kept.get("spans", ()))
    return FieldValue(value, _in_format(part, value, written), kept.get("confidence"), spans)


def _in_format(part: Field, value: str, written: str | None) -> str | None:
    """What the group's normalised text has for the cell: its own text there may say that it could not be read."""
    if written is None:
        return normalize(part, value)
    return None if written == value and read(part, value).certainty is Certainty.INVALID else written


def within(rows: Sequence[RowValue], pages: Sequence[Page]) -> list[RowValue]:
    """The rows without places that the pages do not have: a document that was read again may have fewer words."""
    return [
        replace(
            row,
            cells={name: cell if _exists(cell, pages) else replace(cell, spans=()) for name, cell in row.cells.items()},
        )
        for row in rows
    ]


def _exists(cell: FieldValue, pages: Sequence[Page]) -> bool:
    return all(span.page < len(pages) and span.last < len(pages[span.page].words) for span in cell.spans)


def placed(rows: Sequence[RowValue], places: Sequence[PlacedRow | None]) -> list[RowValue]:
    """The rows with the places of those cells that have none."""
    return [_placed(row, place) if place else row for row, place in zip(rows, places, strict=True)]


def _placed(row: RowValue, place: PlacedRow) -> RowValue:
    cells = {
        name: cell if cell.spans else replace(cell, spans=place.cells.get(name, ())) for name, cell in row.cells.items()
    }
    return replace(row, cells=cells)
