"""Listings mapped to fields: what captions and types tell is said, what they leave open is not."""

from __future__ import annotations

import pytest

from extraction.domain.default_schemas import EXPENSE, IDENTITY, INVOICE, PURCHASE_ORDER, RECEIPT
from extraction.domain.fields import Field, Schema
from extraction.engines.teacher.listing.mapping import answers
from extraction.engines.teacher.listing.prompt import Listed

TILL = (
    Listed("Bäckerei Huber GmbH", "", "name of issuing business"),
    Listed("Hauptstr. 5 80331 München", "", "address of issuing business"),
    Listed("03.02.2024 18:13", "Datum", "date and time of purchase"),
    Listed("0017", "Bon-Nr.", "receipt number"),
    Listed("3", "Kasse", "till number"),
    Listed("10,08", "Netto", "net amount"),
    Listed("1,92 €", "MwSt 19 %", "tax amount"),
    Listed("12,00 €", "Summe", "total amount"),
    Listed("20,00 €", "Bar", "cash given"),
    Listed("8,00 €", "Rückgeld", "change"),
)
BILL = (
    Listed("Nordlicht GmbH", "", "name of issuing business"),
    Listed("ACME Ltd", "Rechnung an", "name of customer"),
    Listed("RE-2041", "Rechnungsnummer", "invoice number"),
    Listed("K-77", "Kundennummer", "customer number"),
    Listed("03.02.2024", "Rechnungsdatum", "invoice date"),
    Listed("01.02.2024", "Lieferdatum", "delivery date"),
    Listed("17.02.2024", "Zahlbar bis", "due date"),
    Listed("100,00 €", "Nettobetrag", "net amount"),
    Listed("19,00 €", "zzgl. 19 % USt", "tax amount"),
    Listed("119,00 €", "Gesamtbetrag", "total amount"),
)


def said(schema: Schema, *listing: Listed) -> dict[str, str | None]:
    return {name: answer.value for name, answer in answers(schema, listing).items()}


def one(field: Field, *listing: Listed) -> str | None:
    return said(Schema("Documents", "document", (field,)), *listing).get(field.name)


def test_a_german_receipt() -> None:
    assert said(RECEIPT, *TILL) == {
        "company": "Bäckerei Huber GmbH",
        "date": "03.02.2024",
        "address": "Hauptstr. 5 80331 München",
        "total": "12,00",
    }


def test_a_german_invoice_without_its_rows_and_its_currency() -> None:
    assert said(INVOICE, *BILL) == {
        "vendor_name": "Nordlicht GmbH",
        "invoice_number": "RE-2041",
        "invoice_date": "03.02.2024",
        "due_date": "17.02.2024",
        "net_amount": "100,00",
        "tax_amount": "19,00",
        "total_amount": "119,00",
    }


def test_captions_alone_tell_as_much_for_amounts_dates_and_numbers() -> None:
    bare = [Listed(listed.value, listed.caption) for listed in BILL]
    wanted = {"invoice_number", "invoice_date", "due_date", "net_amount", "tax_amount", "total_amount"}
    assert said(INVOICE, *bare).keys() == wanted


def test_words_for_what_a_value_is_tell_where_no_caption_is_printed() -> None:
    listing = [Listed(listed.value, "", listed.what) for listed in BILL]
    assert said(INVOICE, *listing) == said(INVOICE, *BILL)


def test_an_english_order() -> None:
    listing = (
        Listed("Hollis Stationers Ltd", "Supplier", "name of supplier"),
        Listed("City Library", "Buyer", "name of buyer"),
        Listed("4500-77", "PO No.", "order number"),
        Listed("12 March 2024", "Order date", "date of order"),
        Listed("19 March 2024", "Delivery date", "date of delivery"),
        Listed("£ 480.00", "Order total", "total amount"),
    )
    assert said(PURCHASE_ORDER, *listing) == {
        "order_number": "4500-77",
        "order_date": "12 March 2024",
        "buyer": "City Library",
        "supplier": "Hollis Stationers Ltd",
        "delivery_date": "19 March 2024",
        "total_amount": "480.00",
    }


