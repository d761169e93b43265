"""The document page shows the rows of a group as a table, and where they stand."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from extraction.models import Document, Project, Role, User
from extraction.services.labels import store
from tests.review.browser.screen import Opened
from tests.review.tables.screen import ROWS, SCHEMA, document
from tests.support import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return builders.project("receipts", schema=SCHEMA)


@pytest.fixture
def viewer(client: Client, project: Project) -> User:
    user = builders.member(project, Role.VIEWER)
    client.force_login(user)
    return user


@pytest.fixture
def shown(project: Project) -> Document:
    return document(project, ROWS)


def page_of(client: Client, shown: Document) -> str:
    return client.get(reverse("document", args=["receipts", shown.pk])).content.decode()


def boxes_of(client: Client, shown: Document, field: str = "items") -> Any:
    response = client.get(reverse("document_rows", args=["receipts", shown.pk]), {"field": field})
    return response.json().get("boxes") if response.status_code == 200 else response.status_code


def test_rows_are_a_table_and_their_history_counts_them(client: Client, viewer: User, shown: Document) -> None:
    store.write(shown, "items", json.dumps(ROWS[:1]), source="reviewer")
    page = page_of(client, shown)
    assert page.count('class="reading-row"') == 1
    assert "Coffee" in page
    assert "6 rows" in page
    assert "&quot;description&quot;" not in page


def test_every_cell_has_its_place(client: Client, viewer: User, shown: Document) -> None:
    boxes = boxes_of(client, shown)
    assert {row for row, *_ in boxes} == set(range(len(ROWS)))
    assert len(boxes) == 3 * len(ROWS)


@pytest.mark.parametrize("field", ["", "total", "unknown"])
def test_only_groups_have_rows(client: Client, viewer: User, shown: Document, field: str) -> None:
    assert boxes_of(client, shown, field) == 400


@pytest.mark.parametrize(
    ("value", "rows", "says"),
    [
        ("[]", 0, "No rows"),
        ('[{"description": null, "amount": "1.00"}]', 1, "–"),
        (json.dumps([{"amount": 3.5, "old": "x"}]), 1, "3.5"),
        ("no rows", 0, "no rows"),
        (json.dumps([{"description": "x" * 10_000}]), 1, "x" * 10_000),
        (json.dumps([{"description": f"Item {number}"} for number in range(5000)]), 200, "and 4,800 more rows"),
    ],
)
def test_odd_labels_are_shown_as_far_as_they_hold_rows(
    client: Client, viewer: User, project: Project, value: str, rows: int, says: str
) -> None:
    shown = document(project, value)
    page = page_of(client, shown)
    assert page.count('class="reading-row"') == rows
    assert says in page
    assert isinstance(boxes_of(client, shown), list)


def test_a_page_without_words_has_rows_without_places(client: Client, viewer: User, project: Project) -> None:
    assert boxes_of(client, document(project, ROWS, lines=("",))) == []


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_row_marks_its_words_and_arrow_keys_go_on(open_page: Opened, project: Project, shown: Document) -> None:
    page = open_page(builders.member(project, Role.VIEWER))
    page.goto(f"/projects/receipts/documents/{shown.pk}/")
    expect(page.locator(".boxes rect[data-field^='items/']")).to_have_count(3 * len(ROWS))
    page.locator(".reading-row").first.focus()
    expect(page.locator(".boxes rect.active[data-field='items/0']")).to_have_count(3)
    page.keyboard.press("ArrowDown")
    expect(page.locator(".boxes rect.active[data-field='items/1']")).to_have_count(3)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("text", ["x" * 10_000, "many words " * 900, "12 " * 3000])
def test_a_long_text_is_short_until_it_is_opened(open_page: Opened, project: Project, width: int, text: str) -> None:
    shown = document(project, [{**dict.fromkeys(ROWS[0], text)}, ROWS[0]])
    store.write(shown, "total", text.strip(), source="reviewer")
    page = open_page(builders.member(project, Role.VIEWER), viewport={"width": width, "height": 800})
    page.goto(f"/projects/receipts/documents/{shown.pk}/")
    for place in (page.locator(".reading-row").first, page.locator("[data-field=total] .reading-value")):
        box = place.bounding_box()
        assert box is not None
        assert box["height"] < 800
        summary = place.locator("summary").first
        assert len(summary.inner_text()) <= 200
        whole = place.locator(".long-text > div").first
        expect(whole).to_be_hidden()
        summary.focus()
        page.keyboard.press("Enter")
        expect(whole).to_be_visible()
        assert whole.inner_text().split() == text.split()
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_lists_count_rows_instead_of_showing_json(client: Client, viewer: User, shown: Document) -> None:
    page = client.get(reverse("documents", args=["receipts"])).content.decode()
    assert "6 rows" in page
    assert "&quot;description&quot;" not in page
