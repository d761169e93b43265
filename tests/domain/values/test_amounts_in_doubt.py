"""Amounts that could be read wrong without a word: closing dashes, thousands of dinars, letters beside digits."""

from decimal import Decimal

import pytest

from extraction.domain.field_types import Certainty, is_ambiguous, normalize, read
from extraction.domain.field_types.readers.amounts import find_amounts, parse_money, parse_number
from extraction.domain.field_types.readers.decimal_signs import infer_decimal_sign
from extraction.domain.fields import Field

TOTAL, COUNT = Field("total", "money"), Field("count", "number")


@pytest.mark.parametrize("dash", ["-", " -", "−", "–"])
@pytest.mark.parametrize("amount", ["500", "12", "1 900", "€ 12", "$500", "RM 1,900", "1,234,567"])
def test_a_dash_behind_whole_units_is_a_question(amount: str, dash: str) -> None:
    assert parse_money(amount + dash) is None
    whole = parse_money(amount)
    assert whole is not None
    meanings = {meaning.normalized for meaning in read(TOTAL, amount + dash).meanings}
    assert meanings == {f"{whole}.00", f"-{whole}.00"}
    assert is_ambiguous(TOTAL, amount + dash)


@pytest.mark.parametrize("text", ["1,900-", "3.234-", "12-"])
def test_a_number_with_a_dash_behind_it_is_not_read(text: str) -> None:
    assert parse_number(text) is None
    assert parse_money(text) is None
    assert read(COUNT, text).certainty is Certainty.AMBIGUOUS


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        *(("12,50-", "-12.50"), ("EUR 12,50-", "-12.50"), ("12,50- EUR", "-12.50"), ("1.234,50 -", "-1234.50")),
        *(("¥1,234-", "1234"), ("1,234円-", "1234"), ("1,234 円 -", "1234"), ("₩12,000-", "12000")),
        *(("-500", "-500"), ("(500)", "-500"), ("12,-", "12"), ("500/-", "500"), ("Rs 1,500/=", "1500")),
    ],
)
def test_a_dash_is_read_where_it_has_one_meaning(text: str, amount: str) -> None:
    assert parse_money(text) == Decimal(amount)


@pytest.mark.parametrize("text", ["50k", "12 k", "99 p", "12K", "99p", "l2.50", "I2.50", "O2.50"])
def test_a_letter_that_is_no_currency_for_certain_leaves_an_amount_unread(text: str) -> None:
    assert parse_money(text) is None
    assert all(parse_money(text[start:end]) is None for start, end in find_amounts(f"Total {text}")) or text[0] in "SO"


@pytest.mark.parametrize("currency", ["DT", "TND", "LYD", "KWD", "KD", "BHD", "JOD", "OMR"])
@pytest.mark.parametrize("amount", ["60.000", "12.500", "60,000"])
@pytest.mark.parametrize("form", ["{currency} {amount}", "{amount} {currency}"])
def test_dinars_are_never_thousands(currency: str, amount: str, form: str) -> None:
    value = parse_money(form.format(currency=currency, amount=amount))
    assert value is None or value < 1000


@pytest.mark.parametrize("sign", ["€", "$", "£", "₽"])
def test_a_sign_between_units_is_one_amount(sign: str) -> None:
    line = f"Café 2{sign}50 TTC 1 234{sign}05 12{sign} 50,00"
    printed = [line[start:end] for start, end in find_amounts(line)]
    assert printed == [f"2{sign}50", f"1 234{sign}05", f"234{sign}05", "12", "50,00"]
    assert parse_money(printed[0]) == Decimal("2.50")


@pytest.mark.parametrize("closing", ["/-", "/=", ":-", ",-"])
def test_what_closes_an_amount_is_found_with_it(closing: str) -> None:
    line = f"Total Rs. 1500{closing}"
    [(start, end)] = find_amounts(line)
    assert line[start:end] == f"1500{closing}"
    assert normalize(TOTAL, line[start:end]) == "1500.00"


# What is printed with a point in lands that group by points: times, and numbers of other things.
OTHER = (
    *("Jam 14.30", "Pukul 09.15 WIB", "klo 10.30", "ore 10.30", "um 10.30 Uhr", "14.30", "12.03.2023 14.30"),
    *("No 12.50", "v 2.10", "§ 14.10 UStG", "Steuer-Nr 12.84", "5.20 kg", "0.75 Liter", "Versi 2.15", "Meja 1.12"),
    *("Hari 14.03", "10.30 Uhr - 12.45 Uhr", "Diskon 10.00 %"),
)


@pytest.mark.parametrize("line", OTHER)
@pytest.mark.parametrize("total", ["Total 60.000", "Summe 1.234"])
def test_what_is_no_amount_proves_no_sign(line: str, total: str) -> None:
    assert infer_decimal_sign([line, total]) is None
    assert infer_decimal_sign([total, line, line]) is None


@pytest.mark.parametrize("line", [line for line in OTHER if line[0].isalpha() and line[:4] not in ("Meja", "Hari")])
def test_a_time_keeps_amounts_without_decimals(line: str) -> None:
    assert infer_decimal_sign([line, "Nasi 35.000", "Teh 25.000", "Total 60.000"]) == "none"


@pytest.mark.parametrize("lines", [("$ 12.50",), ("12.75",), ("3.50", "2.20", "4.10"), ("1,234.50",)])
def test_amounts_prove_a_point_beside_thousandths(lines: tuple[str, ...]) -> None:
    assert infer_decimal_sign([*lines, "Fuel 1.459"]) == "."


def test_values_are_amounts_for_certain() -> None:
    assert infer_decimal_sign(["12.50", "60.000"], values=True) == "."


@pytest.mark.parametrize("unit", ["Stk", "kg", "km", "pcs", "шт", "個"])
def test_quantities_with_three_digits_prove_nothing(unit: str) -> None:
    assert infer_decimal_sign([f"Menge {count},000 {unit}" for count in range(1, 9)]) is None


@pytest.mark.parametrize("currency", ["KD", "KWD", "BHD", "DT", "JOD"])
def test_dinars_do_not_prove_that_amounts_have_no_decimals(currency: str) -> None:
    amounts = [f"{words} 1{at}.500" for at, words in enumerate(("Total", "Cash", "Change", "Paid"))]
    assert infer_decimal_sign([f"Amount ({currency})", *amounts]) != "none"
    assert infer_decimal_sign([line.replace(" ", f" {currency}   ") for line in amounts]) != "none"