def test_fields_without_a_rule_go_by_their_name() -> None:
    listing = (
        Listed("DUPONT", "Surname", "family name"),
        Listed("Anna Maria", "Given names", "first names"),
        Listed("12.04.1985", "Date of birth", "birth date"),
        Listed("12.04.2031", "Date of expiry", "expiry date"),
        Listed("C01X0006H", "Document no.", "document number"),
    )
    found = said(IDENTITY, *listing)
    assert found["surname"] == "DUPONT"
    assert found["given_names"] == "Anna Maria"
    assert found["document_number"] == "C01X0006H"
    assert found["birth_date"] == "12.04.1985"
    assert found["expiry_date"] == "12.04.2031"


@pytest.mark.parametrize(
    ("field", "listing"),
    [
        # Two totals of which nothing says which is meant.
        (Field("total", "money"), (Listed("12.00", "Total"), Listed("14.00", "Total"))),
        # Before and after rounding: the captions do not settle it.
        (Field("total", "money"), (Listed("20.98", "Total incl. GST"), Listed("21.00", "Total"))),
        (Field("total", "money"), (Listed("0.60", "GST @6% included in total"),)),
        (Field("total", "money"), (Listed("10.00", "Subtotal"), Listed("2.00", "Change"))),
        (Field("total", "money"), (Listed("3 of 5", "Total"),)),
        (Field("date", "date"), (Listed("01/02/2024", "Due date"), Listed("03/02/2024", "Delivery date"))),
        (Field("date", "date"), (Listed("01/02/2024", "Date"), Listed("03/02/2024", "Date"))),
        (Field("date", "date"), (Listed("01/02/2024 - 03/02/2024", "Date"),)),
        (Field("date", "date"), (Listed("see below", "Date"),)),
        (Field("expiry_date", "date"), (Listed("01/02/2024", "Date"),)),
        (Field("invoice_number"), (Listed("K-77", "Customer No."), Listed("03/02/2024", "Invoice No."))),
        (Field("company"), (Listed("17", "Store"), Listed("ACME Ltd", "Bill to", "name of customer"))),
        (Field("payment", "choice", options=("cash", "card")), (Listed("bank transfer", "Payment"),)),
        (Field("guests", "number"), (Listed("ANNA", "Guests"),)),
    ],
)
def test_what_is_not_clear_stays_open(field: Field, listing: tuple[Listed, ...]) -> None:
    assert one(field, *listing) is None


def test_one_value_that_is_printed_twice_is_no_contradiction() -> None:
    assert one(Field("total", "money"), Listed("12.00", "Total"), Listed("€ 12,00", "Total")) == "12.00"


@pytest.mark.parametrize(
    ("printed", "wanted"), [("Visa Debit", "Visa Debit"), ("Bar", "cash"), ("cash", "cash"), ("Karte", None)]
)
def test_a_choice_is_one_of_its_options(printed: str, wanted: str | None) -> None:
    field = Field("payment", "choice", options=("cash", "card", "Visa Debit"))
    assert one(field, Listed(printed, "", "payment method")) == wanted


def test_the_better_claim_to_a_value_wins() -> None:
    schema = Schema("Invoices", "invoice", (Field("total", "money"), Field("amount_due", "money")))
    assert said(schema, Listed("90.00", "Amount due")) == {"amount_due": "90.00"}
    paid, due = Listed("100.00", "Total incl. VAT", "total amount"), Listed("90.00", "Amount due", "amount due")
    both = said(schema, paid, due)
    assert both == {"total": "100.00", "amount_due": "90.00"}


@pytest.mark.parametrize(
    ("field", "listed", "wanted"),
    [
        (Field("phone"), Listed("030 123 456-7", "Tel."), "030 123 456-7"),
        (Field("email"), Listed("shop@example.org", "", "e-mail of the shop"), "shop@example.org"),
        (Field("email"), Listed("www.example.org", "", "website"), None),
        (Field("vat_id"), Listed("DE123456789", "USt-IdNr."), "DE123456789"),
        (Field("iban"), Listed("DE89 3704 0044 0532 0130 00", "IBAN"), "DE89 3704 0044 0532 0130 00"),
    ],
)
def test_texts_with_a_form_of_their_own(field: Field, listed: Listed, wanted: str | None) -> None:
    assert one(field, listed) == wanted


def test_the_evidence_is_the_caption_with_the_value() -> None:
    assert answers(EXPENSE, TILL)["total"].evidence == "Summe: 12,00 €"
    assert not answers(EXPENSE, TILL)["total"].unsure


def test_nothing_is_said_of_groups_and_of_an_empty_listing() -> None:
    assert "items" not in answers(INVOICE, BILL)
    assert answers(INVOICE, ()) == {}
