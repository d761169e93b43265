"""Whether the day or the month comes first: what printed dates tell about each other.

The dates of a project tell it for the project, and where these contradict each other (receipts of several countries), a
document may still tell it for itself: by its other dates, or by signs of a country that writes dates one way only.
"""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from extraction.domain.field_types.readers.candidates import DayOrder
from extraction.domain.field_types.readers.date_forms.calendars import LAST_YEAR, YEARS_AHEAD
from extraction.domain.field_types.readers.dates import candidates, plain

# Deciding dates against the majority that are put down to misreadings: at most one in so many.
OUTLIERS = 20

# Signs of countries that print the day first: their currencies, their taxes, registers that only they have.
DAY_FIRST_SIGNS = re.compile(
    r"[£€]|\b(?:RM|CHF|EUR|GBP|MYR|AUD|NZD|INR|SGD)\s?\d|\d\s?(?:CHF|EUR|GBP|MYR|AUD|NZD|INR|SGD)\b"
    r"|\bVAT\b|\bMwSt\b|\bUSt\b|\bSST\b|\bTVA\b|\bABN\b|\bGSTIN\b|\bSdn\.?\s?Bhd\b|\bGmbH\b",
    re.IGNORECASE,
)
# The United States: a state with its postal code, a tax that is named nowhere else.
MONTH_FIRST_SIGNS = re.compile(
    r"(?i:\bsales tax\b)"
    r"|\b(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY])"
    r"\s\d{5}(?:-\d{4})?\b"
)
# The Philippines have a value added tax and print the month first; Canada prints dates in every way.
NO_SIGN = re.compile(r"₱|\b(?:PHP|Philippines|Canada|CAD|HST|QST)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Votes:
    """How many dates can only be read with the day first, and how many only with the month first."""

    day_first: int = 0
    month_first: int = 0

    @property
    def order(self) -> DayOrder:
        """The majority's where the minority is rare enough (one in twenty) to be misread digits; else unknown."""
        most, least = max(self.day_first, self.month_first), min(self.day_first, self.month_first)
        if not most or least * OUTLIERS > most:
            return None
        return "dmy" if self.day_first > self.month_first else "mdy"


def votes_of(texts: Iterable[str]) -> Votes:
    """`25/12/2018` decides, `01/02/2018` and dates with the month's name do not."""
    found = (candidate for text in texts for candidate in candidates(plain(text), LAST_YEAR))
    return _count((candidate.dotted, candidate.readings) for candidate in found)


def votes_by_meaning(dates: Iterable[tuple[str, datetime.date]], *, today: datetime.date) -> Votes:
    """The same from printed texts with the day that each is known to mean, so that `01/02/2018` decides too."""
    return _count(
        (candidate.dotted, {order: day for order, day in candidate.readings.items() if day == meant})
        for text, meant in dates
        for candidate in candidates(plain(text), today.year + YEARS_AHEAD)
    )


def infer_day_order(texts: Iterable[str]) -> DayOrder:
    """Whether the day or the month comes first in these printed dates, by those that have one reading only."""
    return votes_of(texts).order


def infer_day_order_by_meaning(dates: Iterable[tuple[str, datetime.date]], *, today: datetime.date) -> DayOrder:
    """The same by `votes_by_meaning`."""
    return votes_by_meaning(dates, today=today).order


def document_day_order(lines: Iterable[str]) -> DayOrder:
    """What a document's printed lines tell about its own dates; `None` where nothing does or signs disagree."""
    lines = list(lines)
    votes = votes_of(lines)
    return votes.order if votes != Votes() else _order_of_country("\n".join(lines))


def _order_of_country(text: str) -> DayOrder:
    if NO_SIGN.search(text):
        return None
    day_first, month_first = bool(DAY_FIRST_SIGNS.search(text)), bool(MONTH_FIRST_SIGNS.search(text))
    if day_first == month_first:
        return None
    return "dmy" if day_first else "mdy"


def _count(dates: Iterable[tuple[bool, Mapping[str, datetime.date]]]) -> Votes:
    """The dates that have one reading only, each given with its readings and whether it stands between dots.

    Dates between dots are read day first in any case and tell nothing about dates of other forms, which may contradict
    each other: they count only where no other date decides.
    """
    counts = Counter((dotted, order) for dotted, readings in dates if len(readings) == 1 for order in readings)
    other, between_dots = (Votes(counts[dotted, "dmy"], counts[dotted, "mdy"]) for dotted in (False, True))
    return between_dots if other == Votes() else other
