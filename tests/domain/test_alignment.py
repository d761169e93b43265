"""Where values are found on a page, and that they are not found where they are not."""

import datetime
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extraction.domain.alignment import Occurrence, align, printed_day_order
from extraction.domain.field_types import Conventions, DayOrder
from extraction.domain.fields import Field
from extraction.domain.pages import Page
from tests.support.page_builders import page

TODAY = datetime.date(2026, 6, 1)
COMPANY = Field("company")
ADDRESS = Field("address")
DATE = Field("date", "date")
TOTAL = Field("total", "money")
POINTS = Field("points", "number")
PAYMENT = Field("payment", "choice", options=("cash", "card"))


def texts(found: list[Occurrence], *pages: Page) -> list[str]:
    return [" ".join(span.text(pages) for span in place.spans) for place in found]


def where(field: Field, value: str, *pages: Page, day_order: DayOrder = None) -> list[str]:
    return texts(align(field, value, pages, conventions=Conventions(day_order)), *pages)


@pytest.mark.parametrize(
    ("field", "value", "place"),
    [
        (Field("quantity", "number"), "4", "4"),
        (Field("price", "money"), "252.00", "252.00"),
        (Field("total", "money"), "1999.00", "1 999.00"),
    ],
)
def test_numbers_of_two_columns_are_two(field: Field, value: str, place: str) -> None:
    assert where(field, value, page("Rice    4    252.00 SR", "Total 1 999.00")) == [place]


def test_value_inside_a_word() -> None:
    assert where(DATE, "25/12/2018", page("Date:25/12/2018 8:13")) == ["25/12/2018"]


def test_the_occurrence_names_words_and_characters() -> None:
    [place] = align(DATE, "25/12/2018", [page("BOOK SHOP"), page("No 7", "Date:25/12/2018")])
    assert place.score == 1
    assert place.spans[0].to_json() == [1, 2, 2, 5, None]


@pytest.mark.parametrize("printed", ["25/12/2018", "25 DEC 18", "25-Dec-2018", "20181225"])
def test_date_by_what_it_means(printed: str) -> None:
    assert where(DATE, "20181225", page("Invoice 4711", f"on {printed} at 10:33")) == [printed]


def test_date_that_could_be_another_is_less_certain() -> None:
    there = page("03/04/2018")
    [doubtful] = align(DATE, "20180403", [there])
    [certain] = align(DATE, "20180403", [there], conventions=Conventions("dmy"))
    assert doubtful.score < certain.score == 1
    assert align(DATE, "20180403", [there], conventions=Conventions("mdy")) == []


def test_labels_in_a_format_tell_the_order_of_printed_dates() -> None:
    first, second = (page("No 7", "Date:03/04/2018 due 01/02/2019"), page("BOOK SHOP", "12/11/2018"))
    assert printed_day_order([("20180403", [first]), ("20181112", [page("no date"), second])], today=TODAY) == "dmy"
    assert printed_day_order([("20180304", [first])], today=TODAY) == "mdy"
    # What means another day tells nothing, and neither does a label that could mean two.
    assert printed_day_order([("20190101", [first]), ("12/11/2018", [second])], today=TODAY) is None


def test_every_printing_of_an_amount_and_none_of_another() -> None:
    receipt = page("Bread    3.30", "TOTAL    RM3.30", "CASH    RM 10.00", "CHANGE    6.70", "ROUND    13.30")
    assert where(TOTAL, "3.3", receipt) == ["3.30", "3.30"]


def test_the_line_that_names_the_field_comes_first() -> None:
    receipt = page("Bread    3.30", "Total    3.30", "Sum    3.30")
    [first, *_] = align(TOTAL, "3.30", [receipt])
    assert first.spans[0].first == 3


def test_thousands_are_read() -> None:
    assert where(TOTAL, "1007.50", page("TOTAL RM 1,007.50")) == ["1,007.50"]


@pytest.mark.parametrize(
    ("field", "value", "line", "place"),
    [
        (TOTAL, "$3.30", "TOTAL $3.30", "$3.30"),
        (TOTAL, "RM 3.30", "TOTAL: RM 3.30 CASH 5.00", "RM 3.30"),
        (TOTAL, "RM3.30", "TOTAL RM 3.30", "RM 3.30"),
        (TOTAL, "12,50 €", "Summe 12,50 € inkl. MwSt.", "12,50 €"),
        (TOTAL, "3.30", "TOTAL $3.30", "3.30"),
        (TOTAL, "-$3.30", "REFUND -$3.30", "-$3.30"),
        (TOTAL, "€3.30", "TOTAL $3.30", "3.30"),
        (TOTAL, "R3.30", "TOTALR3.30", "3.30"),
        (DATE, "Tue 25/12/2018", "Date Tue 25/12/2018 8:13", "Tue 25/12/2018"),
        (POINTS, "3 kg", "Weight 3 kg net", "3 kg"),
    ],
)
def test_a_value_is_found_as_it_is_written(field: Field, value: str, line: str, place: str) -> None:
    assert where(field, value, page(line)) == [place]


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("佐藤薬局", "店舗佐藤薬局様"),
        ("青空", "店名青空様"),
        ("ร้านกาแฟ", "ผู้ขายร้านกาแฟค่ะ"),
        ("ABC薬局", "店舗ABC薬局様"),
    ],
)
def test_a_name_is_found_within_a_line_without_spaces(value: str, line: str) -> None:
    assert where(COMPANY, value, page(line)) == [value]


