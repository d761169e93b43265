"""Rows of items, as the rules read them off pages in all the manners of houses, and where they do not answer."""

import json
from collections.abc import Sequence

import pytest

import synthdocs
from extraction.domain import default_schemas
from extraction.domain.fields import Field, Schema
from extraction.domain.pages import Page
from extraction.engines.teacher.protocol import Answer, Reading
from extraction.engines.teacher.registry import answers, teacher
from tests.support.builders import typed_page

ITEMS = default_schemas.ITEMS
Cells = tuple[str, str | None, str | None, str]


def ask(*pages: Page, field: Field = ITEMS) -> Answer | None:
    schema = Schema("Test", "receipt", (field,))
    return teacher("rules").label(Reading(pages), schema).answers.get(field.name)


def rows(answer: Answer | None) -> list[tuple[str | None, ...]]:
    assert answer is not None
    return [tuple(row[part.name] for part in ITEMS.fields) for row in json.loads(answer.value or "")]


HEAD = ("CORNER SHOP LTD", "12 Mill Lane, Leeds", "Date: 25/12/2018  14:03", "------------------------------")
PRINTED: dict[str, tuple[Sequence[str], Sequence[Cells]]] = {
    "names beside their amounts": (
        ("Oat biscuits                     4.50", "Milk                             1.20"),
        (("Oat biscuits", None, None, "4.50"), ("Milk", None, None, "1.20")),
    ),
    "names above, product below": (
        ("Oat biscuits", "  2 x 4.50                       9.00", "Milk", "  3 x 1.20                       3.60"),
        (("Oat biscuits", "2", "4.50", "9.00"), ("Milk", "3", "1.20", "3.60")),
    ),
    "names below their amounts": (
        ("2 x 4.50                         9.00", "Oat biscuits", "3 x 1.20                       3.60", "Milk"),
        (("Oat biscuits", "2", "4.50", "9.00"), ("Milk", "3", "1.20", "3.60")),
    ),
    "product below the amount": (
        ("Oat biscuits                     9.00", "  2 @ 4.50", "Milk                             1.20"),
        (("Oat biscuits", "2", "4.50", "9.00"), ("Milk", None, None, "1.20")),
    ),
    "quantities before names": (
        ("2 x Oat biscuits                 9.00", "1 x Milk                         1.20"),
        (("Oat biscuits", "2", None, "9.00"), ("Milk", "1", None, "1.20")),
    ),
    "quantities behind names": (
        ("Oat biscuits x2                  9.00", "Milk x1                          1.20"),
        (("Oat biscuits", "2", None, "9.00"), ("Milk", "1", None, "1.20")),
    ),
    "columns under a head": (
        (
            "Item              Qty      Price      Amount",
            "Oat biscuits       2       4.50       9.00",
            "Milk               3       1.20       3.60",
        ),
        (("Oat biscuits", "2", "4.50", "9.00"), ("Milk", "3", "1.20", "3.60")),
    ),
    "numbers of articles": (
        (
            "9556939040118",
            "Oat biscuits",
            "  1 x 4.50                       4.50",
            "9555916500133",
            "Milk",
            "  1 x 1.20                       1.20",
        ),
        (("Oat biscuits", "1", "4.50", "4.50"), ("Milk", "1", "1.20", "1.20")),
    ),
    "a discount as a row": (
        (
            "Oat biscuits                     4.50",
            "Discount 10%                    -0.45",
            "Milk                      1.20",
        ),
        (("Oat biscuits", None, None, "4.50"), ("Discount 10%", None, None, "-0.45"), ("Milk", None, None, "1.20")),
    ),
    "equal rows": (
        ("Milk                             1.20", "Milk                             1.20"),
        (("Milk", None, None, "1.20"), ("Milk", None, None, "1.20")),
    ),
    "goods whose names speak of sums": (
        ("Birthday card                    4.50", "Service kit                      1.20"),
        (("Birthday card", None, None, "4.50"), ("Service kit", None, None, "1.20")),
    ),
}


