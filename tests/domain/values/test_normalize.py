"""Values as documents print them, and what they mean."""

import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.domain.field_types import Conventions, DayOrder, agree, normalize, same
from extraction.domain.field_types.readers.amounts import find_amounts, parse_money, parse_number
from extraction.domain.field_types.readers.dates import find_dates, parse_date, read_dates
from extraction.domain.field_types.readers.day_orders import (
    document_day_order,
    infer_day_order,
    infer_day_order_by_meaning,
)
from extraction.domain.fields import Field

TODAY = datetime.date(2026, 6, 1)
TEXT = Field("company")
DATE = Field("date", "date")
MONEY = Field("total", "money")
NUMBER = Field("quantity", "number")
PAYMENT = Field("payment", "choice", options=("cash", "card", "other"))
ITEMS = Field("items", "group", fields=(Field("description"), Field("amount", "money")))


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1,007.50", "1007.50"),
        ("1.007,50", "1007.50"),
        ("1 007,50", "1007.50"),
        ("1\N{NARROW NO-BREAK SPACE}007,50", "1007.50"),
        ("1'007.50", "1007.50"),
        ("1’007.50", "1007.50"),
        ("12,34,567.00", "1234567.00"),
        ("₹ 1,00,000", "100000"),
        ("1,234,567", "1234567"),
        ("1.234.567", "1234567"),
        ("RM3.30", "3.30"),
        ("RM 3 .30", "3.30"),
        ("54 .50", "54.50"),
        ("RM 1, 007.50", "1007.50"),
        ("$45", "45"),
        ("US$ 12.00 USD", "12.00"),
        ("12,00 €", "12.00"),
        ("100 kr", "100"),
        ("12,-", "12"),
        ("Fr. 12.--", "12"),
        ("(12.00)", "-12.00"),
        ("$(12.00)", "-12.00"),
        ("12.00-", "-12.00"),
        ("−12.00", "-12.00"),
        ("RM-3.00", "-3.00"),
        ("-RM3.00", "-3.00"),
        ("0.345", "0.345"),
        ("$1,234", "1234"),
        ("Rp 1.234", "1234"),
        ("KWD 1.234", "1.234"),
        ("٣٫٥٠", "3.50"),
        ("１２．００", "12.00"),
        ("*9.00", "9.00"),
    ],
)
def test_money_in_every_convention(text: str, amount: str) -> None:
    assert parse_money(text) == Decimal(amount)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "total",
        "1,234",
        "1.234",
        "€1.234",
        "12 34",
        "3.3 0",
        "12.5O",
        "6%",
        "1,2345.00",
        "12.00 kg",
        "--5",
        "1.2.3",
    ],
)
def test_money_in_doubt_is_not_read(text: str) -> None:
    assert parse_money(text) is None


@given(st.decimals(min_value=0, max_value=10**9, places=2), st.sampled_from(["{:,.2f}", "RM {:,.2f}", "{:.2f} EUR"]))
def test_printed_money_is_read_back(amount: Decimal, pattern: str) -> None:
    assert parse_money(pattern.format(amount)) == amount


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_german_money_is_read_back(amount: Decimal) -> None:
    assert parse_money(f"{amount:,.2f}".translate({ord(","): ".", ord("."): ","})) == amount


