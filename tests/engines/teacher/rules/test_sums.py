"""The rules where amounts contradict each other, where taxes are several, and where no word is known."""

import pytest

from extraction.domain.field_types import normalize
from extraction.domain.fields import Field, Schema
from extraction.engines.teacher.protocol import Answer, Reading
from extraction.engines.teacher.registry import teacher
from tests.support.builders import typed_page

PLAIN = Field("total", "money", format="plain")
NAMES = ("net_amount", "tax_amount", "total_amount")


def ask(*lines: str, names: tuple[str, ...] = NAMES) -> list[Answer]:
    fields = [{"name": name, "type": "money"} for name in names]
    schema = Schema.from_json({"name": "Test", "document": "invoice", "field": fields})
    answers = teacher("rules").label(Reading((typed_page("Meadow", "", *lines),)), schema).answers
    return [answers[name] for name in names]


def values(*lines: str, names: tuple[str, ...] = NAMES) -> list[str | None]:
    return [answer.value for answer in ask(*lines, names=names)]


@pytest.mark.parametrize(
    ("net", "tax", "total"),
    [
        ("Netto", "MwSt 19%", "Gesamtbetrag"),
        ("Net total", "VAT 19%", "Total due"),
        ("Total HT", "TVA 19%", "Total TTC"),
        ("Imponibile", "IVA 19%", "Totale fattura"),
        ("Base imponible", "IVA 19%", "Total factura"),
        ("Totaal excl. btw", "Btw 19%", "Totaal incl. btw"),
        ("Razem netto", "Kwota VAT 19%", "Razem brutto"),
    ],
)
def test_a_total_that_net_and_tax_do_not_make_up_is_in_doubt(net: str, tax: str, total: str) -> None:
    agreed = ask(f"{net}   100.00", f"{tax}   19.00", f"{total}   119.00")
    assert [answer.value for answer in agreed] == ["100.00", "19.00", "119.00"]
    assert not any(answer.unsure for answer in agreed)
    misread = ask(f"{net}   100.00", f"{tax}   19.00", f"{total}   179.00")
    assert all(answer.unsure and answer.confidence is not None and answer.confidence < 0.5 for answer in misread)


@pytest.mark.parametrize(
    "lines",
    [
        ("Net 100.00", "VAT 19% 19.00", "Discount -9.00", "Total 110.00"),
        ("Netto 100,00", "MwSt 19% 19,02", "Rundung -0,02", "Gesamt 119,00"),
        ("Net 100.00", "VAT 19% 19.03", "Total 119.05"),  # to five cents in cash
        ("Subtotal 100", "Tax 19% 19.40", "Total 119.00"),  # to whole units
        ("Subtotal 119.00", "incl. VAT 19% 19.00", "Total 119.00"),
    ],
)
def test_what_discounts_and_roundings_explain_is_no_doubt(lines: tuple[str, ...]) -> None:
    assert not ask(*lines)[2].unsure


def test_the_total_of_a_credit_note_is_negative() -> None:
    for lines in (
        ("Nettobetrag -100,00", "19% MwSt -19,00", "Gesamtbetrag -119,00"),
        ("Net -100.00", "VAT 19% -19.00", "Total -119.00"),
        ("Total HT -100,00", "TVA 19% -19,00", "Total TTC -119,00"),
    ):
        (total, due) = ask(*lines, names=("total_amount", "amount_due"))
        assert (total.value, total.unsure) == (due.value, due.unsure)
        assert total.value is not None
        assert (total.value.replace(",", "."), total.unsure) == ("-119.00", False)


