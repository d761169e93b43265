"""The rules for amounts that hang together, for texts known by their form, and for fields known by their name alone.

Each test takes one kind of print in several languages; words and layouts are invented.
"""

import pytest

from extraction.domain.fields import Schema
from extraction.domain.json_types import JsonObject
from extraction.domain.pages import Box, Page, Word
from extraction.engines.teacher.protocol import Reading
from extraction.engines.teacher.registry import teacher
from tests.support.builders import page

MONEY: tuple[JsonObject, ...] = tuple(
    {"name": name, "type": "money"} for name in ("net_total", "tax_total", "total", "amount_due")
)


def answers(read: Page, *fields: JsonObject) -> dict[str, str | None]:
    schema = Schema.from_json({"name": "Test", "document": "invoice", "field": list(fields)})
    reply = teacher("rules").label(Reading((read,)), schema)
    return {name: answer.value for name, answer in reply.answers.items()}


def ask(read: Page, name: str, **more: object) -> str | None:
    return answers(read, {"name": name, **more})[name]


def placed(*rows: tuple[tuple[float, str], ...]) -> Page:
    """A page on which every text of a row begins at a share of the width."""
    words = []
    for number, row in enumerate(rows):
        for left, text in row:
            at = left
            for word in text.split():
                words.append(
                    Word(word, Box(at, 0.03 + 0.03 * number, at + 0.011 * len(word), 0.05 + 0.03 * number), 1, number)
                )
                at += 0.011 * len(word) + 0.006
    return Page(1000, 1400, tuple(words))


@pytest.mark.parametrize(
    "lines",
    [
        ("Summe netto 200,00", "zzgl. USt 19 % 38,00", "Gesamtbetrag 238,00", "Anzahlung -100,00", "Zahlbetrag 138,00"),
        ("Total HT 200,00", "Total TVA 38,00", "Total TTC 238,00", "Acompte versé 100,00", "Net à payer 138,00"),
        ("Net total 200.00", "VAT 19% 38.00", "Total incl. VAT 238.00", "Deposit paid 100.00", "Balance due 138.00"),
        ("Imponibile 200,00", "Totale IVA 38,00", "Totale fattura 238,00", "Acconto 100,00", "Netto a pagare 138,00"),
        ("Base imponible 200,00", "Cuota IVA 38,00", "Total factura 238,00", "A cuenta 100,00", "A pagar 138,00"),
        ("Totaal excl. btw 200,00", "Btw 38,00", "Totaal incl. btw 238,00", "Aanbetaling 100,00", "Te betalen 138,00"),
        ("Razem netto 200,00", "Kwota VAT 38,00", "Razem brutto 238,00", "Zaliczka 100,00", "Do zapłaty 138,00"),
        ("Καθαρή αξία 200,00", "ΦΠΑ 38,00", "Τελική αξία 238,00", "Προκαταβολή 100,00", "Πληρωτέο 138,00"),
    ],
)
def test_what_is_due_is_told_from_the_total_and_both_from_net_and_tax(lines: tuple[str, ...]) -> None:
    found = answers(page("Nordwind", *lines), *MONEY)
    assert [(value or "").replace(",", ".").lstrip("-") for value in found.values()] == [
        *("200.00", "38.00", "238.00", "138.00"),
    ]


def test_without_a_label_of_its_own_the_amount_due_is_the_total() -> None:
    found = answers(page("Net total 50.00", "VAT 10.00", "Total 60.00"), *MONEY)
    assert found["amount_due"] == found["total"] == "60.00"


@pytest.mark.parametrize(
    "heads", [("TOTAL HT", "TOTAL TVA", "TOTAL TTC"), ("Netto", "USt", "Brutto gesamt"), ("Net", "VAT", "Gross total")]
)
def test_heads_of_columns_label_the_sums_below_them(heads: tuple[str, str, str]) -> None:
    columns = (0.5, 0.65, 0.8)
    sums = tuple(zip(columns, ("80.00", "16.00", "96.00"), strict=True))
    read = placed(((0.05, "Blue Harbour"),), tuple(zip(columns, heads, strict=True)), ((0.05, "20%"), *sums))
    assert list(answers(read, *MONEY).values())[:3] == ["80.00", "16.00", "96.00"]


