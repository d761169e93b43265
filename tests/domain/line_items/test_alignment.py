"""Rows of labels are found on the page row by row, never value by value."""

from collections.abc import Sequence

import pytest

from extraction.domain.field_types import UNKNOWN, Conventions, FieldType
from extraction.domain.fields import Field
from extraction.domain.line_items.alignment import PlacedRow, align_rows
from extraction.domain.line_items.rows import Row
from extraction.domain.pages import Page
from tests.support.page_builders import page

ITEMS = Field(
    "items",
    "group",
    fields=(Field("name"), Field("quantity", "number"), Field("price", "money"), Field("amount", "money")),
)


def row(name: str, quantity: str | None = None, price: str | None = None, amount: str | None = None) -> Row:
    return {"name": name, "quantity": quantity, "price": price, "amount": amount}


def found(pages: Sequence[Page], *rows: Row) -> list[dict[str, str] | None]:
    """The texts on which the cells stand."""

    def texts(place: PlacedRow) -> dict[str, str]:
        return {name: " ".join(span.text(pages) for span in spans) for name, spans in place.cells.items()}

    return [texts(place) if place else None for place in align_rows(ITEMS, rows, pages, UNKNOWN)]


def lines(pages: Sequence[Page], *rows: Row) -> list[tuple[int, int] | None]:
    return [place.lines if place else None for place in align_rows(ITEMS, rows, pages, UNKNOWN)]


def test_equal_amounts_are_found_each_in_its_own_row() -> None:
    there = [page("Tea 2.00", "Milk 2.00", "Bread 4.00", "Total 8.00")]
    rows = [row("Tea", amount="2.00"), row("Milk", amount="2.00"), row("Bread", amount="4.00")]
    assert lines(there, *rows) == [(0, 0), (1, 1), (2, 2)]
    assert found(there, *rows)[1] == {"name": "Milk", "amount": "2.00"}


def test_equal_rows_are_rows_of_their_own() -> None:
    there = [page("Tea 2.00", "Tea 2.00", "Tea 2.00", "Total 6.00")]
    assert lines(there, *[row("Tea", amount="2.00")] * 3) == [(0, 0), (1, 1), (2, 2)]


@pytest.mark.parametrize(
    "printed",
    [
        ("1 x 9.00 9.00", "Blue clay", "2 x 3.00 6.00", "Red clay"),
        ("Blue clay", "1 x 9.00 9.00", "Red clay", "2 x 3.00 6.00"),
        ("Blue", "1 9.00 9.00", "clay", "Red", "2 3.00 6.00", "clay"),
        ("Blue clay 1 PC 9.00 9.00", "Red clay 2 PC 3.00 6.00"),
        ("955123 Blue clay", "Qty:1 9.00", "9.00", "955124 Red clay", "Qty:2 3.00", "6.00"),
    ],
)
def test_the_amount_may_stand_above_below_or_beside_the_name(printed: tuple[str, ...]) -> None:
    there = [page("Shop", *printed, "Total 15.00")]
    first, second = found(there, row("Blue clay", "1", "9.00", "9.00"), row("Red clay", "2", "3.00", "6.00"))
    assert first == {"name": "Blue clay", "quantity": "1", "price": "9.00", "amount": "9.00"}
    assert second == {"name": "Red clay", "quantity": "2", "price": "3.00", "amount": "6.00"}


def test_one_printed_number_serves_one_cell() -> None:
    there = [page("Tea 2.00", "Milk 3.00")]
    first = found(there, row("Tea", None, "2.00", "2.00"), row("Milk", None, "3.00", "3.00"))[0]
    assert first is not None
    assert len({"price", "amount"} & set(first)) == 1


def test_cells_that_could_stand_in_two_places_keep_to_their_columns() -> None:
    there = [page("Tea    1    2.00    2.00", "Milk    2    3.00    6.00", "Ham    3    4.00    12.00")]
    rows = (row("Tea", "1", "2.00", "2.00"), row("Milk", "2", "3.00", "6.00"), row("Ham", "3", "4.00", "12.00"))
    place = align_rows(ITEMS, rows, there, UNKNOWN)[0]
    assert place is not None
    assert place.cells["price"][0].first < place.cells["amount"][0].first