@given(st.text(max_size=30))
def test_no_text_breaks_a_reader(text: str) -> None:
    for field in (TEXT, DATE, MONEY, NUMBER, PAYMENT, ITEMS):
        normalize(field, text)
        same(field, text, text)
    for start, end in find_dates(text) + find_amounts(text):
        assert 0 <= start < end <= len(text)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("25/12/2018", "2018-12-25"),
        ("25 MAR 18", "2018-03-25"),
        ("25MAR2018", "2018-03-25"),
        ("18 Dec'18", "2018-12-18"),
        ("14-MAR-2018", "2018-03-14"),
        ("March 14 2026", "2026-03-14"),
        ("January8.2025", "2025-01-08"),
        ("Tue 5th Mar, 2019", "2019-03-05"),
        ("2018-03-14", "2018-03-14"),
        ("2018-03-14T14:03:00Z", "2018-03-14"),
        ("20180314", "2018-03-14"),
        ("25122018", "2018-12-25"),
        ("25.12.18", "2018-12-25"),
        ("25/12/99", "1999-12-25"),
        ("98-12-25", "1998-12-25"),
        ("25/12/2018 14:03", "2018-12-25"),
        ("25/12/2018 2:03:11 PM", "2018-12-25"),
        ("25/12/201814:03", "2018-12-25"),
        ("25/12/1814:03", "2018-12-25"),
        ("25 /12/ 2018", "2018-12-25"),
        ("Date:25/12/2018", "2018-12-25"),
        ("(25/12/2018)", "2018-12-25"),
        ("12/28/2017", "2017-12-28"),
        ("05/05/2018", "2018-05-05"),
        ("25. Dezember 2018", "2018-12-25"),
        ("25 de marzo de 2018", "2018-03-25"),
        ("1er août 2019", "2019-08-01"),
        ("15 Februari 2019", "2019-02-15"),
        ("10 Ogos 2018", "2018-08-10"),
        ("5 kwi 2018", "2018-04-05"),
        ("2018年3月14日", "2018-03-14"),
    ],
)
@pytest.mark.parametrize("order", [None, "dmy", "mdy"])
def test_a_date_with_one_reading_is_read_whatever_the_order(text: str, day: str, order: DayOrder) -> None:
    assert parse_date(text, today=TODAY, day_order=order) == datetime.date.fromisoformat(day)


@pytest.mark.parametrize("text", ["01/02/2018", "01-02-18", "1,2,2018", "01022018"])
def test_an_ambiguous_date_needs_the_order(text: str) -> None:
    assert parse_date(text, today=TODAY) is None
    assert parse_date(text, today=TODAY, day_order="dmy") == datetime.date(2018, 2, 1)
    assert parse_date(text, today=TODAY, day_order="mdy") == datetime.date(2018, 1, 2)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "31/02/2018",
        "25/12/2018 - 26/12/2018",
        "Mar 2018",
        "12 listopad 2018",
        "011-2345678",
        "INV 7 25/12/2018",
        "2 SET 10",
    ],
)
def test_no_date_or_more_than_one_is_not_read(text: str) -> None:
    assert parse_date(text, today=TODAY, day_order="dmy") is None


@given(st.dates(datetime.date(1950, 1, 1), datetime.date(2059, 12, 31)), st.sampled_from(["dmy", "mdy"]))
def test_a_numeric_date_is_never_silently_wrong(day: datetime.date, order: DayOrder) -> None:
    printed = day.strftime("%d/%m/%Y" if order == "dmy" else "%m/%d/%Y")
    assert parse_date(printed, today=TODAY) in {None, day}
    assert parse_date(printed, today=TODAY, day_order=order) == day
    assert parse_date(day.strftime("%d %b %Y"), today=TODAY) == day


@pytest.mark.parametrize("wanted", DATE.kind.formats)
def test_a_date_is_written_in_the_fields_format_and_read_back(wanted: str) -> None:
    field = Field("date", "date", format=wanted)
    written = normalize(field, "25 MAR 18")
    assert written is not None
    assert parse_date(written, today=TODAY) == datetime.date(2018, 3, 25)
    assert normalize(field, written) == written


def test_a_year_of_two_digits_is_completed_by_the_clock() -> None:
    assert parse_date("25/12/36", today=datetime.date(2026, 1, 1)) == datetime.date(2036, 12, 25)
    assert parse_date("25/12/37", today=datetime.date(2026, 1, 1)) == datetime.date(1937, 12, 25)
    assert parse_date("25/12/37", today=datetime.date(2027, 1, 1)) == datetime.date(2037, 12, 25)


def test_the_day_order_is_inferred_from_what_has_one_reading() -> None:
    assert infer_day_order(["01/02/2018", "25/12/2018", "5 MAR 2018"]) == "dmy"
    assert infer_day_order(["01/02/2018", "paid 12/28/2017"]) == "mdy"
    assert infer_day_order(["01/02/2018", "2018-12-25", "05/05/2018"]) is None
    assert infer_day_order([]) is None


