"""Receipts from answers and words."""

from __future__ import annotations

import datetime
from dataclasses import replace
from decimal import Decimal

import pytest

from extraction.domain import default_schemas
from extraction.domain.auditing.reading.receipts import Source, receipt
from extraction.domain.auditing.reading.roles import Roles
from extraction.domain.auditing.values import AmountKind, Receipt
from extraction.domain.fields import Field, Schema
from extraction.domain.pages import Box, Page, Span, Word
from extraction.domain.prediction import FieldValue
from extraction.engines.teacher.rules.vocabulary.amounts import amount_kind

LINES = (
    "HARBOUR CAFE LTD",
    "Tel 01632 960123",
    "Date 04/03/2026",
    "Soup 8.00",
    "Bread 3.00",
    "Subtotal 11.00",
    "VAT 1.50",
    "TOTAL GBP 12.50",
    "Cash 20.00",
    "Change 7.50",
)
EXPENSE = Roles.of(default_schemas.EXPENSE)


def page(lines: tuple[str, ...] = LINES) -> Page:
    words = [
        Word(text, Box(at / 10, number / 20, (at + 1) / 10, (number + 1) / 20), 0.99, number)
        for number, line in enumerate(lines)
        for at, text in enumerate(line.split())
    ]
    return Page(600, 900, tuple(words))


def read(answers: dict[str, FieldValue], roles: Roles = EXPENSE, **more: object) -> Receipt:
    return receipt(Source("7", file="a.jpg"), roles, answers, (page(),), amount_kind, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("schema", "roles"),
    [
        (default_schemas.RECEIPT, {"amount": "total", "date": "date"}),
        (
            default_schemas.INVOICE,
            {
                "amount": "total_amount",
                "date": "invoice_date",
                "currency": "currency",
                "number": "invoice_number",
                "tax": "tax_amount",
                "subtotal": "net_amount",
            },
        ),
        (default_schemas.IDENTITY, {"number": "document_number"}),
    ],
)
def test_fields_are_known_by_their_names_and_types(schema: Schema, roles: dict[str, str]) -> None:
    known = Roles.of(schema)
    assert {role: part.name for role, part in known.fields.items()} == roles
    assert known.complete == ("amount" in roles)


def test_an_amount_with_another_name_is_the_one_that_is_no_part_of_it() -> None:
    schema = Schema("x", "x", (Field("tax", "money"), Field("zu_zahlen", "money"), Field("faellig", "date")))
    assert Roles.of(schema).fields["amount"].name == "zu_zahlen"


def test_a_receipt_has_the_answers_and_what_else_is_printed() -> None:
    words = [word.text for word in page().words]
    total = Span(0, words.index("12.50"), words.index("12.50"))
    made = read(
        {
            "merchant": FieldValue("HARBOUR CAFE LTD", "HARBOUR CAFE LTD", 0.9),
            "total": FieldValue("12.50", "12.50", 0.8, (total,)),
            "date": FieldValue("04/03/2026", "2026-03-04", 0.7),
        }
    )
    assert made.amount is not None
    assert (made.amount.value, made.amount.probability, len(made.amount.boxes)) == (Decimal("12.50"), 0.8, 1)
    assert made.date is not None
    assert (made.date.value, made.vendor) == (datetime.date(2026, 3, 4), "harbourcafeltd")
    assert made.currency is not None
    assert made.currency.value == "GBP"
    assert [(str(each.value), each.kind) for each in made.printed] == [
        ("8.00", AmountKind.OTHER),
        ("3.00", AmountKind.OTHER),
        ("11.00", AmountKind.SUBTOTAL),
        ("1.50", AmountKind.TAX),
        ("20.00", AmountKind.CASH),
        ("7.50", AmountKind.CHANGE),
    ]
    assert made.days == (datetime.date(2026, 3, 4), datetime.date(2026, 4, 3))
    assert made.names[0] == "HARBOUR CAFE LTD"
    assert Receipt.from_json(made.to_json()) == made


def test_the_end_of_a_company_s_name_is_no_currency() -> None:
    lines = ("Ong Garden SDN. BHD. 123.00", "SDN BHD 45.00")
    assert receipt(Source("7"), EXPENSE, {}, (page(lines),), amount_kind).currency is None
    [dinar] = receipt(Source("7"), EXPENSE, {}, (page(("BHD 45.00",)),), amount_kind).currency or ()
    assert dinar.value == "BHD"


def test_a_reading_of_before_days_were_kept_has_none() -> None:
    kept = read({}).to_json()
    del kept["days"]
    assert Receipt.from_json(kept) == replace(read({}), days=())


def test_a_date_with_two_meanings_has_both() -> None:
    made = read({"date": FieldValue("04/03/2026", None, 0.8)})
    assert made.date is not None
    assert {(each.value.month, each.value.day) for each in made.date} == {(3, 4), (4, 3)}
    assert made.date.probability == 0.4


def test_other_sources_are_rivals() -> None:
    answers = {"total": FieldValue("12.50", "12.50", 0.8)}
    others = {"total": [FieldValue("20.00", "20.00"), FieldValue("12.50", "12.50"), FieldValue(None, None)]}
    made = read(answers, others=others)
    assert made.amount is not None
    assert [(str(each.value), round(each.probability, 2)) for each in made.amount] == [("12.50", 0.8), ("20.00", 0.16)]


def test_rows_are_articles() -> None:
    roles = replace(EXPENSE, rows=default_schemas.ITEMS)
    rows = '[{"description": "Soup", "amount": "8.00"}, {"description": "Bread", "quantity": "2", "amount": "3.00"}]'
    made = read({"items": FieldValue(rows, rows, 0.9)}, roles)
    assert [(row.description, row.amount, row.quantity) for row in made.rows] == [
        ("Soup", Decimal("8.00"), None),
        ("Bread", Decimal("3.00"), Decimal(2)),
    ]
    assert [each.kind for each in made.printed[:2]] == [AmountKind.ARTICLE] * 2


@pytest.mark.parametrize("answer", [FieldValue(None, None), FieldValue("?", None)])
def test_what_was_not_read_is_not_there(answer: FieldValue) -> None:
    made = read({"total": answer, "date": answer})
    assert (made.amount, made.date, made.merchant) == (None, None, None)


def test_a_page_without_words_is_not_readable() -> None:
    made = receipt(Source("7"), EXPENSE, {}, (page(()),), amount_kind)
    assert (made.readable, made.printed, made.currency, made.numbers) == (False, (), None, ())


def test_the_numbers_of_one_paper_agree_however_its_words_are_read() -> None:
    other = page((*LINES[:3], "S0up 8.00", *LINES[4:]))
    one = receipt(Source("7"), EXPENSE, {}, (page(),), amount_kind)
    assert one.numbers
    assert receipt(Source("8"), EXPENSE, {}, (other,), amount_kind).numbers == one.numbers