def test_misread_cells_are_found_beside_their_row() -> None:
    there = [page("Tea 8.00", "Milk 4.00", "Total 7.00", "Change 3.00")]
    assert found(there, row("Tea", amount="3.00"), row("Milk", amount="4.00"))[0] == {"name": "Tea", "amount": "8.00"}


@pytest.mark.parametrize("number", ["15", "100000001-", "A1", "0.1", "21.00"])
def test_a_number_is_not_found_inside_another(number: str) -> None:
    there = [page(f"{number} Tea 2.00", "1 Milk 3.00")]
    tea, milk = found(there, row("Tea", "1", amount="2.00"), row("Milk", "1", amount="3.00"))
    assert tea == {"name": "Tea", "amount": "2.00"}
    assert milk == {"name": "Milk", "quantity": "1", "amount": "3.00"}


def test_what_is_not_printed_is_left_out() -> None:
    there = [page("Tea 2.00", "Bread 4.00")]
    tea, cheese, bread = found(there, row("Tea", amount="2.00"), row("Gorgonzola"), row("Bread", "7", amount="4.00"))
    assert tea == {"name": "Tea", "amount": "2.00"}
    assert cheese is None
    assert bread == {"name": "Bread", "amount": "4.00"}


def test_rows_do_not_cross_pages_but_their_order_does() -> None:
    there = [page("Tea 2.00", "Milk"), page("3.00", "Bread 4.00")]
    rows = [row("Tea", amount="2.00"), row("Milk", amount="3.00"), row("Bread", amount="4.00")]
    assert [place and set(place) for place in found(there, *rows)] == [
        {"name", "amount"},
        {"name"},
        {"name", "amount"},
    ]


def test_rows_in_another_order_are_found_too() -> None:
    there = [page("Tea 2.00", "Milk 3.00", "Bread 4.00", "Ham 5.00")]
    rows = [
        row("Ham", amount="5.00"),
        row("Bread", amount="4.00"),
        row("Milk", amount="3.00"),
        row("Tea", amount="2.00"),
    ]
    assert lines(there, *rows) == [(3, 3), (2, 2), (1, 1), (0, 0)]


@pytest.mark.parametrize("pages", [[], [page()], [page("Nothing of it")]])
def test_nothing_is_found_where_nothing_is_printed(pages: list[Page]) -> None:
    assert found(pages, row("Tea", "1", "2.00", "2.00"), row("Milk")) == [None, None]
    assert found(pages) == []


def test_thousands_of_rows_are_not_looked_for() -> None:
    there = [page(*(f"Tea {number}.00" for number in range(90)))]
    assert found(there, *[row("Tea", amount="1.00")] * 5000) == [None] * 5000


@pytest.mark.parametrize("kind", ["money", "number", "date"])
def test_a_page_is_read_once_for_all_cells_of_a_type(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables of fifty columns are looked for while somebody waits."""
    parts = tuple(Field(f"column_{number}", kind) for number in range(20))
    days = [(day, month) for month in range(1, 9) for day in range(1, 21)]
    texts = [f"{day:02}.{month:02}.2024" if kind == "date" else f"{day}{month}.50" for day, month in days]
    table: list[Row] = [{part.name: texts[20 * row + at] for at, part in enumerate(parts)} for row in range(8)]
    there = [page(*(" ".join(value for value in row.values() if value) for row in table))]
    asked = 0
    meanings = type(parts[0].kind).meanings

    def counted(self: FieldType, text: str, conventions: Conventions) -> dict[object, float]:
        nonlocal asked
        asked += 1
        return meanings(self, text, conventions)

    monkeypatch.setattr(type(parts[0].kind), "meanings", counted)
    placed = align_rows(Field("items", "group", fields=parts), table, there, UNKNOWN)
    assert all(place and len(place.cells) == 20 for place in placed)
    assert asked <= 3 * len(texts)
