"""Totals that something else on the document contradicts are in doubt; what rounding or a label explains is not."""

import pytest

from extraction.domain.fields import Schema
from extraction.engines.teacher.protocol import Answer, Reading
from extraction.engines.teacher.registry import teacher
from tests.support.builders import typed_page


def ask(*lines: str, name: str = "total") -> Answer:
    schema = Schema.from_json({"name": "Test", "document": "receipt", "field": [{"name": name, "type": "money"}]})
    return teacher("rules").label(Reading((typed_page("Meadow", "", *lines),)), schema).answers[name]


@pytest.mark.parametrize(
    ("total", "cash", "change"),
    [
        ("Summe", "Bar", "Rückgeld"),
        ("Total", "Cash", "Change"),
        ("TOTALE", "CONTANTE", "RESTO"),
        ("ΣΥΝΟΛΟ", "ΜΕΤΡΗΤΑ", "ΡΕΣΤΑ"),
        ("Total TTC", "Espèces", "Rendu monnaie"),
        ("Total", "Entregue", "Troco"),
        ("Totaal", "Contant", "Wisselgeld"),
        ("Razem", "Gotówka", "Reszta"),
        ("合計", "お預り", "お釣り"),
    ],
)
def test_a_total_is_the_cash_given_less_the_change(total: str, cash: str, change: str) -> None:
    paid = (f"{cash}   20.00", f"{change}   7.80")
    assert not ask(f"{total}   12.20", *paid).unsure
    assert not ask(f"{total}   12.18", *paid).unsure  # rounded to five cents
    assert ask(f"{total}   14.20", *paid).unsure
    assert ask(f"{total}   11.20", *paid).unsure


def test_what_cash_and_change_leave_may_be_explained() -> None:
    assert not ask("Total 12.20", "Deposit 5.00", "Cash 20.00", "Change 12.80").unsure
    assert not ask("Total 12.20", "Visa 5.00", "Cash 20.00", "Change 12.80").unsure
    assert not ask("Total 12.20", "Cash 12.20", "Change 5.00").unsure  # drawn with a card


@pytest.mark.parametrize("total", ["Summe", "Total", "Totale", "Σύνολο", "Totaal", "Razem", "合計"])
def test_a_total_is_the_sum_of_the_prices_above_it(total: str) -> None:
    prices = ("Latte   2.50", "Brioche   1.80", "Panini   0.45")
    assert not ask(*prices, f"{total}   4.75").unsure
    assert ask(*prices, f"{total}   7.75").unsure
    # A price that is not read, or several amounts in a row, make no sum.
    assert not ask(*prices, "Cappuccino", f"{total}   7.75").unsure
    assert not ask("2 x 1.25   2.50", "Brioche   1.80", f"{total}   7.75").unsure


@pytest.mark.parametrize(
    ("net", "first", "second", "total"),
    [
        ("Total HT", "TVA 10 %", "TVA 20 %", "Total TTC"),
        ("Netto", "MwSt 7 %", "MwSt 19 %", "Gesamtbetrag"),
        ("Imponibile", "IVA 10%", "IVA 22%", "Totale fattura"),
        ("Subtotal", "GST 5%", "PST 7%", "Total"),
    ],
)
def test_whole_amounts_are_not_rounded_to_the_next(net: str, first: str, second: str, total: str) -> None:
    parts = (f"{net}   100.00", f"{first}   6.00", f"{second}   8.00")
    assert not ask(*parts, f"{total}   114.00").unsure
    assert ask(*parts, f"{total}   115.00").unsure


@pytest.mark.parametrize(
    ("net", "rate", "total"),
    [
        ("Netto   100.00", "zzgl. 19 % MwSt", "Gesamt"),
        ("Total HT   100.00", "TVA 19 %", "Total TTC"),
        ("Imponibile   100.00", "più IVA 19%", "Totale fattura"),
        ("Subtotal   100.00", "plus 19% VAT", "Total"),
    ],
)
def test_a_rate_alone_says_what_the_net_amount_makes_up(net: str, rate: str, total: str) -> None:
    assert not ask(net, rate, f"{total}   119.00").unsure
    assert ask(net, rate, f"{total}   191.00").unsure


@pytest.mark.parametrize(
    ("taxed", "tax", "total"),
    [
        ("SPRZEDAŻ OPODATKOWANA A", "PTU A 23%", "SUMA PLN"),
        ("Umsatz A", "MwSt A 23%", "Summe"),
        ("Goods A", "VAT A 23%", "Total"),
    ],
)
def test_what_a_tax_is_included_in_is_the_total(taxed: str, tax: str, total: str) -> None:
    parts = (f"{taxed}   123.00", f"{tax}   23.00")
    assert not ask(*parts, f"{total}   123.00").unsure
    assert ask(*parts, f"{total}   128.00").unsure
    assert not ask(f"{taxed}   123.00", "Zero rated   5.00", f"{tax}   23.00", f"{total}   128.00").unsure


@pytest.mark.parametrize("tax", ["inkl. MwSt 19 %", "incl. VAT 19%", "dont TVA 19 %", "di cui IVA 19%"])
def test_a_tax_by_its_rate_is_on_no_more_than_the_total(tax: str) -> None:
    assert not ask("Total 119.00", f"{tax} 19.00").unsure
    assert ask("Total 119.00", f"{tax} 91.00").unsure
    assert not ask(f"Total {tax} 119.00", "Total 119.00").unsure


@pytest.mark.parametrize(
    ("net", "tax"),
    [
        ("Total s/ IVA", "IVA 23%"),
        ("Total sem IVA", "IVA 23%"),
        ("Total s/ IVA", "I.V.A. 23%"),
        ("Totale senza IVA", "IVA 23%"),
        ("Totale IVA esclusa", "IVA 23%"),
        ("Total sin IVA", "IVA 23%"),
    ],
)
def test_a_total_without_tax_is_the_net_amount(net: str, tax: str) -> None:
    lines = (f"{net}   10,00", f"{tax}   2,30")
    assert ask(*lines, "Total   12,30", name="net_amount").value == "10,00"
    assert (ask(*lines, "Total   12,30").value, ask(*lines, "Total   12,30").unsure) == ("12,30", False)
    assert ask(*lines, "Total   13,20").unsure


@pytest.mark.parametrize("tip", ["Tip", "Gratuity", "Trinkgeld", "Propina", "Pourboire"])
def test_a_tip_makes_another_total(tip: str) -> None:
    before = ("Subtotal   40.00", "Tax   3.20", "Total   43.20")
    assert ask(*before, f"{tip}   8.00", "Total   51.20").value == "51.20"
    assert ask(*before).value == "43.20"