def test_heads_of_a_table_of_goods_label_no_sums() -> None:
    heads = ((0.05, "Article"), (0.4, "Qty"), (0.5, "Net"), (0.65, "VAT"), (0.8, "Total"))
    goods = ((0.05, "Rope"), (0.4, "3"), (0.5, "7.00"), (0.65, "1.40"), (0.8, "8.40"))
    last = [((0.05, name), (0.8, amount)) for name, amount in (("Net", "9.00"), ("VAT", "1.80"), ("Total", "10.80"))]
    assert list(answers(placed(heads, goods, *last), *MONEY).values())[:3] == ["9.00", "1.80", "10.80"]


@pytest.mark.parametrize(
    "lines",
    [
        ("Subtotal 12.00", "Subtotal 40.00", "Tax 4.00", "Total 44.00"),
        ("Goods 40.00", "Tax 4.00", "Total 44.00"),
        ("Amount 40.00", "Tax 4.00", "Tip 6.00", "Total 50.00"),
    ],
)
def test_the_net_amount_is_what_adds_up(lines: tuple[str, ...]) -> None:
    assert ask(page(*lines), "subtotal", type="money") == "40.00"


@pytest.mark.parametrize("taxes", [("CGST 9% 3.60", "SGST 9% 3.60"), ("GST 5% 2.00", "PST 13% 5.20"), ("Tax 7.20",)])
def test_the_total_is_what_net_and_taxes_add_up_to_where_its_label_is_misread(taxes: tuple[str, ...]) -> None:
    assert ask(page("Subtotal 40.00", *taxes, "Order T0fel 47.20", "Visa 50.00"), "total", type="money") == "47.20"


def test_the_total_of_a_receipt_is_what_was_paid_after_rounding() -> None:
    lines = ("Subtotal 9.41", "GST 6% 0.56", "Total 9.97", "Rounding -0.02", "Total payable 9.95")
    assert ask(page(*lines), "total", type="money", instruction="the amount to pay") == "9.95"


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("USt-IdNr.: DE 812 345 670", "DE 812 345 670"),
        ("N° TVA : FR 40 303 265 045", "FR 40 303 265 045"),
        ("VAT Reg No: GB 123 4567 89", "GB 123 4567 89"),
        ("P.IVA 01234567897", "01234567897"),
        ("NIP: 525-000-12-34", "525-000-12-34"),
        ("BTW nr. NL001234567B01", "NL001234567B01"),
        ("GSTIN: 29ABCDE1234F1Z5", "29ABCDE1234F1Z5"),
        ("CIF: B12345678", "B12345678"),
        ("NPWP: 01.234.567.8-901.000", "01.234.567.8-901.000"),
        ("Mã số thuế: 0312345678", "0312345678"),
        ("ΑΦΜ: 099999999", "099999999"),
        ("登録番号 T1234567890123", "T1234567890123"),
    ],
)
def test_the_number_for_taxes_stands_behind_its_label(line: str, value: str) -> None:
    assert ask(page("Meadow & Sons", line, "Total 12.00"), "seller_vat_id") == value


def test_the_customers_number_is_not_the_sellers() -> None:
    lines = ("Meadow Ltd", "Bill to:", "Orchard Ltd", "VAT No: IE1234567FA", "Rent 5.00", *("goods 1.00",) * 9)
    read = page(*lines, "VAT No: IE7654321AB")
    assert ask(read, "seller_vat_id") == "IE7654321AB"
    assert ask(read, "buyer_vat_number") == "IE1234567FA"


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("IBAN : FR14 2004 1010 0505 0001 3M02 606 - BIC : PSSTFRPP", "FR14 2004 1010 0505 0001 3M02 606"),
        ("IBAN DE89370400440532013000 BIC COBADEFFXXX", "DE89370400440532013000"),
        ("Please pay to NL91 ABNA 0417 1643 00", "NL91 ABNA 0417 1643 00"),
        ("IBAN: DE12", None),
    ],
)
def test_an_account_number_ends_where_its_country_ends_it(line: str, value: str | None) -> None:
    assert ask(page("Meadow Ltd", line), "iban") == value