def test_the_day_order_is_inferred_from_what_printed_dates_mean() -> None:
    first, second = datetime.date(2018, 2, 1), datetime.date(2018, 1, 2)
    assert infer_day_order_by_meaning([("01/02/2018", first)], today=TODAY) == "dmy"
    assert infer_day_order_by_meaning([("01/02/2018", second), ("2018-01-02", second)], today=TODAY) == "mdy"
    unclear = [("05/05/2018", datetime.date(2018, 5, 5)), ("03/04/2018", first)]
    assert infer_day_order_by_meaning(unclear, today=TODAY) is None


@given(st.dates(datetime.date(1950, 1, 1), datetime.date(2059, 12, 31)), st.sampled_from([None, "dmy", "mdy"]))
def test_a_date_between_dots_is_day_first_in_every_project(day: datetime.date, order: DayOrder) -> None:
    for printed in (f"{day:%d.%m.%Y}", f"{day.day}.{day.month}.{day.year}", f"{day:%d. %m. %Y}"):
        assert parse_date(printed, today=TODAY, day_order=order) == day


@given(st.dates(datetime.date(1950, 1, 1), datetime.date(2059, 12, 31)), st.sampled_from("/-"))
def test_a_date_is_read_or_ambiguous_and_never_no_date(day: datetime.date, separator: str) -> None:
    found = read_dates(day.strftime(f"%d{separator}%m{separator}%Y"), today=TODAY)
    swapped = day.replace(month=day.day, day=day.month) if day.day <= 12 else day
    assert found == ((day,) if swapped == day else (day, swapped))


def test_dates_between_dots_tell_nothing_about_dates_of_other_forms() -> None:
    assert infer_day_order(["25.12.2018"] * 30 + ["12/28/2017"]) == "mdy"
    assert infer_day_order(["25.12.2018"]) == "dmy"


@pytest.mark.parametrize(
    ("lines", "order"),
    [
        (("Date 01/02/2018", "Due 25/02/2018"), "dmy"),
        (("Date 01/02/2018", "Due 02/25/2018"), "mdy"),
        (("Date 01/02/2018", "VAT 20% £3.00"), "dmy"),
        (("Date 01/02/2018", "Total RM 12.00"), "dmy"),
        (("Date 01/02/2018", "Fresno, CA 93706"), "mdy"),
        (("Date 01/02/2018", "Sales tax 1.20"), "mdy"),
        (("Date 01/02/2018", "Sales tax 1.20", "VAT 20%"), None),
        (("Date 01/02/2018", "VAT 12%", "Manila, Philippines"), None),
        (("Date 01/02/2018", "Total $ 12.00"), None),
    ],
)
def test_a_document_may_tell_the_order_of_its_own_dates(lines: tuple[str, ...], order: DayOrder) -> None:
    assert document_day_order(lines) == order


def test_a_contradiction_leaves_the_order_unknown_unless_it_is_a_rare_misreading() -> None:
    assert infer_day_order(["25/12/2018", "12/28/2017"]) is None
    assert infer_day_order(["25/12/2018"] * 19 + ["12/28/2017"]) is None
    assert infer_day_order(["25/12/2018"] * 20 + ["12/28/2017"]) == "dmy"


@given(st.from_regex(r"[1-9][0-9]{0,60}(\.[0-9]{1,40})?", fullmatch=True), st.sampled_from(["", "-"]))
def test_every_digit_of_a_number_is_kept(digits: str, sign: str) -> None:
    whole, _, fraction = digits.partition(".")
    if len(fraction) == 3 and len(whole) <= 3:
        return  # thousands or thousandths: not read
    fraction = fraction.rstrip("0")
    assert normalize(NUMBER, sign + digits) == sign + whole + (f".{fraction}" if fraction else "")


def test_dates_and_amounts_are_found_inside_a_line() -> None:
    def dates(line: str) -> list[str]:
        return [line[start:end] for start, end in find_dates(line)]

    def amounts(line: str) -> list[str]:
        return [line[start:end] for start, end in find_amounts(line)]

    assert dates("Date:25/12/2018 8:13:39 PM due 1 JAN 19") == ["25/12/2018", "1 JAN 19"]
    assert dates("Tel 07-3333123 Inv 12/345/6789") == []
    assert amounts("TOTAL RM3.30 x 2") == ["3.30"]
    assert amounts("GST 6% 12.00 (1,234.50) 3.00-") == ["12.00", "(1,234.50)", "3.00-"]
    assert amounts("Cash RM 45, change 54 .50") == ["45", "54 .50"]
    assert amounts("RM.5.00") == ["5.00"]
    assert amounts("1 234.50") == ["1 234.50", "234.50"]
    assert amounts("Total TTC 1 200 €") == ["1 200", "200"]
    assert amounts("Nettó 10 000 Ft") == ["10 000"]
    assert amounts("Rp 12 345 678") == ["12 345 678", "345 678", "678"]
    assert amounts("Tel. 030 123 456") == []
    assert amounts("2 items, 12/12/2018 10:15") == []


