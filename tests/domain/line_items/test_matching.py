"""Answered rows are matched to the true ones that they are most like."""

from decimal import Decimal
from decimal import Decimal as D
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.domain.field_types import UNKNOWN
from extraction.domain.fields import Field
from extraction.domain.line_items.arithmetic import adds_up, amount_field, is_product, products
from extraction.domain.line_items.matching import match, wrong_cells
from extraction.domain.line_items.rows import Row, rows_of, text_of

ITEMS = Field("items", "group", fields=(Field("name"), Field("count", "number"), Field("amount", "money")))


def rows(*texts: str) -> list[Row]:
    """`Tea 2.00`: name and amount."""
    return [dict(zip(("name", "amount"), text.split(), strict=False)) for text in texts]


def pairs(truth: list[Row], answer: list[Row]) -> list[tuple[int, int]]:
    return match(ITEMS, truth, answer, UNKNOWN)


def test_a_missing_row_shifts_no_other() -> None:
    assert pairs(rows("Tea 2.00", "Milk 3.00", "Ham 4.00"), rows("Tea 2.00", "Ham 4.00")) == [(0, 0), (2, 1)]


def test_an_invented_row_has_no_partner() -> None:
    assert pairs(rows("Tea 2.00"), rows("Subtotal 9.00", "Tea 2.00")) == [(0, 1)]


def test_equal_rows_keep_their_order() -> None:
    assert pairs(rows(*["Tea 2.00"] * 3), rows(*["Tea 2.00"] * 3)) == [(0, 0), (1, 1), (2, 2)]


def test_values_are_compared_by_what_they_mean() -> None:
    assert wrong_cells(ITEMS, {"name": "Tea", "amount": "2.0"}, {"name": "TEA", "amount": "RM 2.00"}, UNKNOWN) == []


def test_a_cell_that_the_truth_does_not_know_is_not_wrong() -> None:
    assert wrong_cells(ITEMS, {"name": "Tea"}, {"name": "Tea", "amount": "5.00"}, UNKNOWN) == []
    assert wrong_cells(ITEMS, {"name": "Tea", "amount": None}, {"name": "Tea", "amount": "5.00"}, UNKNOWN) == ["amount"]


@given(st.lists(st.sampled_from(["Tea 2.00", "Milk 3.00", "Ham 4.00", "x"]), max_size=7))
def test_a_table_matches_itself(texts: list[str]) -> None:
    assert pairs(rows(*texts), rows(*texts)) == [(at, at) for at in range(len(texts))]


def test_thousands_of_rows_are_matched_around_their_order() -> None:
    many = rows(*(f"Tea{number} {number}.00" for number in range(5000)))
    assert pairs(many, many[1:]) == [(at + 1, at) for at in range(4999)]


def test_rows_of_a_label() -> None:
    assert rows_of(ITEMS, None) == rows_of(ITEMS, "[]") == ()
    assert rows_of(ITEMS, "no rows") is None
    assert rows_of(ITEMS, '[{"name": "Tea", "amount": null, "other": "x"}]') == ({"name": "Tea", "amount": None},)
    assert rows_of(ITEMS, text_of(rows("Tea 2.00"))) == tuple(rows("Tea 2.00"))


def test_products_are_known_up_to_rounding() -> None:
    assert is_product([D(2), D("1.50"), D("3.00")])
    assert is_product([D("13.45"), D("2.20"), D("29.59")])
    assert is_product([D(3), D("-1.50"), D("-4.50")])
    assert is_product([D(2), D("1.50"), D("3.10")]) is False
    assert is_product([D(0), D(0), D(0)]) is False
    assert is_product([D(2), D(3)]) is None


def numbers(*rows: str) -> list[list[Decimal]]:
    return [[D(number) for number in row.split()] for row in rows]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (["2 1.50 3.00", "3 1.50 3.00", "4 9.00"], [True, False, None]),
        (["2 330 6.60", "1 2.00 2.00"], [False, True]),
        (["2 1.50 3.10"], [False]),
        (["2 1.50 3.10", "4 9.00"], [False, None]),
        # Rate, net and tax, with the gross amount or without.
        (["19 100.00 19.00"], [None]),
        (["19 12.34 2.34 14.68", "7 30.00 2.10 32.10"], [None, None]),
        (["8.1 41.63 3.37"], [None]),
        # Position, rate and amount.
        (["1 19 3.50", "2 19 8.10", "3 7 2.25"], [None, None, None]),
        ([], []),
    ],
)
def test_rows_are_products_where_a_table_has_quantities_and_prices(
    table: list[str], expected: list[bool | None]
) -> None:
    assert products(numbers(*table)) == expected


def test_a_number_is_its_own_product_of_no_other() -> None:
    assert is_product([D(1), D("2.50"), D(7)]) is False
    assert is_product([D(1), D("2.50"), D("2.50")])
    assert is_product([D(0), D(5), D(7)]) is False
    assert is_product([D(0), D(0), D(7)])
    assert is_product([D(1), D(1), D(7)]) is False


def test_many_columns_of_numbers_are_compared_in_pairs() -> None:
    """Not all threes of them: a page of such rows is looked at while somebody waits."""
    compared = 0

    class Counted(Decimal):
        def __mul__(self, other: Any) -> Decimal:
            nonlocal compared
            compared += 1
            return super().__mul__(other)

    assert is_product([Counted(number) for number in range(1000, 1100)]) is False
    assert compared <= 100 * 100


def test_the_sum_of_the_rows_must_be_printed_beside_them() -> None:
    assert amount_field(ITEMS) == "amount"
    assert amount_field(Field("notes", "group", fields=(Field("name"),))) is None
    assert adds_up([D(2), D(3)], {D(5): 1, D(2): 1, D(3): 1})
    assert adds_up([D(5)], {D(5): 1}) is False
    assert adds_up([D(5)], {D(5): 2})
    assert adds_up([], {}) is None