@pytest.mark.parametrize(
    ("lines", "tax"),
    [
        (("Taxable Value 100.00", "CGST 9% 9.00", "SGST 9% 9.00", "Grand Total 118.00"), "18.00"),
        (("Taxable Value 1,00,000.00", "CGST 9,000.00", "SGST 9,000.00", "Grand Total 1,18,000.00"), "18000.00"),
        (("Subtotal 40.00", "GST 5% 2.00", "PST 7% 2.80", "Total 44.80"), "4.80"),
        (("Netto 150,00", "MwSt 7% 7,00", "MwSt 19% 9,50", "Gesamtbetrag 166,50"), "16,50"),
        (("Total HT 150,00", "TVA 5,5 % 5,50", "TVA 20 % 10,00", "Total TTC 165,50"), "15,50"),
        (("Imponibile 150,00", "IVA 10% 10,00", "IVA 22% 11,00", "Totale fattura 171,00"), "21,00"),
        # Included in the total; the rates prove it.
        (("Summe 97,53", "inkl. USt. 19% 5,52", "USt. 7% 4,12", "Gegeben 97,53"), "9,64"),
        (("Total TTC 226,00", "dont TVA 20 % 20,00", "dont TVA 5,5 % 5,53"), "25,53"),
    ],
)
def test_several_taxes_are_summed(lines: tuple[str, ...], tax: str) -> None:
    found = ask(*lines)[1]
    assert (found.value, found.unsure) == (tax, False)


def test_a_sum_of_taxes_that_is_printed_is_taken_from_there() -> None:
    lines = ("Netto 150,00", "MwSt 7% 7,00", "MwSt 19% 9,50", "Steuer gesamt 16,50", "Gesamtbetrag 166,50")
    assert ask(*lines)[1].evidence == "Steuer gesamt 16,50"


@pytest.mark.parametrize(
    "lines",
    [
        ("Zw.-Summe 119,00", "Rechnungsbetrag 119,00", "inkl. 19% USt. 19,00"),
        ("Zwischensumme 119,00", "Gesamt 119,00", "darin MwSt 19 % 19,00"),
        ("Sous-total TTC 119,00", "Total TTC 119,00", "dont TVA 19 % 19,00"),
        ("Subtotal 119.00", "Total 119.00", "incl. VAT 19% 19.00"),
    ],
)
def test_a_subtotal_that_includes_the_tax_is_not_the_net_amount(lines: tuple[str, ...]) -> None:
    net, subtotal = ask(*lines, names=("net_amount", "subtotal"))
    assert net.value is None
    assert net.unsure
    assert subtotal.value is not None
    assert subtotal.value.startswith("119")


@pytest.mark.parametrize(
    ("net", "tax", "total"),
    [
        ("Итого без НДС", "НДС 20%", "Всего к оплате"),
        ("Разом без ПДВ", "ПДВ 20%", "Усього до сплати"),
        ("Данъчна основа", "ДДС 20%", "Сума за плащане"),
        ("סכום לפני מעמ", "מעמ 20%", "סהכ לתשלום"),
        ("Základ daně", "DPH 20%", "Celkem k úhradě"),
        ("Ara toplam", "KDV %20", "Genel Toplam"),
        ("Nettó érték", "ÁFA 20%", "Fizetendő"),
        ("Belopp", "Moms 20%", "Att betala"),
        ("공급가액", "부가세", "합계"),  # no rate is printed
    ],
)
@pytest.mark.parametrize("amounts", [("1 000,00", "200,00", "1 200,00"), ("1.000,00", "200,00", "1.200,00")])
def test_rates_prove_the_sums_in_languages_without_words(
    net: str, tax: str, total: str, amounts: tuple[str, str, str]
) -> None:
    found = ask(*(f"{label}   {amount}" for label, amount in zip((net, tax, total), amounts, strict=True)))
    assert [answer.value for answer in found] == list(amounts)
    assert not any(answer.unsure for answer in found)


def test_without_words_or_proof_nothing_is_sure() -> None:
    for lines in (("Хлеб 30,00", "Молоко 85,00", "Итого 115,00"), ("Ekmek 30,00", "Süt 85,00", "Yekûn 115,00")):
        assert all(answer.unsure for answer in ask(*lines))


