"""The rows of a group as a table: moving, typing, inserting, deleting, splitting and joining."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from extraction.domain.fields import Field, Schema
from extraction.models import Document, Project, Role, User
from extraction.services.labels import store
from extraction.services.projects import projects
from extraction.services.review import actions
from tests.review.browser.screen import Opened, all_saved, middle
from tests.review.tables.screen import ROWS, SCHEMA, best, cell, document, in_cell, row, rows_of, start, texts
from tests.support import builders

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_rows_are_lines_and_keys_walk_through_their_cells(page: Page) -> None:
    assert texts(page)[1] == ["Green tea", "2", "8.40"]
    page.keyboard.press("e")
    in_cell(page, 0, "description")
    for key, number, column in [
        ("ArrowDown", 1, "description"),
        ("ArrowRight", 1, "quantity"),
        ("Tab", 1, "amount"),
        ("Tab", 2, "description"),
        ("Shift+Tab", 1, "amount"),
        ("ArrowLeft", 1, "quantity"),
        ("ArrowUp", 0, "quantity"),
        ("ArrowUp", 0, "quantity"),
        ("Enter", 1, "quantity"),
    ]:
        page.keyboard.press(key)
        in_cell(page, number, column)


def test_typing_replaces_a_cell_and_is_saved_as_it_stands(page: Page, shown: Document) -> None:
    page.keyboard.press("e")
    page.keyboard.type("a jukes?")
    expect(cell(page, 0, "description")).to_contain_text("a jukes?")
    all_saved(page)
    assert rows_of(shown)[0] == ("a jukes?", "1", "3.00")
    assert best(shown).source == "reviewer"

    page.keyboard.press("ArrowDown")
    page.keyboard.press("F2")
    page.keyboard.type(" hot")
    all_saved(page)
    assert rows_of(shown)[1] == ("Green tea hot", "2", "8.40")


def test_a_cell_that_was_left_shows_what_is_stored(open_page: Opened, anna: User, project: Project) -> None:
    page = start(open_page(anna), document(project, '[{"amount": "1.oo"}]'))
    expect(cell(page, 0, "description")).to_contain_class("unknown")
    cell(page, 0, "description").click()
    page.keyboard.type("  Green   tea ")
    page.keyboard.press("End")
    page.keyboard.press("Tab")
    expect(cell(page, 0, "description")).not_to_contain_class("unknown")
    assert texts(page) == [["Green tea", "", "1.oo"]]
    page.keyboard.press("Tab")
    page.keyboard.type("1.00")
    page.keyboard.press("Shift+Tab")
    all_saved(page)
    expect(cell(page, 0, "amount")).not_to_contain_class("doubt")


def test_an_emptied_cell_is_not_printed_in_its_row(page: Page, shown: Document) -> None:
    page.keyboard.press("e")
    page.keyboard.press("Delete")
    page.keyboard.press("Tab")
    page.keyboard.press("Alt+n")
    all_saved(page)
    assert rows_of(shown)[0] == (None, None, "3.00")


def test_rows_are_inserted_and_deleted(page: Page, shown: Document) -> None:
    page.keyboard.press("e")
    page.keyboard.press("Insert")
    in_cell(page, 1, "description")
    assert len(texts(page)) == len(ROWS) + 1
    page.keyboard.type("Water")
    all_saved(page)
    assert rows_of(shown)[1] == ("Water", None, None)

    page.keyboard.press("Shift+Delete")
    page.keyboard.press("Alt+x")
    in_cell(page, 1, "description")
    all_saved(page)
    assert [cells[0] for cells in rows_of(shown)] == ["Coffee", "Toast", "Egg", "Juice", "Cake"]


def test_an_inserted_row_without_a_text_is_no_row(page: Page, shown: Document) -> None:
    page.keyboard.press("e")
    page.keyboard.press("Alt+i")
    page.keyboard.press("Enter")
    all_saved(page)
    assert len(rows_of(shown)) == len(ROWS)
    assert best(shown).source == "teacher"


def test_a_row_is_split_at_the_caret_and_joined_again(page: Page, shown: Document) -> None:
    page.keyboard.press("e")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("F2")
    for _ in "tea":
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("Alt+s")
    all_saved(page)
    assert rows_of(shown)[1:3] == [("Green", "2", "8.40"), ("tea", None, None)]

    in_cell(page, 2, "description")
    page.keyboard.press("Alt+m")
    all_saved(page)
    assert rows_of(shown) == [tuple(cells.values()) for cells in ROWS]


def test_buttons_do_what_keys_do(page: Page, shown: Document) -> None:
    cell(page, 1, "amount").click()
    in_cell(page, 1, "amount")
    for name in ("Insert row", "Delete row", "Split row", "Join with above"):
        page.get_by_role("button", name=name, exact=True).click()
    all_saved(page)
    assert len(rows_of(shown)) == len(ROWS)


def test_the_last_row_goes_and_none_is_left(page: Page, shown: Document) -> None:
    page.keyboard.press("e")
    for _ in ROWS:
        page.keyboard.press("Alt+x")
    all_saved(page)
    assert best(shown).value == "[]"
    expect(page.get_by_text("No rows")).to_be_visible()


def test_enter_accepts_row_after_row_and_then_the_field(page: Page, shown: Document) -> None:
    page.keyboard.press("e")
    for _ in ROWS:
        page.keyboard.press("Enter")
    all_saved(page)
    assert best(shown).source == "reviewer"
    assert rows_of(shown) == [tuple(cells.values()) for cells in ROWS]
    expect(page.get_by_role("button", name="Accept a")).to_be_focused()


def test_undo_goes_back_row_by_row(page: Page, shown: Document) -> None:
    page.keyboard.press("e")
    page.keyboard.type("Latte")
    page.keyboard.press("Tab")
    page.keyboard.type("3")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Alt+x")
    all_saved(page)
    assert rows_of(shown)[:2] == [("Latte", "3", "3.00"), ("Toast", "1", "2.50")]

    page.keyboard.press("Control+z")
    expect(page.locator(".review-notices")).to_contain_text("Undone.")
    in_cell(page, 1, "description")
    assert rows_of(shown)[:2] == [("Latte", "3", "3.00"), ("Green tea", "2", "8.40")]
    page.keyboard.press("Control+z")
    in_cell(page, 0, "description")
    expect(cell(page, 0, "description")).to_contain_text("Coffee")
    assert rows_of(shown) == [tuple(cells.values()) for cells in ROWS]


def test_steps_that_are_undone_faster_than_they_are_saved_are_all_undone(page: Page, shown: Document) -> None:
    page.keyboard.press("e")
    for key in ("Alt+x", "Alt+x", "ArrowDown", "Alt+m", "Alt+s"):
        page.keyboard.press(key)
        all_saved(page)
    assert rows_of(shown) != [tuple(cells.values()) for cells in ROWS]
    for _ in range(4):
        page.keyboard.press("Control+z")
    expect(cell(page, 5, "description")).to_contain_text("Cake")
    expect(cell(page, 0, "description")).to_contain_text("Coffee")
    assert rows_of(shown) == [tuple(cells.values()) for cells in ROWS]


@pytest.mark.parametrize("wait", [True, False])
def test_the_key_that_undoes_outside_the_table_is_typed_into_no_cell(page: Page, shown: Document, wait: bool) -> None:
    page.keyboard.press("e")
    for _ in range(3):
        page.keyboard.press("Alt+x")
        all_saved(page)
    page.keyboard.press("Escape")
    for left in (4, 5, 6):
        page.keyboard.press("u")
        if wait:
            expect(page.locator("#field-items tbody tr")).to_have_count(left)
    expect(page.locator("#field-items tbody tr")).to_have_count(6)
    all_saved(page)
    assert rows_of(shown) == [tuple(cells.values()) for cells in ROWS]


def test_words_of_the_picture_fill_the_current_cell(page: Page, shown: Document) -> None:
    cell(page, 0, "description").click()
    page.locator(".word[data-index='3']").click()
    page.locator(".word[data-index='4']").click(modifiers=["Shift"])
    all_saved(page)
    assert rows_of(shown)[0] == ("Green tea", "1", "3.00")
    in_cell(page, 0, "description")


def test_cells_light_their_words_and_words_their_cells(page: Page) -> None:
    expect(page.locator("[data-placed]")).to_have_count(1)
    cell(page, 1, "description").click()
    expect(page.locator(".mark.active")).to_have_count(2)
    page.locator(".word[data-index='2']").hover()
    expect(page.locator("td.lit")).to_have_count(1)
    expect(cell(page, 0, "amount")).to_contain_class("lit")


def test_a_typed_text_marks_its_words_in_its_row(page: Page) -> None:
    expect(page.locator("[data-placed]")).to_have_count(1)
    cell(page, 0, "amount").click()
    page.keyboard.type("8.40")
    expect(page.locator(".mark.active")).to_have_count(1)
    page.keyboard.type("0")
    expect(page.locator(".mark.active")).to_have_count(0)


def test_the_sum_stands_beside_the_total(page: Page, shown: Document) -> None:
    sums = page.locator(".review-sum")
    expect(sums).to_have_count(2)
    expect(page.locator("#field-total .review-sum.good")).to_have_text("Items: sum 29.00")
    cell(page, 0, "amount").click()
    page.keyboard.type("3.50")
    expect(page.locator("#field-total .review-sum")).to_contain_text("+0.50")
    expect(page.locator("#field-items .review-sum")).to_contain_text("Sum 29.50, +0.50 against Total: a discount?")
    expect(page.locator(".review-sum.bad")).to_have_count(0)
    page.keyboard.press("Control+a")
    page.keyboard.type("3.oo")
    expect(page.locator("#field-items .review-sum")).to_contain_text("without 1 amount that cannot be read")
    expect(cell(page, 0, "amount")).to_contain_class("unreadable")
    all_saved(page)
    assert rows_of(shown)[0] == ("Coffee", "1", "3.oo")


@pytest.mark.parametrize(
    ("amounts", "tone", "said"),
    [
        ({"total": "1,250.00"}, "", "Sum 1,200.00, −50.00 against Total: taxes?"),
        ({"total": "1,250.00", "tax": "50.00"}, "good", "Sum 1,200.00, with the taxes the same as Total"),
        ({"total": "1,250.00", "tax": "40.00"}, "bad", "Sum 1,200.00, −50.00 against Total"),
        ({"total": "1,250.00", "sub_total": "1,200.00"}, "good", "Sum 1,200.00, the same as Sub total"),
        ({"total": "1,250.00", "sub_total": "1,210.00"}, "bad", "Sum 1,200.00, −10.00 against Sub total"),
    ],
)
def test_a_sum_is_wrong_only_where_a_field_says_so(
    open_page: Opened, anna: User, amounts: dict[str, str], tone: str, said: str
) -> None:
    flat = tuple(Field(name, "money") for name in ("total", "tax", "sub_total"))
    held = builders.project("taxed", schema=Schema("Bills", "bill", (*flat, SCHEMA["items"])))
    shown = document(held, [row("Coffee", "1", "1,200.00")])
    for name, amount in amounts.items():
        store.write(shown, name, amount, source="reviewer")
    projects.add_member(held, anna, Role.REVIEWER)
    page = open_page(anna)
    page.goto(f"/projects/taxed/review/{shown.pk}/")
    line = page.locator("#field-items .review-sum")
    expect(line).to_have_text(said)
    expect(line).to_have_class(f"review-sum small num {tone}".rstrip())


def test_the_list_of_keys_has_those_of_tables(page: Page) -> None:
    page.keyboard.press("?")
    keys = page.locator(".review-table-keys")
    for says in ("Insert a row below", "Delete the row", "Split the row at the cell", "Undo the last change of a row"):
        expect(keys.get_by_text(says, exact=True)).to_be_visible()


def test_what_is_no_table_stays_as_it_is(open_page: Opened, anna: User, project: Project) -> None:
    odd = document(project, "no rows")
    page = start(open_page(anna), odd)
    expect(page.locator("#value-items")).to_have_value("no rows")
    page.keyboard.press("Enter")
    all_saved(page)
    assert best(odd).value == "no rows"
    assert best(odd).source == "reviewer"


def test_other_values_stay_and_rows_of_nulls_until_something_is_changed(
    open_page: Opened, anna: User, project: Project
) -> None:
    odd = document(project, "[]", lines=("",))
    # As rows were stored before those without any text were left out.
    odd.labels.filter(field="items").update(value='[{"description": null}, {"amount": 3.5, "colour": "red"}, {}]')
    page = start(open_page(anna), odd)
    assert texts(page) == [["", "", ""], ["", "", "3.5"], ["", "", ""]]
    page.keyboard.press("e")
    page.keyboard.type("Tea")
    all_saved(page)
    assert best(odd).value == '[{"description": "Tea"}, {"amount": "3.5", "colour": "red"}]'
    assert texts(page) == [["Tea", "", ""], ["", "", "3.5"]]


def test_an_emptied_row_is_stored_no_more_and_stays_under_the_cursor(page: Page, ben: User, shown: Document) -> None:
    page.keyboard.press("e")
    for _ in range(3):
        page.keyboard.press("Delete")
        page.keyboard.press("Tab")
    page.keyboard.press("ArrowUp")
    all_saved(page)
    stored = rows_of(shown)
    assert len(stored) == len(ROWS) - 1
    assert texts(page)[:2] == [["", "", ""], ["Green tea", "2", "8.40"]]
    in_cell(page, 0, "description")
    actions.save(
        shown,
        "items",
        (best(shown).value or "").replace("Egg", "Eggs"),
        known=best(shown).pk,
        actor=ben,
        base=best(shown).pk,
    )
    page.keyboard.type("W")
    expect(cell(page, 3, "description")).to_contain_text("Eggs")
    in_cell(page, 0, "description")
    all_saved(page)
    assert rows_of(shown)[0] == ("W", None, None)


def test_a_new_row_stays_under_the_cursor_while_other_rows_are_saved(page: Page, ben: User, shown: Document) -> None:
    page.keyboard.press("e")
    base = best(shown)
    actions.save(shown, "items", (base.value or "").replace("Egg", "Eggs"), known=0, actor=ben, base=base.pk)
    page.keyboard.type("Latte")
    page.keyboard.press("Insert")
    expect(cell(page, 4, "description")).to_contain_text("Eggs")
    in_cell(page, 1, "description")
    assert texts(page)[1] == ["", "", ""]
    all_saved(page)
    page.keyboard.type("Water")
    all_saved(page)
    assert rows_of(shown)[1][0] == "Water"


def test_a_table_without_a_label_starts_with_its_first_row(open_page: Opened, anna: User, project: Project) -> None:
    empty = document(project, None)
    page = open_page(anna)
    page.goto(f"/projects/receipts/review/{empty.pk}/")
    page.get_by_role("button", name="Insert row").click()
    in_cell(page, 0, "description")
    page.keyboard.type("Tea")
    all_saved(page)
    assert rows_of(empty) == [("Tea", None, None)]


def test_five_thousand_rows_are_shown_a_hundred_at_a_time(open_page: Opened, anna: User, project: Project) -> None:
    many = document(project, [row(f"Item {number}", "1", "1.00") for number in range(5000)])
    page = start(open_page(anna), many)
    expect(page.locator("tr[data-row]")).to_have_count(100)
    page.keyboard.press("e")
    page.get_by_role("button", name="Rows after").click()
    in_cell(page, 100, "description")
    page.keyboard.press("ArrowUp")
    in_cell(page, 99, "description")
    page.keyboard.type("x" * 200)
    all_saved(page)
    assert rows_of(many)[99] == ("x" * 200, "1", "1.00")
    assert len(rows_of(many)) == 5000


def test_a_drag_over_a_band_of_the_picture_makes_a_row(
    page: Page, open_page: Opened, anna: User, project: Project
) -> None:
    short = document(project, [*ROWS[:2], *ROWS[3:]])
    start(page, short)
    expect(page.locator("[data-placed]")).to_have_count(1)
    cell(page, 4, "amount").click()
    first, last = page.locator(".word[data-index='7']"), page.locator(".word[data-index='9']")
    first.scroll_into_view_if_needed()
    (x0, y0), (x1, y1) = middle(first), middle(last)
    page.mouse.move(x0 - 8, y0 - 3)
    page.mouse.down()
    page.mouse.move(x1 + 8, y1 + 3, steps=4)
    page.mouse.up()

    all_saved(page)
    in_cell(page, 2, "description")
    expect(cell(page, 2, "amount")).to_contain_text("2.50")
    all_saved(page)
    assert rows_of(short) == [tuple(cells.values()) for cells in ROWS]


def test_an_inserted_row_is_filled_with_the_words_between_its_neighbours(
    page: Page, anna: User, project: Project
) -> None:
    short = document(project, [*ROWS[:2], *ROWS[3:]])
    start(page, short)
    expect(page.locator("[data-placed]")).to_have_count(1)
    cell(page, 1, "amount").click()
    page.keyboard.press("Insert")
    expect(cell(page, 2, "amount")).to_contain_text("2.50")
    all_saved(page)
    assert rows_of(short) == [tuple(cells.values()) for cells in ROWS]
