"""The offline teacher, asked for every type of field on small printed documents."""

import pytest

from extraction.domain.fields import Schema
from extraction.domain.pages import Box, Page, Word
from extraction.engines.teacher.protocol import Answer, Reading, Usage
from extraction.engines.teacher.registry import UnknownTeacher, teacher
from tests.support.builders import page

RECEIPT = (
    "GREEN BASKET SDN BHD (123456-X)",
    "NO. 12, JALAN MAWAR 3,",
    "50450 KUALA LUMPUR",
    "TEL: 03-1234 5678",
    "TAX INVOICE",
    "Invoice No: GB-00417",
    "Date: 25/12/2018 14:03",
    "Milk 2 x 3.00 6.00",
    "Bread 4.50",
    "Subtotal 10.50",
    "GST 6% 0.63",
    "Rounding 0.02",
    "TOTAL RM 11.15",
    "CASH 20.00",
    "CHANGE 8.85",
    "Items: 2",
)
GERMAN = (
    "Bäckerei Huber GmbH",
    "Bahnhofstraße 7",
    "80331 München",
    "Rechnung",
    "Rechnungsnummer: 2024-118",
    "Rechnungsdatum: 03.04.2024",
    "Fällig am: 17.04.2024",
    "Zwischensumme 1.000,00 €",
    "MwSt. 7 % 70,00 €",
    "Gesamtbetrag 1.070,00 €",
    "girocard",
)


def ask(name: str, kind: str, *lines: str, options: tuple[str, ...] = (), instruction: str = "") -> Answer:
    field = {"name": name, "type": kind, "options": list(options), "instruction": instruction}
    schema = Schema.from_json({"name": "Test", "document": "receipt", "field": [field]})
    return teacher("rules").label(Reading((page(*lines),)), schema).answers[name]


@pytest.mark.parametrize(
    ("name", "kind", "value"),
    [
        ("company", "text", "GREEN BASKET SDN BHD"),
        ("merchant_name", "text", "GREEN BASKET SDN BHD"),
        ("address", "text", "NO. 12, JALAN MAWAR 3, 50450 KUALA LUMPUR"),
        ("phone", "text", "03-1234 5678"),
        ("invoice_number", "text", "GB-00417"),
        ("document_number", "text", "GB-00417"),
        ("date", "date", "25/12/2018"),
        ("total", "money", "11.15"),
        ("total_amount", "money", "11.15"),
        ("subtotal", "money", "10.50"),
        ("tax_amount", "money", "0.63"),
        ("rounding", "money", "0.02"),
        ("cash_tendered", "money", "20.00"),
        ("change", "money", "8.85"),
        ("items", "number", "2"),
    ],
)
def test_a_receipt(name: str, kind: str, value: str) -> None:
    assert ask(name, kind, *RECEIPT).value == value


@pytest.mark.parametrize(
    ("name", "kind", "value"),
    [
        ("vendor", "text", "Bäckerei Huber GmbH"),
        ("address", "text", "Bahnhofstraße 7 80331 München"),
        ("invoice_number", "text", "2024-118"),
        ("invoice_date", "date", "03.04.2024"),
        ("due_date", "date", "17.04.2024"),
        ("subtotal", "money", "1.000,00"),
        ("vat", "money", "70,00"),
        ("total", "money", "1.070,00"),
    ],
)
def test_a_german_invoice(name: str, kind: str, value: str) -> None:
    assert ask(name, kind, *GERMAN).value == value


def test_the_instruction_tells_what_a_strange_name_wants() -> None:
    assert ask("x1", "text", *RECEIPT, instruction="The business that sold it").value == "GREEN BASKET SDN BHD"
    assert ask("x2", "money", *RECEIPT, instruction="The tax that was charged").value == "0.63"


def test_a_choice_is_told_by_printed_words() -> None:
    options = ("cash", "card", "other")
    assert ask("payment", "choice", *RECEIPT, options=options).value == "CASH"
    assert ask("payment", "choice", *GERMAN, options=options).value == "card"


