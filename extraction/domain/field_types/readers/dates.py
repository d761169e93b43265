"""Dates as documents print them: found inside a line, read, and never guessed.

`01/02/2018` has two readings and is read only where it is known which part comes first (see `day_orders`); `12/28/2017`
has one. Between dots the day comes first wherever such dates are printed. A year printed in two digits is taken to
stand last, as in nearly all printing, unless that is impossible.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from babel import Locale

DayOrder = Literal["dmy", "mdy"] | None

DATE_FORMATS = ("iso", "yyyymmdd", "dd/mm/yyyy", "mm/dd/yyyy", "dd.mm.yyyy", "yyyy-mm-dd")
LANGUAGES = (
    *("en", "de", "fr", "es", "pt", "it", "nl", "da", "sv", "nb", "fi", "pl", "cs", "sk", "hu", "ro", "hr", "sl", "tr"),
    *("id", "ms", "vi", "et", "lv", "lt", "ca", "eu", "ga", "ru", "uk", "bg", "el", "sr"),
)
# What some receipts and people write beside the names in the Unicode locale data.
MORE_NAMES = {"sept": 9, "juni": 6, "juli": 7, "mrt": 3, "mrz": 3, "maerz": 3, "ogos": 8, "dis": 12}
# Months in one language, everyday words in another: beside a two-digit year they prove nothing ("2 SET 10").
EVERYDAY_WORDS = frozenset({"set", "out", "ago", "dis"})
FIRST_YEAR, LAST_YEAR = 1900, 2099
# A date may be due some years ahead; a two-digit year beyond that is of the last century.
YEARS_AHEAD = 10

# White space is bounded: two unbounded runs side by side take quadratic time.
_YEAR = r"(?P<{0}>(?:19|20)\d{{2}}|\d{{2}})"
_SEP = r"\s{0,3}[-/.,·–]\s{0,3}"
_JOIN = r"(?:\s{0,3}[-/.,'–]\s{0,3}|\s{0,3})(?:(?:de|del|of|the)\b\s{0,3})?"
_DAY = r"(?P<{0}>\d{{1,2}})"
_ORDINAL = r"(?:st|nd|rd|th|er|º|ª)?"
# Not followed by more digits, except by a time of day that the reader glued on.
_END = r"(?!\d(?!\d?:\d))(?!:\d)(?![-/.]\d)"
_PATTERN = re.compile(
    r"(?<![\d])(?<!\d[.,/-])(?:"
    rf"(?P<y1>(?:19|20)\d{{2}})\s{{0,3}}(?:[-/.,年]|\s)\s{{0,3}}{_DAY.format('m1')}\s{{0,3}}(?:[-/.,月]|\s)\s{{0,3}}{_DAY.format('d1')}日?"
    rf"|{_DAY.format('a2')}{_SEP}{_DAY.format('b2')}{_SEP}{_YEAR.format('y2')}"
    rf"|{_DAY.format('a3')}\s{{1,3}}{_DAY.format('b3')}\s{{1,3}}(?P<y3>(?:19|20)\d{{2}})"
    rf"|{_DAY.format('d4')}{_ORDINAL}{_JOIN}(?P<n4>[^\W\d_]{{3,12}}){_JOIN}{_YEAR.format('y4')}"
    rf"|(?P<y5>(?:19|20)\d{{2}}){_JOIN}(?P<n5>[^\W\d_]{{3,12}}){_JOIN}{_DAY.format('d5')}"
    r"|(?P<compact>\d{8})"
    rf"){_END}"
    rf"|(?<![^\W_])(?P<n6>[^\W\d_]{{3,12}}){_JOIN}{_DAY.format('d6')}{_ORDINAL}(?:\s{{0,3}},\s{{0,3}}|\s{{0,3}}\.\s{{0,3}}(?=(?:19|20)\d\d)|\s{{1,3}}|\s{{0,3}}[-/]\s{{0,3}})"
    rf"{_YEAR.format('y6')}{_END}",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"\bT?\d{1,2}\s?[:.h]\s?\d{2}(?:\s?[:.]\s?\d{2}(?:\.\d+)?)?\s*(?:[ap]\.?m\b\.?|Z\b|[+-]\d{2}:?\d{2})?", re.I
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place in a line that may be a date; `readings` maps the order of its parts to the day it would be.

    `dotted`: day, month and year stand between dots.
    """

    start: int
    end: int
    readings: dict[str, datetime.date]
    dotted: bool = False

    def date(self, day_order: DayOrder) -> datetime.date | None:
        """The one day that it can be; `None` where two remain."""
        if len(set(self.readings.values())) == 1:
            return next(iter(self.readings.values()))
        if self.dotted and "dmy" in self.readings:
            return self.readings["dmy"]
        return self.readings.get(day_order) if day_order else None


def parse_date(text: str, *, today: datetime.date, day_order: DayOrder = None) -> datetime.date | None:
    """The one date that `text` holds, beside words and a time of day; `None` for none, for more, and in any doubt.

    A year of two digits is the latest one that lies at most `YEARS_AHEAD` years after `today`.
    """
    candidate = _only_date(text, today)
    return candidate.date(day_order) if candidate else None


