"""Days of other calendars than the Gregorian one: Buddhist, Persian, Japanese eras, Republic of China.

Sources: Reingold and Dershowitz, *Calendrical Calculations*, 4th edition, 2018 (arithmetic Persian calendar by its
cycle of 33 years, exact from 1178 to 1633); the proclaimed first days of the Japanese eras.
"""

from __future__ import annotations

import datetime
import re
from enum import Enum


class Calendar(Enum):
    GREGORIAN = "gregorian"
    PERSIAN = "persian"


PERSIAN_MONTHS = (
    *("فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور"),
    *("مهر", "آبان", "آذر", "دی", "بهمن", "اسفند"),
)
# Years that are printed for the calendars; between the Persian and the Buddhist ones lie the Gregorian ones.
PERSIAN_YEARS = range(1300, 1421)
# From 1421 on a year may be of the Islamic calendar, whose months begin where the moon is seen: not computed.
ISLAMIC_YEARS = range(1421, 1500)
BUDDHIST_YEARS = range(2440, 2600)
BUDDHIST_LEAD = 543
_ROC_LEAD = 1911
# From 2060 on a year is as well one of Nepal's (Bikram Sambat), whose months are proclaimed: not computed.
FIRST_YEAR, LAST_YEAR = 1900, 2059
# A date may be due some years ahead; a two-digit year beyond that is of the last century.
YEARS_AHEAD = 10
# First day of each era, in order.
ERAS = {
    "明治": datetime.date(1868, 10, 23),
    "大正": datetime.date(1912, 7, 30),
    "昭和": datetime.date(1926, 12, 25),
    "平成": datetime.date(1989, 1, 8),
    "令和": datetime.date(2019, 5, 1),
}
# Letters, first characters and romanised names of the eras.
ERA_SIGNS = {
    sign: name
    for signs in ("MTSHR", "明大昭平令", ("MEIJI", "TAISHO", "SHOWA", "HEISEI", "REIWA"))
    for sign, name in zip(signs, ERAS, strict=True)
}
ROC = ("民國", "民国", "中華民國", "中华民国", "ROC", "R.O.C", "R.O.C.", "MINGUO")
# Beside a date: the Bikram Sambat, Saka and Ethiopian calendars and the Islamic one, but not that of Iran.
_OTHERS = r"वि\.?\s?सं\.?|विक्रम\s?संवत्|शक(?:े|\s?संवत्)?|(?<![^\W_])(?:B\.S\.?|E\.C\.?|A\.H\.?|Saka)(?![^\W_])"
_OTHER_BEFORE = re.compile(rf"(?:{_OTHERS})[\s:]{{0,3}}$", re.IGNORECASE)
_OTHER_BEHIND = re.compile(rf"\s?(?:{_OTHERS}|\b(?:BS|AH)\b|هـ(?!\.?\s?ش)|ه\.?\s?ق|(?<!እ\.ኤ\.አ )ዓ[./]ም)", re.IGNORECASE)
# Characters of the longest mark of a calendar.
_MARK = 20


def marked(line: str, start: int, end: int) -> tuple[int, int] | None:
    """Where a date stands with the mark beside it of a calendar that is not computed; `None` without one."""
    before = _OTHER_BEFORE.search(line[max(start - _MARK, 0) : start])
    behind = _OTHER_BEHIND.match(line, end)
    if before is None and behind is None:
        return None
    return start - (len(before[0]) if before else 0), behind.end() if behind else end


def read(year: str, month: int, number: int, latest_year: int) -> datetime.date | None:
    """The day as printed, a year of two digits being the last one of that ending up to `latest_year`; `None` for none
    and outside `FIRST_YEAR` to `LAST_YEAR`."""
    full = int(year)
    if len(year) <= 2:
        full += (latest_year - full) // 100 * 100
    found = day(full, month, number)
    return found if found and FIRST_YEAR <= found.year <= LAST_YEAR else None


def day(year: int, month: int, number: int) -> datetime.date | None:
    """The day of a year in four digits, whose size tells its calendar; `None` where there is none."""
    if year in ISLAMIC_YEARS:
        return None
    if year in PERSIAN_YEARS:
        return persian(year, month, number)
    return _gregorian(year - BUDDHIST_LEAD if year in BUDDHIST_YEARS else year, month, number)


def persian(year: int, month: int, number: int) -> datetime.date | None:
    """The day of the solar Hijri calendar of Iran; `None` where there is none."""
    leap = (25 * year + 11) % 33 < 8
    longest = 31 if month <= 6 else 30 if month < 12 or leap else 29
    if not (1 <= month <= 12 and 1 <= number <= longest):
        return None
    before = 365 * (year - 1) + (8 * year + 21) // 33
    of_year = 31 * (month - 1) - max(month - 7, 0) + number
    return datetime.date.fromordinal(226894 + before + of_year)


def of_era(era: str, year: int, month: int, number: int) -> datetime.date | None:
    """The day of a year of a Japanese era, by its name or a sign for it, or of the Republic of China; `None` where
    that era had no such day."""
    if era in ROC:
        return _gregorian(year + _ROC_LEAD, month, number)
    name = ERA_SIGNS.get(era, era)
    first = ERAS[name]
    found = _gregorian(first.year + year - 1, month, number)
    later = [start for start in ERAS.values() if start > first]
    return found if found and first <= found and (not later or found < min(later)) else None


def short_years(year: int, month: int, number: int, latest_year: int) -> dict[str, datetime.date]:
    """The days of a year of the last two eras that had it, the Republic of China being the oldest of these."""
    found = ((era, of_era(era, year, month, number)) for era in (*reversed(ERAS), ROC[0]))
    days = {era: meant for era, meant in found if meant and FIRST_YEAR <= meant.year <= latest_year}
    return dict(list(days.items())[:2])


def _gregorian(year: int, month: int, number: int) -> datetime.date | None:
    try:
        return datetime.date(year, month, number)
    except ValueError:
        return None
