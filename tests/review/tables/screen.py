"""What tests of tables do and see on the review page: a project with line items, and documents with rows."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from playwright.sync_api import Locator, Page, expect

from extraction.domain.fields import Schema
from extraction.models import Document, Label, Project
from extraction.services import storage
from extraction.services.labels import ranking, store
from tests.support import builders
from tests.support.drawing import encoded, receipt

Row = Mapping[str, str | None]
COLUMNS = ("description", "quantity", "amount")
SCHEMA = Schema.from_json(
    {
        "name": "Receipts",
        "document": "receipt",
        "field": [
            {"name": "total", "type": "money"},
            {
                "name": "items",
                "type": "group",
                "fields": [
                    {"name": "description", "type": "text"},
                    {"name": "quantity", "type": "number"},
                    {"name": "amount", "type": "money"},
                ],
            },
        ],
    }
)
LINES = (
    "Coffee 1 3.00", "Green tea 2 8.40", "Toast 1 2.50", "Egg 2 4.00", "Juice 1 6.10", "Cake 1 5.00", "Total 29.00",
)  # fmt: skip


def row(description: str | None, quantity: str | None, amount: str | None) -> Row:
    return dict(zip(COLUMNS, (description, quantity, amount), strict=True))


ROWS = tuple(row(*line.rsplit(" ", 2)) for line in LINES[:-1])


def document(project: Project, rows: Sequence[Row] | str | None, *, lines: Sequence[str] = LINES) -> Document:
    """A document with a picture; a teacher's rows, and a total that a reviewer has confirmed."""
    made = builders.document(project, *lines)
    for page in made.pages.all():
        path = storage.path(page.image)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(encoded(receipt()))
    store.write(made, "total", "29.00", source="reviewer")
    if rows is not None:
        text = rows if isinstance(rows, str) else json.dumps(rows, ensure_ascii=False)
        store.write(made, "items", text, source="teacher", teacher="rules", confidence=0.5)
    made.refresh_from_db()
    return made


def best(shown: Document) -> Label:
    return ranking.best(Document.objects.get(pk=shown.pk))["items"]


def rows_of(shown: Document) -> list[tuple[str | None, ...]]:
    """The stored rows, as tuples of the columns."""
    held = json.loads(best(shown).value or "[]")
    return [tuple(cells.get(name) for name in COLUMNS) for cells in held]


def start(page: Page, shown: Document) -> Page:
    page.goto(f"/projects/receipts/review/{shown.pk}/")
    expect(page.locator(".review-field.active")).to_have_attribute("data-field", "items")
    return page


def cell(page: Page, number: int, column: str) -> Locator:
    """A cell of the table; rows from 0."""
    return page.locator(f"tr[data-row='{number}'] td[data-column='{COLUMNS.index(column)}']")


def texts(page: Page) -> list[list[str]]:
    """What the table shows."""
    return [line.locator("td > div").all_text_contents() for line in page.locator("tr[data-row]").all()]


def in_cell(page: Page, number: int, column: str) -> None:
    """The text box is in that cell and has the focus."""
    expect(cell(page, number, column).locator("textarea")).to_be_focused()