def read_dates(text: str, *, today: datetime.date, day_order: DayOrder = None) -> tuple[datetime.date, ...]:
    """As `parse_date`, but in doubt about the order both days that the one date can be, the day-first one first."""
    candidate = _only_date(text, today)
    if candidate is None:
        return ()
    if (certain := candidate.date(day_order)) is not None:
        return (certain,)
    return tuple(candidate.readings[order] for order in ("dmy", "mdy") if order in candidate.readings)


def _only_date(text: str, today: datetime.date) -> Candidate | None:
    """The one date in `text`; `None` for none, for more, and beside other digits than a time of day."""
    text = plain(text)
    found = list(candidates(text, today.year + YEARS_AHEAD))
    if len(found) != 1:
        return None
    [candidate] = found
    rest = f"{text[: candidate.start]} \n {text[candidate.end :]}"
    return None if re.search(r"\d", _TIME.sub(" ", rest)) else candidate


def find_dates(text: str) -> list[tuple[int, int]]:
    """Where dates stand in a line, as (start, end) character offsets, without the time of day."""
    # The century of a year of two digits moves no date, so any clock will do.
    return [(candidate.start, candidate.end) for candidate in candidates(text, LAST_YEAR)]


def plain(text: str) -> str:
    """`text` as dates are looked for in it."""
    return unicodedata.normalize("NFKC", text)


def write_date(date: datetime.date, format: str) -> str:
    """The date in one of `DATE_FORMATS`; ISO for any other format."""
    patterns = {"yyyymmdd": "%Y%m%d", "dd/mm/yyyy": "%d/%m/%Y", "mm/dd/yyyy": "%m/%d/%Y", "dd.mm.yyyy": "%d.%m.%Y"}
    return date.strftime(patterns[format]) if format in patterns else date.isoformat()


def candidates(text: str, latest_year: int) -> Iterator[Candidate]:
    """Every date in a plain text; a year of two digits is completed up to `latest_year`."""
    position = 0 if any(char.isdigit() for char in text) else len(text)
    while match := _PATTERN.search(text, position):
        parts = {name: part for name, part in match.groupdict().items() if part is not None}
        dotted = "a2" in parts and match[0].count(".") == 2
        readings = _readings(parts, latest_year)
        if readings:
            yield Candidate(match.start(), match.end(), readings, dotted)
        # What looked like a date and is none may hide one that starts a character later.
        position = match.end() if readings else match.start() + 1


def _readings(parts: dict[str, str], latest_year: int) -> dict[str, datetime.date]:
    """Every day that the parts of a match can stand for, by the order they would be in."""
    if "compact" in parts:
        return _compact(parts["compact"], latest_year)
    kind = next(iter(parts))[-1]
    named = {name[0]: part for name, part in parts.items()}
    if kind == "1":
        return _valid({"ymd": (named["y"], named["m"], named["d"])}, latest_year)
    if "n" in named:
        return _named(named["y"], named["n"], named["d"], latest_year)
    first, second, year = named["a"], named["b"], named["y"]
    readings = _valid({"dmy": (year, second, first), "mdy": (year, first, second)}, latest_year)
    if not readings and len(year) == 2 and len(first) == 2:
        return _valid({"ymd": (first, second, year)}, latest_year)
    return readings


def _named(year: str, name: str, day: str, latest_year: int) -> dict[str, datetime.date]:
    month = month_number(name)
    if month is None or (len(year) == 2 and name.casefold() in EVERYDAY_WORDS):
        return {}
    return _valid({"named": (year, str(month), day)}, latest_year)


def _compact(digits: str, latest_year: int) -> dict[str, datetime.date]:
    first, second, year = digits[:2], digits[2:4], digits[4:]
    return _valid(
        {"ymd": (digits[:4], digits[4:6], digits[6:]), "dmy": (year, second, first), "mdy": (year, first, second)},
        latest_year,
    )


def _valid(orders: dict[str, tuple[str, str, str]], latest_year: int) -> dict[str, datetime.date]:
    """Those of the (year, month, day) that exist, by their order."""
    dates = {}
    for order, (year, month, day) in orders.items():
        try:
            date = datetime.date(_full_year(year, latest_year), int(month), int(day))
        except ValueError:
            continue
        if FIRST_YEAR <= date.year <= LAST_YEAR:
            dates[order] = date
    return dates


def _full_year(digits: str, latest_year: int) -> int:
    """A year of two digits as the last one of that ending up to `latest_year`."""
    year = int(digits)
    return year if len(digits) > 2 else year + (latest_year - year) // 100 * 100


@lru_cache(maxsize=4096)
def month_number(name: str) -> int | None:
    """1–12 for a month's name or abbreviation in any of `LANGUAGES`, else `None`."""
    return _month_names().get(name.casefold().strip("."))


@cache
def _month_names() -> dict[str, int]:
    """Names that mean different months in two languages (Polish and Croatian `listopad`) are left out."""
    numbers_of: dict[str, set[int]] = {}
    for language in LANGUAGES:
        months = Locale(language).months
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in months[context][width].items():
                    numbers_of.setdefault(name.casefold().strip("."), set()).add(number)
    names = {name: numbers.pop() for name, numbers in numbers_of.items() if len(numbers) == 1 and len(name) > 2}
    return names | MORE_NAMES
