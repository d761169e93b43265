"""Which sign stands before decimals: what the amounts of a document, or of a project, prove about each other.

`12,50` and `1.234,50` prove a comma, `12.50` and `1,234.50` a point. Where amounts have three digits after every lone
sign (`60.000`, `16,500`), none has decimals: prices with thousandths stand beside others, never alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from extraction.domain.field_types.readers.amounts import find_amounts
from extraction.domain.field_types.readers.characters import fold
from extraction.domain.field_types.readers.currencies import DecimalSign

# Deciding amounts against the majority that are put down to misreadings: at most one in so many.
OUTLIERS = 20
# Amounts with three digits behind their sign from which on a document without decimals is no chance.
ENOUGH = 3

_DECIMALS = re.compile(r"\d([.,])\s?\d{1,2}$|(?<!\d)([.,])\d{2}$")
_GROUPED = re.compile(r"^\d{1,3}(?:([.,])\d{3}){2,}$")
_THREE = re.compile(r"^[1-9]\d{0,2}[.,]\d{3}$")


@dataclass(frozen=True, slots=True)
class Votes:
    """Amounts that prove a point or a comma before decimals, and amounts that may have none."""

    point: int = 0
    comma: int = 0
    three_digits: int = 0

    @property
    def sign(self) -> DecimalSign:
        """The majority's where the minority is rare enough (one in twenty) to be misread; else unknown."""
        most, least = max(self.point, self.comma), min(self.point, self.comma)
        if not most:
            return "none" if self.three_digits >= ENOUGH else None
        if least * OUTLIERS > most:
            return None
        return "." if self.point > self.comma else ","


def votes_of(lines: Iterable[str]) -> Votes:
    """What the amounts in printed lines prove."""
    point = comma = three = 0
    for line in lines:
        for start, end in find_amounts(line):
            amount = fold(line[start:end]).text.strip("-()▲△ ")
            if decimals := _DECIMALS.search(amount):
                sign = decimals[1] or decimals[2]
            elif grouped := _GROUPED.match(amount):
                sign = "," if grouped[1] == "." else "."
            else:
                three += bool(_THREE.match(amount))
                continue
            point, comma = point + (sign == "."), comma + (sign == ",")
    return Votes(point, comma, three)


def infer_decimal_sign(lines: Iterable[str]) -> DecimalSign:
    """The sign before decimals in these lines; "none" where amounts have no decimals, `None` where nothing tells."""
    return votes_of(lines).sign