@pytest.mark.parametrize(
    ("line", "found", "day"),
    [
        ("Ju119'14 12:36PM", "Ju119'14", "2014-07-19"),
        ("Ju1y 4, 2016", "Ju1y 4, 2016", "2016-07-04"),
        ("0ct 3, 2014", "0ct 3, 2014", "2014-10-03"),
        ("3 N0v 2014", "3 N0v 2014", "2014-11-03"),
        ("2019-03-07091522", "2019-03-07", "2019-03-07"),
        ("2019/03/07091522 GST", "2019/03/07", "2019-03-07"),
    ],
)
def test_dates_are_found_as_readers_of_pictures_spell_them(line: str, found: str, day: str) -> None:
    [(start, end)] = find_dates(line)
    assert line[start:end] == found
    assert parse_date(found, today=TODAY) == datetime.date.fromisoformat(day)


@pytest.mark.parametrize("line", ["2019-03-07996122", "2019-03-0709152", "07/03/2019091522", "JAN09:03", "Ju1 19.50"])
def test_digits_that_may_be_something_else_are_no_date(line: str) -> None:
    assert find_dates(line) == []


def test_numbers() -> None:
    assert parse_number("3 PCS") == 3
    assert parse_number("2.50") == Decimal("2.5")
    assert parse_number("x2") == 2
    assert parse_number("6 %") == 6
    assert parse_number("0.345 kg") == Decimal("0.345")
    assert parse_number("1,234") is None
    assert parse_number("12A") is None
    assert normalize(NUMBER, "2.00") == "2"


def test_a_choice_is_an_option_or_nothing() -> None:
    assert normalize(PAYMENT, " CASH ") == "cash"
    assert normalize(PAYMENT, "Credit Card") == "card"
    assert normalize(PAYMENT, "cassh") == "cash"
    assert normalize(PAYMENT, "cheque") is None
    assert normalize(PAYMENT, "cash/card") is None
    assert normalize(PAYMENT, "") is None


def test_values_in_the_fields_format() -> None:
    assert normalize(TEXT, "  ＡＢＣ \n Sdn  Bhd ") == "ABC Sdn Bhd"
    assert normalize(MONEY, "RM 1,007.5") == "1007.50"
    assert normalize(DATE, "25/12/2018") == "2018-12-25"
    assert normalize(ITEMS, '[{"description": " TEA ", "amount": 3.5}]') == '[{"description": "TEA", "amount": "3.50"}]'
    assert normalize(ITEMS, "tea") is None


def test_the_same_meaning() -> None:
    assert same(MONEY, "RM 3.30", "3.3")
    assert same(DATE, "25/12/2018", "2018-12-25")
    assert same(DATE, "01/02/2018", "01/02/2018")
    assert not same(DATE, "01/02/2018", "2018-02-01")
    assert same(DATE, "01/02/2018", "2018-02-01", conventions=Conventions("dmy"))
    assert same(TEXT, "Book  Ta", "BOOK TA")
    assert same(TEXT, None, "")
    assert not same(MONEY, None, "0.00")


@pytest.mark.parametrize(
    ("kind", "a", "b", "agreed"),
    [
        ("text", "OLDLION, LTD.", "Old Lion Ltd", True),
        ("text", "Old Lion Ltd", "Old Lyon Ltd", False),
        ("text", "…", "---", False),
        ("text", None, None, True),
        ("text", None, "Old Lion", False),
        ("money", "RM 3.30", "3.30", True),
        ("money", "3.30", "33.0", False),
    ],
)
def test_of_texts_only_letters_and_digits_must_agree(kind: str, a: str | None, b: str | None, agreed: bool) -> None:
    assert agree(Field("f", kind), a, b) is agreed
