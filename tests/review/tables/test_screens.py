"""Tables on a phone and in German, long cells, and tables that are not on the document."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from extraction.models import Document, Project, User
from tests.review.browser.screen import Opened, all_saved
from tests.review.tables.screen import ROWS, best, cell, document, in_cell, row, rows_of, start

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def test_a_table_is_edited_on_a_phone(open_page: Opened, anna: User, shown: Document) -> None:
    page = start(open_page(anna, **PHONE), shown)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    cell(page, 1, "amount").tap()
    in_cell(page, 1, "amount")
    page.keyboard.type("8.50")
    for name in ("Insert row", "Delete row"):
        button = page.get_by_role("button", name=name)
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 36
        button.tap()
    all_saved(page)
    assert rows_of(shown)[1] == ("Green tea", "2", "8.50")
    assert len(rows_of(shown)) == len(ROWS)


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("locale", ["en-GB", "de-DE"])
@pytest.mark.parametrize("amount", ["1.00", "1.oo"])
def test_the_mark_that_accepts_a_table_shares_a_line(
    open_page: Opened, anna: User, project: Project, width: int, locale: str, amount: str
) -> None:
    shown = document(project, [row("Tea", "1", amount)])
    page = start(open_page(anna, viewport={"width": width, "height": 900}, locale=locale), shown)
    page.keyboard.press("e")
    note, mark = page.locator(".review-table-note"), page.locator("#field-items .review-accept")
    lines = [place.bounding_box() for place in (note, mark, page.locator("#field-items .review-table-scroll"))]
    assert all(lines)
    beside, accept, table = [box for box in lines if box]
    assert beside["y"] <= accept["y"]
    assert accept["y"] + accept["height"] <= beside["y"] + beside["height"] + 1
    assert abs(accept["x"] + accept["width"] - table["x"] - table["width"]) <= 2


def test_many_columns_scroll_within_the_table(open_page: Opened, anna: User, shown: Document) -> None:
    page = start(open_page(anna, **PHONE), shown)
    page.evaluate("document.styleSheets[0].insertRule('.review-table td { min-width: 300px !important; }')")
    page.keyboard.press("e")
    page.keyboard.press("End")
    in_cell(page, 0, "amount")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    box = cell(page, 0, "amount").bounding_box()
    assert box is not None
    assert 0 <= box["x"] < 390


SEEN = """box => {
    const { left, right, top, bottom } = box.getBoundingClientRect();
    const corners = [[left + 4, top + 4], [right - 4, bottom - 4]];
    return corners.every(([x, y]) => document.elementFromPoint(x, y) === box);
}"""


def test_the_current_cell_is_in_sight_wherever_keys_lead(open_page: Opened, anna: User, project: Project) -> None:
    page = start(open_page(anna), document(project, [*ROWS] * 10))
    page.evaluate("document.styleSheets[0].insertRule('.review-table td { min-width: 300px !important; }')")
    page.keyboard.press("e")
    for keys in (["ArrowDown"] * 40, ["ArrowUp"] * 25, ["Tab"] * 2, ["ArrowUp"] * 14, ["Shift+Tab"] * 2):
        for key in keys:
            page.keyboard.press(key)
        assert page.locator(".review-cell-editor:focus").evaluate(SEEN), keys[0]
    in_cell(page, 1, "description")


def test_doubt_marks_the_cell_and_the_number_of_its_row_alone(open_page: Opened, anna: User, project: Project) -> None:
    page = start(open_page(anna), document(project, [row("Coffee", "1", "3.oo"), *ROWS[1:]]))

    def colour(number: int, column: str) -> str:
        found: str = cell(page, number, column).evaluate(
            "cell => [cell, cell.parentElement].map(part => getComputedStyle(part).backgroundColor).join()"
        )
        return found

    expect(cell(page, 0, "amount")).to_contain_class("doubt")
    assert colour(0, "quantity") == colour(1, "quantity")
    assert colour(0, "amount") != colour(1, "amount")
    numbers = page.locator("tr[data-row] > th")
    edges = numbers.evaluate_all("all => all.map(number => getComputedStyle(number).borderLeftColor)")
    assert edges[0] not in edges[1:]


def test_a_table_says_everything_in_german(open_page: Opened, anna: User, project: Project) -> None:
    odd = document(project, [row("Kaffee", "1", "3,oo")])
    page = start(open_page(anna, locale="de-DE"), odd)
    page.keyboard.press("e")
    expect(page.locator(".review-table-note")).to_contain_text("Das lässt sich nicht als Wert der Spalte lesen.")
    expect(page.locator(".review-table-tools")).to_contain_text("Zeile einfügen")
    expect(page.locator("#field-items .review-sum")).to_contain_text("ohne 1 Betrag, der sich nicht lesen lässt")
    expect(cell(page, 0, "amount").locator("textarea")).to_have_attribute("aria-label", "Amount, Zeile 1")
    page.keyboard.press("Shift+Delete")
    expect(page.get_by_text("Keine Zeilen")).to_be_visible()


def test_cells_of_ten_thousand_letters_keep_their_neighbours_in_reach(
    open_page: Opened, anna: User, project: Project
) -> None:
    long = document(project, [row("word " * 1999, "1", "1.00"), *ROWS])
    page = start(open_page(anna), long)
    page.keyboard.press("e")
    page.keyboard.press("F2")
    page.keyboard.type(" end")
    all_saved(page)
    assert rows_of(long)[0][0] == "word " * 1999 + "end"
    box = cell(page, 1, "description").bounding_box()
    assert box is not None
    assert box["y"] < 900


def test_a_table_is_not_on_the_document_and_undo_brings_its_rows_back(
    open_page: Opened, anna: User, shown: Document
) -> None:
    page = start(open_page(anna), shown)
    page.keyboard.press("n")
    expect(page.locator(".review-table-empty")).to_have_text("Not on the document")
    all_saved(page)
    assert best(shown).value is None
    page.keyboard.press("u")
    expect(cell(page, 0, "description")).to_contain_text("Coffee")
    assert best(shown).source == "teacher"
