"""What the history of a group says of each label: in words, which cells and rows it changed."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence

import pytest
from django.test import Client
from django.urls import reverse

from extraction.domain.fields import Schema
from extraction.models import Document, Role, Source
from extraction.services.labels import store
from extraction.services.review.sheet import field_sheet
from tests.support import builders

pytestmark = pytest.mark.django_db
Rows = Sequence[dict[str, str | None]]
COFFEE = {"description": "Coffee", "unit_price": "2.50"}
TEA = {"description": "Tea", "unit_price": "2.00"}
CAKE = {"description": "Cake", "unit_price": "3.00"}


@pytest.fixture
def document() -> Document:
    parts = [{"name": "description", "type": "text"}, {"name": "unit_price", "type": "money"}]
    fields = [{"name": "items", "type": "group", "fields": parts}, {"name": "note", "type": "text"}]
    schema = Schema.from_json({"name": "Tables", "document": "receipt", "field": fields})
    return builders.document(builders.project("tables", schema=schema))


def say(document: Document, *values: Rows | str | None, field: str = "items") -> list[list[str]]:
    """Labels one after the other; the changes of each in the history, oldest first."""
    for number, value in enumerate(values):
        text = value if value is None or isinstance(value, str) else json.dumps(value)
        given = store.LabelInput(document, field, text, source=Source.TEACHER, teacher=f"t{number}")
        store.write_many(document.project, [given])
    return [list(entry.changes) for entry in reversed(field_sheet(document, field).past)]


def test_changed_cells_are_named_by_row_and_field(document: Document) -> None:
    changed = [COFFEE, {**TEA, "unit_price": "2.20"}]
    assert say(document, [COFFEE, TEA], changed) == [[], ["Row 2, Unit price: 2.00 → 2.20"]]


def test_a_cell_that_is_not_printed_is_nothing(document: Document) -> None:
    assert say(document, [COFFEE], [{**COFFEE, "unit_price": None}], [COFFEE]) == [
        [],
        ["Row 1, Unit price: 2.50 → nothing"],
        ["Row 1, Unit price: nothing → 2.50"],
    ]


def test_rows_are_counted_that_come_and_go(document: Document) -> None:
    assert say(document, [COFFEE, TEA], [CAKE, COFFEE, TEA], [COFFEE], [COFFEE]) == [
        [],
        ["1 row added"],
        ["2 rows removed"],
        [],
    ]


def test_many_changes_are_counted(document: Document) -> None:
    before = [{**COFFEE, "unit_price": f"{at}.00"} for at in range(9)]
    after = [{**COFFEE, "unit_price": f"{at}.50"} for at in range(9)]
    assert say(document, before, [*after, TEA]) == [[], ["9 cells changed", "1 row added"]]


def test_what_was_absent_between_changes_nothing(document: Document) -> None:
    assert say(document, [COFFEE], None, [COFFEE, TEA]) == [[], [], ["1 row added"]]


def test_huge_tables_and_other_values_are_left_alone(document: Document) -> None:
    huge = [{**COFFEE, "unit_price": f"{at}.00"} for at in range(3000)]
    assert say(document, huge, huge[1:], "no rows", [COFFEE])[:3] == [[], [], []]
    assert say(document, "one", '[{"a": "b"}]', field="note") == [[], []]


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("en", ("2 rows", "3 rows", "Row 1, Unit price: 2.50 → 9.99", "1 row added")),
        ("de", ("2 Zeilen", "3 Zeilen", "Zeile 1, Unit price: 2.50 → 9.99", "1 Zeile hinzugefügt")),
    ],
)
def test_the_page_says_it(client: Client, document: Document, language: str, sentences: tuple[str, ...]) -> None:
    say(document, [COFFEE, TEA], [{**COFFEE, "unit_price": "9.99"}, TEA, CAKE])
    client.force_login(builders.member(document.project, Role.REVIEWER))
    address = reverse("review_document", args=["tables", document.pk])
    page = client.get(address, headers={"Accept-Language": language}).content.decode()
    history = html.unescape(page.partition('class="review-history"')[2].partition("</details>")[0])
    assert all(sentence in history for sentence in sentences)
    assert "unit_price" not in history
    assert "{" not in history
