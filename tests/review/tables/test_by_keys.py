"""A reviewer with a keyboard alone corrects a table with one missing, one merged and one misread row in few keys."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from extraction.models import Document, Project, User
from tests.review.browser.screen import Opened, all_saved
from tests.review.tables.screen import LINES, ROWS, Row, cell, document, row, rows_of, start

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Keys besides the typed text.
MOST = 12
MERGED = row("Green tea Toast", "2 1", "8.40 2.50")
RIGHT = [tuple(cells.values()) for cells in ROWS]


class Keyboard:
    """Counts the keys that are no typed text."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.count += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)


def wrong(amount: str) -> list[Row]:
    """Coffee is misread, two rows are one, and the juice is missing."""
    return [row("Coffee", "1", amount), MERGED, ROWS[3], ROWS[5]]


@pytest.fixture
def opened(open_page: Opened, anna: User, project: Project) -> Callable[..., tuple[Page, Document]]:
    def opened(amount: str, *lines: str) -> tuple[Page, Document]:
        shown = document(project, wrong(amount), lines=lines)
        return start(open_page(anna), shown), shown

    return opened


def test_doubtful_cells_come_first_and_a_missing_row_is_read_from_the_page(
    opened: Callable[..., tuple[Page, Document]], record_property: Callable[[str, object], None]
) -> None:
    page, shown = opened("3.0o", *LINES)
    expect(page.locator("[data-placed]")).to_have_count(1)
    keys = Keyboard(page)
    keys.press("e")
    keys.type("3.00")
    keys.press("Enter", "Alt+s", "ArrowDown", "Insert")
    expect(cell(page, 4, "amount")).to_contain_text("6.10")
    all_saved(page)
    assert rows_of(shown) == RIGHT
    record_property("keys", keys.count)
    assert keys.count <= MOST


def test_where_nothing_marks_the_misread_amount_and_the_page_has_no_words(
    opened: Callable[..., tuple[Page, Document]], record_property: Callable[[str, object], None]
) -> None:
    page, shown = opened("8.00", " ")
    keys = Keyboard(page)
    keys.press("e", "ArrowLeft", "F2")
    # Nothing tells where the description goes on: the caret does.
    keys.press("Control+ArrowLeft", "Alt+s")
    keys.press("ArrowDown", "Insert")
    keys.type("Juice")
    keys.press("Tab")
    keys.type("1")
    keys.press("Tab")
    keys.type("6.10")
    # The first amount is the last cell of the first row.
    keys.press("Control+Home", "End")
    keys.type("3.00")
    all_saved(page)
    assert rows_of(shown) == RIGHT
    record_property("keys", keys.count)
    assert keys.count <= MOST
