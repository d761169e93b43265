"""The rules on columns that stand close together: letterheads, heads over sums, tables of taxes by rate.

Each test takes one kind of print in the forms of several countries; words and layouts are invented.
"""

import pytest

from extraction.domain.fields import Schema
from extraction.engines.teacher.protocol import Answer, Reading
from extraction.engines.teacher.registry import teacher
from tests.support.builders import typed_page

PARTIES = {"vendor": "text", "address": "text", "customer": "text"}
SUMS = {"net_amount": "money", "tax_amount": "money", "total_amount": "money"}


def ask(lines: tuple[str, ...], fields: dict[str, str]) -> dict[str, Answer]:
    field = [{"name": name, "type": kind} for name, kind in fields.items()]
    schema = Schema.from_json({"name": "Test", "document": "invoice", "field": field})
    return dict(teacher("rules").label(Reading((typed_page(*lines),)), schema).answers)


@pytest.mark.parametrize("gap", [2, 3, 12])
@pytest.mark.parametrize(
    ("label", "address", "heads"),
    [
        ("Bill to:", "5 High St, York YO1 7HX", ("Net", "VAT 20%", "Total")),
        ("Rechnung an:", "Am Ufer 3, 80480 München", ("Netto", "USt 19 %", "Brutto")),
        ("Kunde:", "Am Ufer 3, 80480 München", ("Menge", "Preis", "Betrag")),
        ("Client :", "3 avenue Foch, 69006 Lyon", ("Total HT", "TVA 20 %", "Total TTC")),
        ("Cliente:", "Calle Mayor 5, 28013 Madrid", ("Base imponible", "IVA 21%", "Total")),
        ("Cliente:", "Via Roma 12, 20121 Milano", ("Imponibile", "IVA 22%", "Totale")),
        ("Klant:", "Kerkstraat 5, 1017 GC Amsterdam", ("Netto", "Btw 21%", "Totaal")),
        ("Nabywca:", "ul. Polna 5, 00-001 Warszawa", ("Netto", "VAT 23%", "Brutto")),
    ],
)
def test_a_head_of_columns_below_a_customer_is_no_party(
    gap: int, label: str, address: str, heads: tuple[str, ...]
) -> None:
    lines = (
        "Meadow Ltd",
        "",
        f"{label} Brown & Co, {address}",
        "",
        (" " * gap).join(heads),
        (" " * gap).join(
            amount.ljust(len(head)) for head, amount in zip(heads, ("9.00", "1.80", "10.80"), strict=True)
        ),
    )
    assert ask(lines, PARTIES)["customer"].value == "Brown & Co"


@pytest.mark.parametrize("gap", [2, 3, 5])
@pytest.mark.parametrize(
    ("name", "street", "place"),
    [
        ("Alpen AG", "Bahnhofstrasse 3", "8001 Zürich"),
        ("Meadow Ltd", "4 Mill Lane", "Leeds LS1 4AB"),
        ("Dupont SARL", "12 rue de la Paix", "75002 Paris"),
        ("Prado SL", "Calle Mayor 5", "28013 Madrid"),
        ("Bianchi SRL", "Via Roma 12", "20121 Milano"),
        ("Molen BV", "Kerkstraat 5", "1017 GC Amsterdam"),
    ],
)
def test_a_letterheads_address_close_to_the_name_is_no_part_of_it(gap: int, name: str, street: str, place: str) -> None:
    space = " " * gap
    for head in (
        (f"{name}{space}{street}{space}{place}",),
        (f"{name}{space}{street}, {place}",),
        (f"{name}{space}{street}", f"{' ' * len(name)}{space}{place}"),
    ):
        found = ask((*head, "", "Invoice 77", "Total 12.00"), PARTIES)
        assert found["vendor"].value == name, head
        assert " ".join((found["address"].value or "").replace(",", "").split()) == f"{street} {place}", head


@pytest.mark.parametrize("name", ["Jansen, Vos & Co", "Café am Markt 3", "Studio 54 GmbH", "Smith & Street Ltd"])
def test_a_name_keeps_its_commas_and_numbers(name: str) -> None:
    assert ask((name, "4 Mill Lane", "Leeds LS1 4AB", "", "Total 12.00"), PARTIES)["vendor"].value == name


@pytest.mark.parametrize(
    ("name", "address"),
    [
        (("Nordwind Verwaltung und", "Beratung GmbH"), ("Am Ufer 3", "80480 München")),
        (("Orchard Traders and", "Partners Ltd"), ("4 Mill Lane", "Leeds LS1 4AB")),
        (("Vergers du Centre et", "Associés SARL"), ("12 rue de la Paix", "75002 Paris")),
    ],
)
@pytest.mark.parametrize("label", ["Bill to:", "Rechnung an:", "Client :"])
def test_a_customers_name_goes_on_to_its_legal_form(
    label: str, name: tuple[str, ...], address: tuple[str, ...]
) -> None:
    lines = ("Meadow Ltd", "", label, *name, *address, "", "Total 12.00")
    assert ask(lines, PARTIES)["customer"].value == " ".join(name)


@pytest.mark.parametrize("gap", [1, 2, 3, 6])
@pytest.mark.parametrize(
    ("heads", "total"),
    [
        (("Satz", "Netto", "MwSt", "Brutto"), "Endbetrag"),
        (("Rate", "Net", "VAT", "Gross total"), "Total"),
        (("Taux", "Total HT", "Total TVA", "Total TTC"), "Net à payer"),
        (("Tipo", "Base imponible", "IVA", "Total"), "Total a pagar"),
        (("Tarief", "Netto", "Btw", "Totaal"), "Te betalen"),
    ],
)
def test_a_table_of_taxes_adds_up_however_close_its_columns_stand(gap: int, heads: tuple[str, ...], total: str) -> None:
    table = [
        *(heads, ("7%", "100,00", "7,00", "107,00"), ("19%", "50,00", "9,50", "59,50")),
        ("", "150,00", "16,50", "166,50"),
    ]
    widths = [max(len(row[column]) for row in table) for column in range(4)]
    lines = [(" " * gap).join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in table]
    found = ask(("Meadow Ltd", *lines, f"{total} 166,50 EUR"), SUMS)
    assert [answer.value for answer in found.values()] == ["150,00", "16,50", "166,50"]
    assert not any(answer.unsure for answer in found.values())