def test_an_answer_names_its_evidence_and_doubts_what_has_little() -> None:
    total = ask("total", "money", *RECEIPT)
    assert total.evidence == "TOTAL RM 11.15"
    assert total.confidence is not None
    assert total.confidence > 0.6
    assert not total.unsure
    guess = ask("total", "money", "coffee 3.00", "tea 4.00")
    assert guess.unsure


def test_what_is_not_printed_is_answered_with_nothing() -> None:
    for name, kind in (("total", "money"), ("date", "date"), ("invoice_number", "text"), ("address", "text")):
        answer = ask(name, kind, "hello")
        assert answer.value is None
        assert answer.unsure
    assert ask("company", "text").value is None


def test_a_label_above_its_amount_counts_where_none_stands_beside_it() -> None:
    assert ask("total", "money", "Coffee 3.00", "Amount due", "7.00").value == "7.00"


def test_columns_are_read_separately() -> None:
    words = []
    for line, (left, right) in enumerate([("Huber GmbH", "Rechnung"), ("Am Markt 7", "Nr. 4"), ("80331 München", "")]):
        for start, text in ((0.05, left), (0.7, right)):
            for place, word in enumerate(text.split()):
                x0 = start + 0.12 * place
                words.append(Word(word, Box(x0, 0.1 + 0.04 * line, x0 + 0.1, 0.13 + 0.04 * line), 1.0, line))
    schema = Schema.from_json({"name": "T", "document": "invoice", "field": [{"name": "address"}, {"name": "company"}]})
    answers = teacher("rules").label(Reading((Page(1000, 1400, tuple(words)),)), schema).answers
    assert answers["address"].value == "Am Markt 7 80331 München"
    assert answers["company"].value == "Huber GmbH"


def test_the_customer_is_not_the_issuer() -> None:
    lines = ("Hillside Tools", "4 Mill Lane, Leeds LS1 4AB", "Invoice", "Bill to", "Boss & Sons Ltd", "7 Quay Street")
    assert ask("company", "text", *lines, "Hillside Tools thanks you").value == "Hillside Tools"
    assert ask("address", "text", *lines, "York YO1 7EP").value == "4 Mill Lane, Leeds LS1 4AB"


def test_a_senders_line_holds_name_and_address() -> None:
    lines = ("Nordlicht GmbH", "Nordlicht GmbH, Gartenstr. 98, 50586 Köln", "Jost Müller", "Am Ufer 3", "80480 München")
    assert ask("address", "text", *lines).value == "Gartenstr. 98, 50586 Köln"


def test_a_name_goes_on_to_its_legal_form() -> None:
    assert (
        ask("company", "text", "BOON SENG", "PAPER SDN BHD (80531-D)", "81100 JOHOR").value == "BOON SENG PAPER SDN BHD"
    )


def test_groups_are_left_out_and_nothing_costs_anything() -> None:
    group = {"name": "items", "type": "group", "fields": [{"name": "amount", "type": "money"}]}
    schema = Schema.from_json(
        {"name": "T", "document": "receipt", "field": [group, {"name": "total", "type": "money"}]}
    )
    rules = teacher("rules")
    reply = rules.label(Reading((page(*RECEIPT),)), schema)
    assert set(reply.answers) == {"total"}
    assert reply.usage == rules.estimate(schema, 100) == Usage()
    assert not rules.outside


def test_a_document_without_pages_has_no_answers() -> None:
    schema = Schema.from_json({"name": "T", "document": "receipt", "field": [{"name": "total", "type": "money"}]})
    assert teacher("rules").label(Reading(()), schema).answers["total"].value is None


def test_an_unknown_teacher_is_named() -> None:
    with pytest.raises(UnknownTeacher, match=r"^There is no teacher 'oracle'; known are rules, .*\.$"):
        teacher("oracle")