@pytest.mark.parametrize(
    ("total", "cash", "change"),
    [
        ("TOPLAM *40,00", "NAKİT *50,00", "PARA ÜSTÜ *10,00"),
        ("ÖSSZESEN 12 500 Ft", "KÉSZPÉNZ 15 000 Ft", "VISSZAJÁRÓ 2 500 Ft"),
        ("ИТОГО 1200.00", "НАЛИЧНЫМИ 1500.00", "СДАЧА 300.00"),
        ("ยอดสุทธิ 80.00", "เงินสด 100.00", "เงินทอน 20.00"),
        ("合计 85.00", "现金 100.00", "找零 15.00"),
        ("합계 11,000원", "받은금액 12,000원", "거스름돈 1,000원"),
        ("Celkem 80,00", "Hotovost 100,00", "Vráceno 20,00"),
        ("الإجمالي 115.00", "نقدا 130.00", "الباقي 15.00"),
    ],
)
@pytest.mark.parametrize("item", ["", "10.00", "20.00"])
def test_cash_and_change_are_no_gross_amount_and_tax(total: str, cash: str, change: str, item: str) -> None:
    net, tax, gross = ask(item, total, cash, change)
    assert (net.value, tax.value) == (None, None)
    assert gross.value is not None
    assert gross.value in total
    assert gross.unsure


def test_an_item_that_costs_as_much_as_the_change_does_not_make_it_a_tax() -> None:
    assert all(answer.unsure for answer in ask("Ekmek 10,00", "Süt 30,00", "Toplam 40,00", "Nakit 50,00", "10,00"))


def test_a_whole_amount_is_no_part_of_a_code() -> None:
    assert values("SWIFT NWBKGB2L", "Total 120.00", names=("total_amount",)) == ["120.00"]
    assert values("SWIFT NWBKGB2L", names=("total_amount",)) == [None]


@pytest.mark.parametrize(
    ("line", "printed", "plain"),
    [
        ("Total $12.30", "$12.30", "12.30"),
        ("Total -$12.30", "-$12.30", None),
        ("Total RM12.30", "RM12.30", "12.30"),
        ("Total Rp12.300", "Rp12.300", "12.300"),
        ("Gesamt 12,30€", "12,30€", "12,30"),
        ("Gesamt EUR12,30", "EUR12,30", "12,30"),
        ("Razem 12,30zł", "12,30zł", "12,30"),
        ("合計 ¥1,230", "¥1,230", "1,230"),
        ("合計 1,230円", "1,230円", "1,230"),
        ("Total RM 12.30", "12.30", "12.30"),
        ("Gesamt 12,30 €", "12,30", "12,30"),
        ("Total: 12.30*", "12.30", "12.30"),
        ("Refund total ($12.30)", "($12.30)", None),
    ],
)
def test_an_amount_as_printed_keeps_the_sign_that_touches_it(line: str, printed: str, plain: str | None) -> None:
    def total(**more: object) -> str | None:
        fields = [{"name": "total", "type": "money", **more}]
        schema = Schema.from_json({"name": "Test", "document": "receipt", "field": fields})
        return teacher("rules").label(Reading((typed_page(line),)), schema).answers["total"].value

    assert total() == printed
    if plain is not None:
        assert total(instruction="the amount, as printed, without the sign of currency") == plain
        assert total(instruction="der Betrag ohne Währung") == plain
        assert total(examples=[["TOTAL $ 4.00", "4.00"]]) == plain
        # In digits, with the currency where only that tells what `1,230` means.
        assert total(format="plain") in (plain, printed)
        assert normalize(PLAIN, total(format="plain") or "") is not None
        assert total(examples=[["TOTAL $4.00", "$4.00"]]) == printed


def test_one_amount_in_two_prints_is_no_doubt() -> None:
    (total,) = ask("Subtotal $10.00", "Tax $2.00", "TOTAL $12.00", "Visa 12.00", names=("total_amount",))
    assert (total.value, total.unsure) == ("$12.00", False)
