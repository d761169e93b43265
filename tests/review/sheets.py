"""What the tests of review read, and short ways to what it shows."""

from __future__ import annotations

from extraction.domain.fields import Field, Schema
from extraction.models import Document, Label, User
from extraction.services.labels import ranking
from extraction.services.review.sheet import FieldSheet, field_sheet, sheet

SCHEMA = Schema(
    "Receipts",
    "receipt",
    (
        Field("company", required=True),
        Field("date", "date"),
        Field("total", "money", required=True),
    ),
)


def best(document: Document, field: str) -> Label | None:
    return ranking.best(Document.objects.get(pk=document.pk)).get(field)


def known(document: Document, field: str) -> int:
    return field_sheet(document, field).known


def shown(document: Document) -> dict[str, int]:
    return {field.field.name: field.label.pk if field.label else 0 for field in sheet(document, _somebody()).fields}


def of(document: Document, name: str) -> FieldSheet:
    return next(field for field in sheet(document, _somebody()).fields if field.field.name == name)


def _somebody() -> User:
    """Who looks at the sheet, where that does not matter."""
    return User.objects.get_or_create(username="somebody")[0]
