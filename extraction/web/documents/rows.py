"""The rows of a group's best label on the page of a document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from extraction.domain.pages import Page, PageBox
from extraction.domain.results.extraction import RowAnswer
from extraction.models import Project
from extraction.services.documents.listing import FieldLabels
from extraction.services.labels import conventions
from extraction.services.labels.rows import placed_rows

# Rows of a table; review and exports have them all.
SHOWN = 100


@dataclass(frozen=True, slots=True)
class RowTable:
    """The first rows by the group's fields, and how many more there are."""

    columns: tuple[str, ...]
    rows: tuple[RowAnswer, ...]
    more: int

    @classmethod
    def of(cls, project: Project, labels: FieldLabels, pages: Sequence[Page]) -> Self | None:
        """`None` where the best label has no rows."""
        if labels.best is None or not labels.field.kind.has_parts:
            return None
        rows = placed_rows(labels.best, labels.field, pages, conventions.of(project))
        columns = tuple(part.name for part in labels.field.fields)
        shown = tuple(RowAnswer.of(row, pages) for row in rows[:SHOWN])
        return cls(columns, shown, len(rows) - len(shown)) if rows else None

    @property
    def boxes(self) -> list[PageBox]:
        return [box for row in self.rows for cell in row.cells.values() for box in cell.boxes]
