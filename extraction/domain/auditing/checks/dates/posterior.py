"""How probably a claim is of another day than its receipt."""

from __future__ import annotations

import datetime

from extraction.domain.auditing.values import Reading

# Of a claim that is wrong, that it has just this day; of an honest one whose receipt was misread, the same, and where
# the year alone differs.
INVENTED, MISREAD, YEAR_MISREAD = 1 / 40, 1 / 120, 1 / 4


def differs(typed: datetime.date, read: Reading[datetime.date], most: datetime.timedelta, wrong: float) -> float:
    """That the receipt's day is more than `most` from the typed one: a posterior as that of amounts, over the days that
    may be printed and that none of them is. `wrong` is the share of claims that are wrong."""
    apart = read.probability_that(lambda day: abs(day - typed) > most) * wrong * INVENTED
    agrees = read.probability_that(lambda day: abs(day - typed) <= most) * (1 - wrong)
    year = (typed.month, typed.day) == (read.value.month, read.value.day)
    unknown = read.unknown * (1 - wrong) * (YEAR_MISREAD if year else MISREAD)
    return apart / (apart + agrees + unknown) if apart else 0.0
