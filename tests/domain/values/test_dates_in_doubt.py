"""Dates that could be read wrong without a word: short years, periods, other calendars, codes."""

import datetime

import pytest

from extraction.domain.field_types import DayOrder
from extraction.domain.field_types.readers.dates import find_dates, parse_date, read_dates

TODAY = datetime.date(2026, 6, 1)
ORDERS: tuple[DayOrder, ...] = (None, "dmy", "mdy", "ymd")


def days(text: str, order: DayOrder = None) -> list[str]:
    return [day.isoformat() for day in read_dates(text, today=TODAY, day_order=order)]


@pytest.mark.parametrize(
    "text", ["23年3月14日", "23年03月14日 18:22", "14年3月23日", "31年3月14日", "5年3月14日", "05年03月14日"]
)
@pytest.mark.parametrize("order", [None, "dmy", "mdy"])
def test_a_short_year_before_its_character_is_never_the_last_number(text: str, order: DayOrder) -> None:
    assert len(days(text, order)) > 1
    month = text.partition("年")[2].partition("月")[0]
    assert all(day[5:7] == f"{int(month):02}" for day in days(text, order))
    assert find_dates(f"日付 {text}")[0][0] == 3


@pytest.mark.parametrize(
    ("text", "order", "read"),
    [
        ("23年3月14日", None, ["2023-03-14", "2011-03-14", "1948-03-14"]),
        ("23年3月14日", "ymd", ["2023-03-14"]),
        ("5年3月14日", "ymd", ["2005-03-14", "2023-03-14", "1993-03-14"]),
        ("112年3月14日", None, ["2023-03-14"]),
        ("23년 3월 14일", None, ["2023-03-14"]),
        ("5년 3월 14일", None, []),
        ("平成31年5月14日", None, []),
        *((f"{mark}{text}", order, ["2023-03-14"]) for mark in "'’" for order in ORDERS
          for text in ("23年3月14日", "23/03/14")),
        *((f"’23{sign}3{sign}14", None, ["2023-03-14"]) for sign in "./-"),
        ("'14/03/23'", None, ["2023-03-14"]),
    ],
)  # fmt: skip
def test_a_short_year_is_read_where_its_calendar_is_sure(text: str, order: DayOrder, read: list[str]) -> None:
    assert days(text, order) == read


@pytest.mark.parametrize(
    "join", [".-", ". - ", ". – ", ". bis ", ". und ", "./", ". ", " - ", " to ", " au ", " ～ ", " t/m "]
)
@pytest.mark.parametrize(("first", "last"), [("01.03", "31.03.2023"), ("28.12", "03.01.2024"), ("14.03", "15.03.23")])
def test_an_end_of_a_period_is_not_its_day(first: str, last: str, join: str) -> None:
    assert [days(f"{words}{first}{join}{last}", order) for words in ("", "vom ") for order in ORDERS] == [[]] * 8


@pytest.mark.parametrize(
    "text", ["2023.03.01 ~ 03.31", "2023-03-01 - 03.31", "01.03.2023 - 31.03", "1.3.2023 bis 31.03."]
)
def test_a_beginning_of_a_period_is_not_its_day(text: str) -> None:
    assert days(text) == []


@pytest.mark.parametrize(
    "text", ["14.03.2023 20.23", "09.15 14.03.2023", "14.03.2023 - 18.30", "14.03.2023 10:12", "14.03.2023 um 10.12"]
)
def test_a_time_beside_a_date_is_no_other_end(text: str) -> None:
    assert days(text) == ["2023-03-14"]


@pytest.mark.parametrize(
    "text",
    [
        *("वि.सं. २०५९/१२/०१", "2055-12-01 BS", "2055/12/01 B.S.", "2079-12-01", "२०८०/०५/१२"),
        *("2015-06-05 E.C.", "05/06/2015 E.C.", "1945-01-05 Saka", "शक 1945/01/05", "1420/05/03 هـ", "1405/05/03 ه.ق"),
        *("๑๔/๐๓/๖๖", "วันที่ 14/03/66", "14/03/66 น.", "14-3-66 เวลา 12:03"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("order", ORDERS)
def test_a_mark_of_another_calendar_keeps_a_date_from_being_read(text: str, order: DayOrder) -> None:
    assert days(text, order) == []


def test_the_mark_of_a_calendar_is_found_with_its_date() -> None:
    assert find_dates("Date 2015-06-05 E.C. 12:00") == [(5, 20)]
    assert days("1402/12/25 هـ.ش") == ["2024-03-15"]
    assert days("14.03.2023 EC-Karte") == ["2023-03-14"]


@pytest.mark.parametrize(
    "text",
    [
        *("M8.10.20", "T5/12/20", "S3.5.20", "S10.05.20", "T 12.9.1", "S 10.20.30", "ROC 14.03.23"),
        *("v2.10.2023", "v. 2.10.23", "Version 1.12.20", "Vers. 4.11.23", "Versi 2.10.2023"),
        *("MacBook Air 13 Mar 2022", "iPhone 12 Mar 14", "iPad 11 Mar 2022", "Galaxy S21 5 Mar 2022"),
        *("Heisei 30 April 18", "令 5 March 14"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("order", ORDERS)
def test_a_code_a_version_and_goods_are_no_date(text: str, order: DayOrder) -> None:
    assert days(text, order) == []


@pytest.mark.parametrize("era", ["R", "令", "令和", "Reiwa ", "R. ", "令和 "])
@pytest.mark.parametrize("text", ["5.3.14", "5/03/14", "5-3-14", "5年3月14日"])
@pytest.mark.parametrize("order", ORDERS)
def test_an_era_is_read_by_its_name_and_every_sign_of_it(era: str, text: str, order: DayOrder) -> None:
    assert days(era + text, order) == ["2023-03-14"]


@pytest.mark.parametrize("month", range(1, 13))
def test_a_vietnamese_month_may_have_its_nought(month: int) -> None:
    meant = datetime.date(2023, month, 5)
    assert parse_date(f"Ngày 05 tháng {month:02} năm 2023", today=TODAY) == meant
    assert parse_date(f"ngay 5 thang {month} nam 2023", today=TODAY) == meant


@pytest.mark.parametrize(
    ("text", "day"),
    [
        *(("14 ago 23", "2023-08-14"), ("14 giu 23", "2023-06-14"), ("14 lug 23", "2023-07-14")),
        *(("14 Mrz. 23", "2023-03-14"), ("14-set-23", "2023-09-14"), ("14/ago/23", "2023-08-14")),
        # Goods are sold in sets of ten.
        ("14 set 23", None),
    ],
)
def test_an_abbreviated_month_before_a_short_year(text: str, day: str | None) -> None:
    assert parse_date(text, today=TODAY) == (day and datetime.date.fromisoformat(day))