@pytest.mark.parametrize("manner", PRINTED)
def test_rows_are_read_in_every_manner_of_print(manner: str) -> None:
    lines, expected = PRINTED[manner]
    amounts = [row[3] for row in expected]
    total = sum(round(float(amount) * 100) for amount in amounts) / 100
    foot = ("------------------------------", f"TOTAL                            {total:.2f}", "CASH         20.00")
    answer = ask(typed_page(*HEAD, *lines, *foot))
    assert rows(answer) == list(expected)
    assert answer is not None
    assert not answer.unsure


# Without a line across the page nothing parts a name over its amount from what stands over that.
NAMES_ABOVE = ("names above, product below", "numbers of articles")


@pytest.mark.parametrize("manner", sorted(PRINTED.keys() - set(NAMES_ABOVE)))
def test_what_stands_over_the_first_row_is_not_its_name(manner: str) -> None:
    lines, expected = PRINTED[manner]
    total = sum(round(float(row[3]) * 100) for row in expected) / 100
    answer = ask(
        typed_page(*HEAD[:-1], "RECEIPT NO: 715641", *lines, f"TOTAL              {total:.2f}", "CASH         20.00")
    )
    assert rows(answer) == list(expected)


def test_a_head_of_short_words_is_no_name() -> None:
    head = "ARTIKEL           ANZ.     E-PREIS      USt.      BETRAG"
    line = "NETZWERKKABEL      2       113,39       19%       226,78"
    answer = ask(typed_page("Elektro Niemeier KG", "Rechnung 8946", head, line, "Gesamtbetrag      226,78"))
    assert rows(answer) == [("NETZWERKKABEL", "2", "113,39", "226,78")]


def test_rows_that_do_not_make_up_a_sum_are_unsure() -> None:
    answer = ask(
        typed_page(*HEAD, "Oat biscuits            4.50", "Milk              1.20", "------", "TOTAL             9.99")
    )
    assert answer is not None
    assert answer.unsure
    assert len(rows(answer)) == 2


@pytest.mark.parametrize(
    "lines",
    [
        (),
        ("A letter without any amount", "and nothing that is bought"),
        ("TOTAL           9.00", "CASH           10.00", "CHANGE          1.00"),
        ("DEPT               ", "   4.50", "   1.20", "TOTAL         5.70"),
    ],
)
def test_where_no_rows_can_be_told_there_is_no_answer(lines: Sequence[str]) -> None:
    assert ask(*([typed_page(*lines)] if lines else [])) is None


def test_fields_that_the_rules_do_not_know_stay_unknown() -> None:
    columns = (*ITEMS.fields, Field("colour"))
    answer = ask(
        typed_page(*HEAD, "Milk        1.20", "Tea          2.00", "------", "TOTAL     3.20"),
        field=Field("lines", "group", fields=columns),
    )
    assert answer is not None
    assert all(set(row) == {part.name for part in ITEMS.fields} for row in json.loads(answer.value or ""))


def test_groups_that_are_no_items_are_not_answered() -> None:
    others = (
        Field("tax", "group", fields=(Field("rate", "number"), Field("amount", "money"))),
        Field("people", "group", fields=(Field("name"), Field("age", "number"))),
    )
    assert [answers("rules", field) for field in (ITEMS, *others)] == [True, False, False]
    page = typed_page(*HEAD, "Milk        1.20", "TOTAL     1.20")
    assert [ask(page, field=field) for field in others] == [None, None]


@pytest.mark.parametrize("tables", ["usual", "varied"])
def test_generated_tables_are_mostly_read(tables: synthdocs.Tables) -> None:
    """On perfectly read documents: the number of rows, and that sure answers are worth their name."""
    samples = list(synthdocs.generate("mixed", 25, seed=31, tables=tables))
    answered = [(sample, ask(*sample.pages)) for sample in samples]
    right = [a is not None and len(json.loads(a.value or "")) == len(sample.items) for sample, a in answered]
    sure = [ok for (_, a), ok in zip(answered, right, strict=True) if a is not None and not a.unsure]
    assert sum(right) >= 0.85 * len(right)
    assert sum(sure) >= 0.95 * len(sure)


def test_a_page_of_amounts_alone_takes_no_long_search() -> None:
    """Thousands of amounts end in an answer or none; the search is bounded."""
    ask(*[typed_page(*(f"Thing {number}                    {number % 97}.50" for number in range(600)))] * 5)
