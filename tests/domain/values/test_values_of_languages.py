"""Dates and amounts of the languages of the world: read right, or said not to be read."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.quality import values
from extraction.domain.evaluation.similarity import nls
from extraction.domain.field_types import DayOrder, normalize, same
from extraction.domain.field_types.readers.amounts import find_amounts, parse_money, parse_number
from extraction.domain.field_types.readers.characters import fold
from extraction.domain.field_types.readers.date_forms.month_names import LANGUAGES
from extraction.domain.field_types.readers.dates import find_dates, parse_date, read_dates
from extraction.domain.field_types.readers.decimal_signs import infer_decimal_sign
from extraction.domain.fields import Field, Schema, SchemaError

TODAY = datetime.date(2026, 6, 1)
TEXT = Field("company")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_locale_data_writes_is_never_read_wrong_and_nearly_always_read(language: str) -> None:
    written = list(values.values_of(language, seed=1))
    assert [value for value in written if value.outcome == values.WRONG] == []
    assert sum(value.outcome == values.RIGHT for value in written) >= 0.9 * len(written)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("H30/04/18", "2018-04-18"),
        ("令和元年5月2日", "2019-05-02"),
        ("平成 30.4.18", "2018-04-18"),
        ("中華民國112年3月14日", "2023-03-14"),
        ("14/03/2566", "2023-03-14"),
        ("14 มี.ค. 2566", "2023-03-14"),
        ("1399/12/30", "2021-03-20"),
        ("3 فروردین 1402", "2023-03-23"),
        ("14 VII 2023", "2023-07-14"),
        ("14-xii-2023", None),
        ("3 FÉVRIER 2023", "2023-02-03"),
        ("3 fevr. 2023", "2023-02-03"),
        ("2023 m. vasario 3 d.", "2023-02-03"),
        ("ngày 3 tháng 12 năm 2023", "2023-12-03"),
        ("２０２３年３月１４日", "2023-03-14"),
        ("१४/०३/२०२३", "2023-03-14"),
        ("14\u200b.03.\u20602023", "2023-03-14"),
        ("25/12-2018", "2018-12-25"),
    ],
)
def test_a_date_of_another_calendar_script_or_spelling(text: str, day: str | None) -> None:
    assert parse_date(text, today=TODAY) == (day and datetime.date.fromisoformat(day))


@pytest.mark.parametrize(
    "text",
    [
        *("July 1–31, 2014", "Aug 3 - Aug 29", "Nov 28 – Dec 4", "01/2023-03/2023", "04-06/2023"),
        *("5. Mai 18h", "le 14 mars 20 h", "March 14 11 am", "5 mai 18 Uhr", "14 Mar 12:30"),
        *("1445/08/25", "R8/13/25", "S70/01/01", "14 มี.ค. 66", "30/02/2566"),
        *("iPad 11 Pro 2021", "Windows 10 Pro 2019", "3 LED 12 V", "2 set 10", "5 Sie 20", "1 Out 12"),
    ],
)
@pytest.mark.parametrize("order", [None, "dmy", "mdy"])
def test_what_is_no_certain_day_is_not_read(text: str, order: DayOrder) -> None:
    assert parse_date(text, today=TODAY, day_order=order) is None


def found(text: str) -> list[str]:
    return [text[start:end] for start, end in find_dates(text)]


def test_both_ends_of_a_period_are_found() -> None:
    assert found("01.03.2023-31.03.2023") == ["01.03.2023", "31.03.2023"]
    assert found("2023-03-01/2023-03-31") == ["2023-03-01", "2023-03-31"]
    assert found("March 1 - March 31 , 2014") == ["March 31 , 2014"]
    assert found("Tel. 030-12-12-2023-44") == []


def test_a_name_that_languages_disagree_about_is_a_question() -> None:
    asked = read_dates("1 listopada 2022", today=TODAY)
    assert set(asked) == {datetime.date(2022, 10, 1), datetime.date(2022, 11, 1)}
    assert parse_date("1 listopada 2022", today=TODAY) is None


def test_the_year_stands_first_only_where_the_project_prints_it_so() -> None:
    assert parse_date("23/3/14", today=TODAY, day_order="ymd") == datetime.date(2023, 3, 14)
    assert parse_date("23/3/14", today=TODAY) == datetime.date(2014, 3, 23)
    assert parse_date("23. 3. 14.", today=TODAY) is None
    assert parse_date("23. 3. 4.", today=TODAY) == datetime.date(2023, 3, 4)
    assert parse_date("23. 3. 14.", today=TODAY, day_order="dmy") == datetime.date(2014, 3, 23)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        *(("▲500円", "-500"), ("‒3.00", "-3.00"), ("¥500-", "500"), ("₩12,000-", "12000"), ("250:-", "250")),
        *(
            ("Rs. 1,500/-", "1500"),
            ("2.345,-", "2345"),
            ("2,345.-", "2345"),
            ("3€99", "3.99"),
            ("7 грн 20 коп.", "7.20"),
        ),
        *(("UGX 12,500", "12500"), ("12.500 ₫", "12500"), ("Rp60,000", "60000"), ("3.250 KWD", "3.250")),
        *(("CHF 1´234.50", "1234.50"), ("1٬234٫50", "1234.50"), ("12.50\u2060", "12.50"), ("$.75", "0.75")),
        *(("US$1,234", "1234"), ("COP 12.500", "12500"), ("12 500 F CFA", "12500"), ("MX$ 99.90", "99.90")),
        *(("1.234 €", None), ("12,345 SAR 6", None), ("9²", None), ("$ 1.234", None), ("5%", None)),
    ],
)
def test_money_of_the_world(text: str, amount: str | None) -> None:
    read = parse_money(text)
    assert (None if read is None else f"{read:f}") == amount


@pytest.mark.parametrize(
    ("lines", "sign"),
    [
        (("Kopi 23.000", "Teh 8.000", "Total 31.000"), "none"),
        (("Kopi 23.000", "Teh 8,000", "Total 31,000"), "none"),
        (("Kopi 23.000", "Teh 8.000"), None),
        (("Diesel 1,459", "Summe 45,30"), ","),
        (("Total 1.234,50",), ","),
        (("Total 1,234.50",), "."),
        (("Total 1.234.567",), ","),
        (("12,50", "12.50"), None),
        (("9.99",) * 20 + ("9,99",), "."),
    ],
)
def test_amounts_prove_the_sign_before_decimals(lines: tuple[str, ...], sign: str | None) -> None:
    assert infer_decimal_sign(lines) == sign


def test_a_lone_sign_is_read_where_the_sign_before_decimals_is_known() -> None:
    assert [parse_money("60.000", decimal_sign=sign) for sign in (None, "none", ",", ".")] == [None, 60000, 60000, 60]
    # The currency knows better.
    assert parse_money("KWD 60.000", decimal_sign=",") == 60


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *(("4 Stück", "4"), ("2 szt.", "2"), ("3 шт", "3"), ("12 枚", "12"), ("1,5 Std.", "1.5"), ("3.5 m²", "3.5")),
        *(("4²", None), ("3 Kühe", None), ("\ufeff7", "7"), ("٧", "7")),
    ],
)
def test_a_number_with_the_units_of_a_language(text: str, number: str | None) -> None:
    read = parse_number(text)
    assert (None if read is None else f"{read:f}") == number


def test_amounts_are_found_as_they_are_printed() -> None:
    def amounts(line: str) -> list[str]:
        return [line[start:end] for start, end in find_amounts(line)]

    assert amounts("Summe −9,50") == ["−9,50"]
    assert amounts("Rabatt - 9,50") == ["- 9,50"]
    assert amounts("Total CHF 2ʼ345.50") == ["2ʼ345.50"]
    assert amounts("incl. 7,00 % MwSt") == []
    assert amounts("Summa 80:-") == ["80:-"]
    assert amounts("合計 ￥９，８７６") == ["９，８７６"]
    assert amounts("TOTAL $.75") == [".75"]


@given(st.text(max_size=40))
def test_places_in_folded_text_lie_in_the_printed_text(text: str) -> None:
    folded = fold(text)
    for at in range(len(folded.text)):
        start, end = folded.place(at, at + 1)
        assert 0 <= start < end <= len(text)
        assert folded.text[at].isspace() or folded.text[at] in fold(text[start:end]).text


@pytest.mark.parametrize(
    ("a", "b"),
    [
        *(("Café", "Cafe\u0301"), ("ACME\u200b GmbH", "ACME GmbH"), ("ＡＣＭＥ", "ACME"), ("\u202eACME\u202c", "acme")),
        *(("O'Neil", "O’Neil"), ("A – B", "A - B"), ("„Zur Post“", '"Zur Post"')),
    ],
)
def test_texts_that_look_the_same_are_the_same(a: str, b: str) -> None:
    assert same(TEXT, a, b)


def test_scores_ignore_what_cannot_be_seen() -> None:
    assert nls("Cafe\u0301 \u00adMüller", "Café Müller") == 1


def test_superscripts_keep_their_meaning_and_joiners_their_words() -> None:
    assert normalize(TEXT, "10² m") == "10² m"
    assert normalize(TEXT, "می\u200cخواهم") == "می\u200cخواهم"
    assert normalize(TEXT, "AC\u200cME") == "ACME"


@pytest.mark.parametrize(
    ("options", "text", "chosen"),
    [
        (("7%", "19%"), "MwSt 19%", "19%"),
        (("C++", "C#"), "in C++", "C++"),
        (("€", "$"), "EUR €", "€"),
        (("现金", "微信"), "微信支付", "微信"),
        (("VISA", "Visa Debit"), "paid by visa debit", "Visa Debit"),
        (("VISA", "Visa Debit"), "visa", "VISA"),
        (("cash", "card"), "cash or card", None),
        (("art", "card"), "particular", None),
    ],
)
def test_options_of_signs_and_of_scripts_without_spaces(
    options: tuple[str, ...], text: str, chosen: str | None
) -> None:
    assert normalize(Field("payment", "choice", options=options), text) == chosen


@pytest.mark.parametrize(
    ("options", "text", "chosen"),
    [
        (("0%", "7%"), "17%", None),
        (("7", "7%"), "97%", None),
        (("5%", "20%"), "TVA 5,5%", None),
        (("5%", "20%"), "1.5%", None),
        (("5", "10"), "5.5", None),
        (("net 30 days", "cash"), "net 60 days", None),
        (("net 30 days", "cash"), "nett 30 days", "net 30 days"),
        (("5%", "5,5%", "20%"), "TVA 5,5%", "5,5%"),
        (("5%", "20%"), "TVA: 5%, 1.20", "5%"),
    ],
)
def test_another_number_is_no_misread_option(options: tuple[str, ...], text: str, chosen: str | None) -> None:
    assert normalize(Field("rate", "choice", options=options), text) == chosen


@pytest.mark.parametrize("options", [("Cash", "cash"), ("a", "a"), ("Café", "Cafe\u0301"), ("x–y", "x-y")])
def test_equal_options_are_refused_for_new_fields_and_bear_being_stored(options: tuple[str, ...]) -> None:
    row = {"name": "payment", "type": "choice", "options": list(options)}
    value = {"name": "R", "document": "receipt", "field": [row]}
    with pytest.raises(SchemaError, match="are the same"):
        Schema.from_json(value)
    assert Schema.restore(value)["payment"].options == options
