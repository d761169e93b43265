"""How probably a claim is of another day than its receipt."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from extraction.domain.auditing.values import Reading

# Of a claim that is wrong, that it has just this day; of an honest one whose receipt was misread, the same, where the
# year alone differs, and where it is one of the other days that the receipt prints, such as that of delivery.
INVENTED, MISREAD, YEAR_MISREAD, PRINTED = 1 / 40, 1 / 120, 1 / 4, 1 / 2


def differs(
    typed: datetime.date,
    read: Reading[datetime.date],
    printed: Collection[datetime.date],
    most: datetime.timedelta,
    wrong: float,
) -> float:
    """That the receipt's day is more than `most` from the typed one: a posterior as that of amounts, over the days that
    may be printed and that none of them is. `printed` are all days on the receipt, `wrong` is the share of claims that
    are wrong."""
    apart = read.probability_that(lambda day: abs(day - typed) > most) * wrong * INVENTED
    agrees = read.probability_that(lambda day: abs(day - typed) <= most) * (1 - wrong)
    year = (typed.month, typed.day) == (read.value.month, read.value.day)
    misread = YEAR_MISREAD if year else MISREAD
    if typed in printed:
        # Among many days each is less probable, but never less than one that is not printed.
        misread = max(misread, PRINTED / max(len(set(printed) - {read.value}), 1))
    unknown = read.unknown * (1 - wrong) * misread
    return apart / (apart + agrees + unknown) if apart else 0.0