@pytest.mark.parametrize(
    ("lines", "sign", "code"),
    [
        (("Total 12,00 €", "Netto 10,00 €"), "€", "EUR"),
        (("Total £12.00", "VAT £2.00"), "£", "GBP"),
        (("Razem 12,00 zł",), "zł", "PLN"),
        (("Amount in INR 12.00",), "INR", "INR"),
    ],
)
def test_a_currency_is_told_by_its_sign(lines: tuple[str, ...], sign: str, code: str) -> None:
    read = page("Meadow", *lines)
    assert ask(read, "currency", type="choice", options=["USD", "EUR", "GBP", "INR", "PLN"]) == code
    assert ask(read, "currency", instruction="the currency as ISO code") == code
    assert ask(read, "currency", instruction="the currency, as printed") == sign


def test_no_currency_is_answered_where_none_is_printed() -> None:
    assert ask(page("Total 12.00"), "currency", type="choice", options=["USD", "EUR"]) is None


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        ("Tél : 01 23 45 67 89", "phone", "01 23 45 67 89"),
        ("Telefon: +49 30 1234567 Fax: +49 30 7654321", "phone", "+49 30 1234567"),
        ("Telefon: +49 30 1234567 Fax: +49 30 7654321", "fax", "+49 30 7654321"),
        ("(555) 010-2233", "phone", "(555) 010-2233"),
        ("Τηλ. 210 1234567", "phone_number", "210 1234567"),
        ("電話 03-1234-5678", "phone", "03-1234-5678"),
        ("Write to shop@meadow.example.com", "email", "shop@meadow.example.com"),
        ("See www.meadow.example", "website", "www.meadow.example"),
        ("Ticket 4 7:05PM 03/04/2024", "time", "7:05PM"),
        ("Uhrzeit: 19:05", "time", "19:05"),
        ("Date:26/03/2024,11:59", "time", "11:59"),
    ],
)
def test_texts_are_known_by_their_form(line: str, name: str, value: str) -> None:
    assert ask(page("Meadow", line, "Total 12.00"), name) == value


def test_hours_of_opening_are_no_time_of_a_purchase() -> None:
    assert ask(page("Open 9:00 - 18:30", "03/04/2024 12:10", "Total 3.00"), "time") == "12:10"


@pytest.mark.parametrize(
    "lines",
    [
        ("Meadow Ltd", "Invoice", "Bill to:", "Orchard Traders", "4 Mill Lane, Leeds LS1 4AB"),
        ("Prado SL", "Factura", "Cliente: Orchard Traders", "Total 12,00"),
        ("Wiese GmbH", "Wiese GmbH, Gartenstr. 9, 50586 Köln", "Orchard Traders", "Am Ufer 3", "80480 München"),
    ],
)
def test_the_recipient_stands_below_or_behind_its_label_or_in_the_window(lines: tuple[str, ...]) -> None:
    assert ask(page(*lines), "buyer", instruction="who is billed") == "Orchard Traders"


def test_a_label_for_a_party_is_not_its_name() -> None:
    read = placed(((0.05, "Verkäufer"), (0.6, "Käufer")), ((0.05, "WIESE GMBH"), (0.6, "OBSTHOF GMBH")))
    assert answers(read, {"name": "seller"}, {"name": "buyer"}) == {"seller": "WIESE GMBH", "buyer": "OBSTHOF GMBH"}


def test_a_number_before_a_street_is_that_of_a_house() -> None:
    lines = ("Meadow Cafe", "2210 Elm Ave.", "Salem, OR 97301", "Total 12.00")
    assert ask(page(*lines), "address") == "2210 Elm Ave. Salem, OR 97301"


@pytest.mark.parametrize(
    ("rows", "name", "value"),
    [
        ([((0.05, "Caissier : LEA"),)], "cashier", "LEA"),
        ([((0.05, "Zahlungsart"), (0.6, "Lastschrift"))], "payment_method", "Lastschrift"),
        ([((0.05, "Riferimento"),), ((0.05, "AB/77"),)], "reference", "AB/77"),
        ([((0.05, "Project: Harbour"),)], "project", "Harbour"),
    ],
)
def test_other_fields_are_found_by_their_name_in_any_language(
    rows: list[tuple[tuple[float, str], ...]], name: str, value: str
) -> None:
    assert ask(placed(((0.05, "Meadow"),), *rows), name) == value