def test_misread_amount_is_found_by_its_characters() -> None:
    assert where(TOTAL, "54.50", page("TOTAL    54.5O", "CASH    60.00")) == ["54.5O"]


def test_amount_is_not_found_inside_another() -> None:
    assert where(TOTAL, "9.00", page("TOTAL    19.00", "NO 9001")) == []


def test_address_over_four_lines() -> None:
    there = page(
        "KEDAI BUKU", "NO.53 55,57 & 59, JALAN SAGU 18,", "TAMAN DAYA,", "81100 JOHOR BAHRU,", "JOHOR.", "TEL 07-1"
    )
    value = "NO.53 55,57 & 59, JALAN SAGU 18, TAMAN DAYA, 81100 JOHOR BAHRU, JOHOR."
    assert where(ADDRESS, value, there) == [value]


def test_address_beside_another_column() -> None:
    there = page(
        "12 Long Road,          Invoice 4711",
        "Little Hamlet,         Customer 0815",
        "AB1 2CD Farshire       Due at once",
    )
    [place] = align(ADDRESS, "12 Long Road, Little Hamlet, AB1 2CD Farshire", [there])
    assert texts([place], there) == ["12 Long Road, Little Hamlet, AB1 2CD Farshire"]
    assert len(place.spans) == 3


def test_name_over_two_lines_with_a_number_between() -> None:
    there = page("GOLDEN KEY TRADING", "(REG 00123-K)", "MARKETING SDN BHD", "TEL 5")
    assert where(COMPANY, "GOLDEN KEY TRADING MARKETING SDN BHD", there) == ["GOLDEN KEY TRADING MARKETING SDN BHD"]


def test_spaces_case_and_look_alikes_do_not_matter() -> None:
    assert where(COMPANY, "99 Speed Mart S/B", page("WELCOME", "99SPEEDMART 5/B", "JALAN 3")) == ["99SPEEDMART 5/B"]


def test_short_value_does_not_match_inside_a_longer_word() -> None:
    assert where(COMPANY, "ART", page("MARTIN BOOKS")) == []


@pytest.mark.parametrize("value", ["Nowhere To Be Seen Ltd", "31.12.1999", "", "   ", "-"])
@pytest.mark.parametrize("field", [COMPANY, DATE, TOTAL, POINTS, PAYMENT])
def test_what_is_not_printed_is_not_found(field: Field, value: str) -> None:
    assert align(field, value, [page("BOOK SHOP", "TOTAL 3.30", "25/12/2018")]) == []


def test_nothing_on_no_page() -> None:
    assert align(COMPANY, "Shop", []) == []
    assert align(COMPANY, "Shop", [Page(10, 10, ())]) == []


def test_choice_only_where_its_option_is_printed() -> None:
    assert where(PAYMENT, "cash", page("PAID BY CASH")) == ["CASH"]
    assert where(PAYMENT, "card", page("PAID BY CASH", "ask the CASHIER")) == []


def test_groups_are_not_grounded() -> None:
    items = Field("items", "group", fields=(Field("name"),))
    assert align(items, '[{"name": "Bread"}]', [page("Bread")]) == []


def test_ten_milliseconds_a_value() -> None:
    lines = [f"{number} Some article of trade {number}.50 piece    {number * 3}.25" for number in range(43)]
    long = page(*lines, "12 Long Road, Little Hamlet, AB1 2CD Farshire")
    assert len(long.words) > 300
    align(ADDRESS, "warm up", [long])
    started = time.process_time()
    for _ in range(5):
        assert align(ADDRESS, "12 Long Road, Little Hamlet, AB1 2CD Farshire, Wood", [long])
    assert (time.process_time() - started) / 5 < 0.03  # 3 ms where it was measured


@settings(deadline=None, max_examples=50)
@given(st.lists(st.text("abcXYZ 0159.,-/", min_size=1, max_size=20), min_size=1, max_size=6), st.data())
def test_every_printed_word_is_found_and_spans_are_sound(lines: list[str], data: st.DataObject) -> None:
    there = page(*lines)
    words = [word.text for word in there.words if any(character.isalnum() for character in word.text)]
    if not words:
        return
    value = data.draw(st.sampled_from(words))
    found = align(COMPANY, value, [there])
    assert found
    assert all(0 <= place.score <= 1 for place in found)
    assert found[0].score == max(place.score for place in found)
    assert "".join(texts(found, there)[0].split()).casefold() == value.casefold()


def test_date_with_the_time_glued_to_it() -> None:
    assert where(DATE, "08/02/2017", page("CB#:69158 08/02/20173:43:01 PM")) == ["08/02/2017"]
