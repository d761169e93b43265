"""Dates as documents print them: found inside a line, read, and never guessed.

`01/02/2018` has two readings and is read only where it is known which part comes first (see `day_orders`); `12/28/2017`
has one. Between dots the day comes first wherever such dates are printed. A year printed in two digits is taken to
stand last, as in nearly all printing, unless that is impossible or the order says otherwise.
"""

from __future__ import annotations

import datetime
import heapq
import re
from collections.abc import Iterator

from extraction.domain.errors import gettext_noop
from extraction.domain.field_types.readers.candidates import Candidate, DayOrder
from extraction.domain.field_types.readers.characters import fold, places
from extraction.domain.field_types.readers.date_forms import calendars
from extraction.domain.field_types.readers.date_forms.calendars import LAST_YEAR, YEARS_AHEAD
from extraction.domain.field_types.readers.date_forms.named import named_dates
from extraction.domain.field_types.readers.date_forms.numeric import numeric_dates

DATE_FORMATS = (
    *("iso", gettext_noop("yyyymmdd"), gettext_noop("dd/mm/yyyy"), gettext_noop("mm/dd/yyyy")),
    *(gettext_noop("dd.mm.yyyy"), gettext_noop("yyyy-mm-dd")),
)
# Orders of the parts in which a date in doubt is offered.
ORDERS = ("dmy", "mdy", "ymd")

_TIME = re.compile(
    r"\bT?\d{1,2}\s?[:.h]\s?\d{2}(?:\s?[:.]\s?\d{2}(?:\.\d+)?)?\s*(?:[ap]\.?m\b\.?|Z\b|[+-]\d{2}:?\d{2})?", re.I
)

# Words and signs between the two ends of a period, and a day of a month that could as well be a time of day.
_JOINS = (
    r"(?:[-~〜+&/]|(?<!\w)(?:bis|und|to|until|till|through|thru|and|au|à|et|al|a|y|e|até|tot|en|t/m|til|och|og|do|i|și|la|ja"
    r"|és|ile|ve|до|по|и|та|έως|και|sampai|hingga|dan|s/d|đến|và|から|至|到|まで)(?!\w))"
)
_DAY = r"(?P<first>\d{1,2})\s?\.\s?(?P<second>\d{1,2})"
_BEFORE = re.compile(rf"(?<![\d.:]){_DAY}(?:(?P<dot>\.)\s*{_JOINS}?|\s*{_JOINS})\s*$", re.IGNORECASE)
_BEHIND = re.compile(rf"\s*{_JOINS}\s*{_DAY}(?![\d:])", re.IGNORECASE)
_THAI = re.compile("[\u0e00-\u0e7f]")


def parse_date(text: str, *, today: datetime.date, day_order: DayOrder = None) -> datetime.date | None:
    """The one date that `text` holds, beside words and a time of day; `None` for none, for more, and in any doubt.

    A year of two digits is the latest one that lies at most `YEARS_AHEAD` years after `today`.
    """
    candidate = _only_date(text, today)
    return candidate.date(day_order) if candidate else None


def read_dates(text: str, *, today: datetime.date, day_order: DayOrder = None) -> tuple[datetime.date, ...]:
    """As `parse_date`, but in doubt every day that the one date can be, the day-first one first."""
    candidate = _only_date(text, today)
    if candidate is None:
        return ()
    if (certain := candidate.date(day_order)) is not None:
        return (certain,)
    by_order = sorted(candidate.readings, key=lambda order: ORDERS.index(order) if order in ORDERS else len(ORDERS))
    return tuple(dict.fromkeys(candidate.readings[order] for order in by_order))


def _only_date(text: str, today: datetime.date) -> Candidate | None:
    """The one date in `text`; `None` for none, for more, and beside other digits than a time of day."""
    printed, text = text, plain(text)
    found = list(candidates(text, today.year + YEARS_AHEAD))
    if len(found) != 1:
        return None
    [candidate] = found
    if _is_end_of_period(text, candidate) or (_THAI.search(printed) and not _has_full_year(text, candidate)):
        return None
    rest = f"{text[: candidate.start]} \n {text[candidate.end :]}"
    return None if re.search(r"\d", _TIME.sub(" ", rest)) else candidate


def _is_end_of_period(text: str, candidate: Candidate) -> bool:
    """Whether another day stands beside the date, without a year: `01.03. - 31.03.2023`, `2023.03.01 ~ 03.31`."""
    before, behind = _BEFORE.search(text[: candidate.start]), _BEHIND.match(text, candidate.end)
    year_first = re.match(r"\d{4}", text[candidate.start :])
    day, month = ("second", "first") if year_first else ("first", "second")
    return any(each and 1 <= int(each[month]) <= 12 and 1 <= int(each[day]) <= 31 for each in (before, behind))


def _has_full_year(text: str, candidate: Candidate) -> bool:
    return bool(re.search(r"\d{4}", text[candidate.start : candidate.end]))


def find_dates(text: str) -> list[tuple[int, int]]:
    """Where dates stand in a line, as (start, end) character offsets, without the time of day."""
    # The century of a year of two digits moves no date, so any clock will do.
    return places(lambda line: [(found.start, found.end) for found in candidates(line, LAST_YEAR)], text)


def plain(text: str) -> str:
    """`text` as dates are looked for in it."""
    return fold(text).text


def write_date(date: datetime.date, format: str) -> str:
    """The date in one of `DATE_FORMATS`; ISO for any other format."""
    patterns = {"yyyymmdd": "%Y%m%d", "dd/mm/yyyy": "%d/%m/%Y", "mm/dd/yyyy": "%m/%d/%Y", "dd.mm.yyyy": "%d.%m.%Y"}
    return date.strftime(patterns[format]) if format in patterns else date.isoformat()


def candidates(text: str, latest_year: int) -> Iterator[Candidate]:
    """Every date in a plain text; a year of two digits is completed up to `latest_year`."""
    end = 0
    both = heapq.merge(
        numeric_dates(text, latest_year), named_dates(text, latest_year), key=lambda found: (found.start, -found.end)
    )
    for found in both:
        if found.start >= end:
            other = calendars.marked(text, found.start, found.end)
            found = Candidate(max(other[0], end), other[1], {}) if other else found
            end = found.end
            yield found
