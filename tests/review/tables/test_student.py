"""What the serving student thinks of cells: doubtful ones come first, and what it read can be taken."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, expect

from extraction.models import Document, ModelVersion, Project, TrainingRun, User
from extraction.services.labels import store
from extraction.services.serving import registry
from tests.review.browser.screen import Opened, all_saved
from tests.review.tables.line_student import LineStudent
from tests.review.tables.screen import ROWS, cell, document, in_cell, rows_of, start

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shown(project: Project, monkeypatch: pytest.MonkeyPatch) -> Document:
    run = TrainingRun.objects.create(project=project, name="first")
    ModelVersion.objects.create(
        project=project, run=run, name="first", folder="x", sha256="0", bytes=1, stage=ModelVersion.Stage.PRODUCTION
    )
    monkeypatch.setattr(registry, "_load", lambda folder, sha256: LineStudent(0.9, misread={"8.40": "8.48"}))
    made = document(project, None)
    store.write(made, "items", json.dumps(ROWS), source="teacher", teacher="rules", confidence=0.9)
    return made


@pytest.fixture
def page(open_page: Opened, anna: User, shown: Document) -> Page:
    page = start(open_page(anna), shown)
    expect(page.locator("[data-placed]")).to_have_count(1)
    return page


@pytest.mark.parametrize("by_key", [True, False])
def test_what_the_student_read_is_taken(page: Page, shown: Document, by_key: bool) -> None:
    page.keyboard.press("e")
    in_cell(page, 1, "amount")
    expect(page.locator(".review-table-note")).to_contain_text("The student read something else. “8.48”")
    if by_key:
        page.keyboard.press("Alt+c")
    else:
        page.get_by_role("button", name="Take it").click()
    all_saved(page)
    assert rows_of(shown)[1] == ("Green tea", "2", "8.48")
    expect(cell(page, 1, "amount")).not_to_contain_class("doubt")
    expect(page.get_by_role("button", name="Take it")).to_be_hidden()


def test_accepted_rows_are_no_longer_doubtful(page: Page) -> None:
    page.keyboard.press("e")
    expect(page.get_by_role("button", name="Doubtful: 1")).to_be_visible()
    page.keyboard.press("Enter")
    in_cell(page, 2, "amount")
    expect(page.get_by_role("button", name="Doubtful")).to_be_hidden()
