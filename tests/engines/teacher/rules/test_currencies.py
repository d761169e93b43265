"""The rules where the currency beside an amount says what its digits mean."""

import pytest

from extraction.domain.alignment import own_conventions
from extraction.domain.field_types import normalize
from extraction.domain.fields import Schema
from extraction.engines.teacher.protocol import Reading
from extraction.engines.teacher.registry import teacher
from tests.support.builders import typed_page

SCHEMA = Schema.from_json({"name": "Test", "document": "receipt", "field": [{"name": "total", "type": "money"}]})
TOTAL = SCHEMA["total"]


def total(*lines: str) -> tuple[str | None, bool]:
    """What the total is read as by the document's own conventions, and whether the rules are unsure of it."""
    pages = (typed_page("Meadow", "14/03/2023", *lines),)
    answer = teacher("rules").label(Reading(pages), SCHEMA).answers["total"]
    if answer.value is None:
        return None, answer.unsure
    return normalize(TOTAL, answer.value, conventions=own_conventions(pages, SCHEMA.fields)), answer.unsure


@pytest.mark.parametrize("currency", ["€", "£", "$", "₽"])
@pytest.mark.parametrize("line", ["Total 12{}50 TTC", "Total   12{}50", "Total TTC   12{}50"])
def test_a_currency_is_the_decimal_sign(currency: str, line: str) -> None:
    assert total(f"Coffee 2{currency}50", line.format(currency)) == ("12.50", False)
    assert total(f"Menu 1 220{currency}05", line.format(currency).replace("12", "1 234"))[0] == "1234.50"


@pytest.mark.parametrize("line", ["Total 12 € 50", "Total 12€ 50", "Total 12 $ 50", "Total   12 zł 50"])
def test_two_numbers_around_a_currency_are_in_doubt(line: str) -> None:
    assert total(line)[1]


@pytest.mark.parametrize(
    ("line", "value"),
    [
        *(("Razem 12 zł 50 gr", "12.50"), ("Итого 1 234 руб. 50 коп.", "1234.50"), ("Summe 12 Euro 5 Cent", "12.05")),
        ("Total 12 zł 5 gr", "12.05"),
    ],
)
def test_a_minor_unit_with_its_name_belongs_to_the_amount(line: str, value: str) -> None:
    assert total(f"{line.split()[0].replace('Итого', 'Total')} {line.partition(' ')[2]}") == (value, False)


@pytest.mark.parametrize(
    "amount", ["Rs. 1,500/-", "Rs 1,500/=", "₹1,500/-", "¥1,500-", "1,500円", "¥ 1,500", "kr 1 500,-"]
)
@pytest.mark.parametrize("other", ["Dosa   120", "Dosa   120.00"])
def test_an_amount_without_minor_units(amount: str, other: str) -> None:
    assert total(other, f"Total   {amount}") == ("1500.00", False)


# Whatever the other amounts of the document prove.
OTHERS = ((), ("Rate 10.00",), ("Rate 10,00",), ("Tip 2.500", "Fee 1.500", "Tax 3.500"))


@pytest.mark.parametrize("others", OTHERS)
@pytest.mark.parametrize("form", ["{} {}", "{}   {}", "{1} {0}"])
@pytest.mark.parametrize("currency", ["KWD", "KD", "K.D.", "BHD", "JOD", "OMR", "TND", "DT", "D.T.", "LYD"])
@pytest.mark.parametrize(("amount", "value"), [("12.500", "12.50"), ("60.000", "60.00")])
def test_dinars_have_three_decimals(currency: str, form: str, amount: str, value: str, others: tuple[str, ...]) -> None:
    assert total(*others, f"Total {form.format(currency, amount)}")[0] == value


@pytest.mark.parametrize(
    "line", ["Total KWD: 12.500", "Total (KD) 12.500", "Total (KD): 12.500", "Total 12.500 (KWD)", "Total 12.500KD"]
)
def test_a_currency_may_stand_in_brackets_or_before_a_colon(line: str) -> None:
    assert total(line) == ("12.50", False)


@pytest.mark.parametrize(
    "line", ["Total 1 234,500 TND", "Total TND 1 234,500", "Total 1 234.500 DT", "Total DT 1'234.500"]
)
@pytest.mark.parametrize("others", [(), ("Timbre 1.000 DT",), ("Rate 10,00",)])
def test_dinars_with_groups_are_read_whole(line: str, others: tuple[str, ...]) -> None:
    assert total(*others, line)[0] == "1234.50"


def test_other_amounts_with_three_digits_are_no_part_of_a_larger_one() -> None:
    assert total("Nasi 1 125.000", "Total Rp 125.000") == ("125000.00", False)
    assert total("Teh 5.000", "Nasi 2 120.000", "Total 125.000") == ("125000.00", False)


@pytest.mark.parametrize("line", ["Total 1.234€50", "Total 1 234€50", "Total 1,234$50", "Total 1234€50"])
def test_signs_before_the_currency_group(line: str) -> None:
    assert total(line)[0] == "1234.50"


@pytest.mark.parametrize("printed", ["BD 1,234.500", "1,234.500 KWD", "1.234,500 TND", "LYD 1.234,500"])
def test_dinars_with_groups(printed: str) -> None:
    assert total(f"Total {printed}") == ("1234.50", False)
    sign = printed.strip("ABDKLNTWY ")[-4]
    assert total(f"Subtotal {printed}", f"Total 12{sign}500")[0] == "12.50"


@pytest.mark.parametrize("others", OTHERS)
@pytest.mark.parametrize("printed", ["Rp 60.000", "60.000 đ", "¥60,000", "₩60,000", "60,000원"])
def test_a_currency_without_decimals_groups(printed: str, others: tuple[str, ...]) -> None:
    assert total(*others, f"Total {printed}") == ("60000.00", False)


def test_an_amount_without_its_currency_is_no_guess() -> None:
    assert total("Total 60.000") == (None, True)
