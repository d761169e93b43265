"""Where the cells of a group's rows stand. Labels of groups hold no places, so they are looked for when shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from extraction.domain.field_types import Conventions
from extraction.domain.fields import Field
from extraction.domain.line_items.alignment import align_rows
from extraction.domain.line_items.rows import Row
from extraction.domain.pages import Page, Span

# Rows times words of a document up to which places are looked for while somebody waits.
MOST = 60_000
Places = Mapping[str, tuple[Span, ...]]


def too_many(rows: int, pages: Sequence[Page]) -> bool:
    """Whether looking for the places of so many rows would keep somebody waiting."""
    return rows * sum(len(page.words) for page in pages) > MOST


def places(field: Field, rows: Sequence[Row], pages: Sequence[Page], conventions: Conventions) -> Sequence[Places]:
    """The spans of each row's cells by column; empty for a row that was not found, and for all of a larger table."""
    if too_many(len(rows), pages):
        return [{}] * len(rows)
    return [row.cells if row else {} for row in align_rows(field, rows, pages, conventions)]
