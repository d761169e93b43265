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
from functools import lru_cache
from itertools import pairwise

from extraction.domain.errors import gettext_noop
from extraction.domain.field_types.readers.candidates import Candidate, DayOrder
from extraction.domain.field_types.readers.characters import fold, places
from extraction.domain.field_types.readers.date_forms import calendars, periods
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
    if periods.is_short_end(text, candidate.start, candidate.end) or _is_short_thai(printed, text, candidate):
        return None
    rest = f"{text[: candidate.start]} \n {text[candidate.end :]}"
    return None if re.search(r"\d", _TIME.sub(" ", rest)) else candidate


def _is_short_thai(printed: str, text: str, candidate: Candidate) -> bool:
    """Whether the year beside Thai writing has two digits: of the Buddhist era, or of the common one."""
    return bool(_THAI.search(printed)) and not re.search(r"\d{4}", text[candidate.start : candidate.end])


def find_dates(text: str) -> list[tuple[int, int]]:
    """Where dates stand in a line, as (start, end) character offsets, without the time of day."""
    # The century of a year of two digits moves no date, so any clock will do.
    return places(lambda line: [(found.start, found.end) for found in candidates(line, LAST_YEAR)], text)


def find_days(text: str, *, thai: bool = False) -> list[tuple[int, int]]:
    """As `find_dates`, without what is no single day: ends of a period that lack their year or their month beside the
    other end, and years of two digits in Thai documents (`thai`)."""
    folded = fold(text)
    beside = text + "ไทย" if thai else text
    return [
        folded.place(found.start, found.end)
        for found in candidates(folded.text, LAST_YEAR)
        if not periods.is_short_end(folded.text, found.start, found.end)
        and not _is_short_thai(beside, folded.text, found)
    ]


def is_period(line: str, date: str) -> bool:
    """Whether a date printed in the line is one end of a period of two whole dates, or may be one of another."""
    return plain(date) in _ends_of_periods(plain(line))


@lru_cache(maxsize=256)
def _ends_of_periods(line: str) -> frozenset[str]:
    found = [(each.start, each.end) for each in candidates(line, LAST_YEAR)]
    ends = {at for pair in pairwise(found) if periods.joined(line, *pair) for at in pair}
    ends.update(at for at in found if periods.may_be_end(line, *at))
    return frozenset(line[start:end] for start, end in ends)


def is_thai(text: str) -> bool:
    """Whether letters or digits of the Thai script are printed in it."""
    return bool(_THAI.search(text))


def has_full_year(text: str) -> bool:
    """Whether four digits in a row may be a year."""
    return bool(re.search(r"\d{4}", plain(text)))


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
