"""Which sign stands before decimals: what the amounts of a document, or of a project, prove about each other.

`12,50` and `1.234,50` prove a comma, `12.50` and `1,234.50` a point. Where amounts have three digits after every lone
sign (`60.000`, `16,500`), none has decimals: prices with thousandths stand beside others, never alone.

Quantities, rates and numbers of other things prove nothing about amounts. `14.30` may be a time of day: beside amounts
with three digits behind their sign, a few such numbers without a currency leave it open. So do dinars, which have
three decimals, for all amounts of their document that are not proven otherwise.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from extraction.domain.field_types.readers.amounts import codes_beside, find_amounts, groups_thousands
from extraction.domain.field_types.readers.characters import fold
from extraction.domain.field_types.readers.currencies import DecimalSign, dinars
from extraction.domain.field_types.readers.units import is_measured

# Deciding amounts against the majority that are put down to misreadings: at most one in so many.
OUTLIERS = 20
# Amounts with three digits behind their sign from which on a document without decimals is no chance.
ENOUGH = 3

_DECIMALS = re.compile(r"\d([.,])\s?\d{1,2}$|(?<!\d)([.,])\d{2}$")
_GROUPED = re.compile(r"^\d{1,3}([.,])\d{3}(?:\1\d{3})+$")
_GROUPED_THOUSANDTHS = re.compile(r"^\d{1,3}([.,])\d{3}(?:\1\d{3})*(?!\1)([.,])\d{3}$")
_THREE = re.compile(r"^[1-9]\d{0,2}[.,]\d{3}$")
_TIME = re.compile(r"^(?:[01]?\d|2[0-4])\.[0-5]\d$")
# What a number behind it is no amount of, in the languages that print times and numbers with points.
_OTHER = re.compile(
    r"(?:§|(?<![^\W_])(?:nr|no|num|art|kap|chap|v|ver|vers|version|versi|rev|tel|fax|jam|pukul|pkl|klo|kl|ore|alle|um|uhrzeit"
    r"|zeit|time|hodz|godz|godzina|hora|heure|saat|ώρα|ora|tid|tijd|npwp))[.:]?\s{0,3}$",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"\s?(?:uhr|wib|wita|wit|h|hrs?|น\.?|giờ|klo)(?![^\W_])", re.IGNORECASE)
# Characters of the longest of these words with what parts it from a number.
_NEAR = 14


@dataclass(frozen=True, slots=True)
class Votes:
    """Amounts that prove a point or a comma before decimals, numbers that do unless they are times, amounts that may
    have no decimals, and whether dinars are printed."""

    point: int = 0
    comma: int = 0
    times: int = 0
    three_digits: int = 0
    dinars: bool = False

    @property
    def sign(self) -> DecimalSign:
        """The majority's where the minority is rare enough (one in twenty) to be misread; else unknown."""
        sure = self.point or self.comma or not self.three_digits or self.times >= ENOUGH
        point = self.point + (self.times if sure else 0)
        most, least = max(point, self.comma), min(point, self.comma)
        if not most:
            return "none" if self.three_digits >= ENOUGH and not self.times and not self.dinars else None
        if least * OUTLIERS > most:
            return None
        return "." if point > self.comma else ","


def votes_of(lines: Iterable[str], *, values: bool = False) -> Votes:
    """What the amounts in printed lines prove; `values`: each line is an amount and nothing else."""
    votes: Counter[str] = Counter()
    for line in lines:
        plain = fold(line).text
        votes["dinars"] += dinars(plain)
        for start, end in find_amounts(plain):
            votes[_vote(plain, start, end, value=values)] += 1
    return Votes(votes["."], votes[","], votes["time"], votes["three"], bool(votes["dinars"]))


def _vote(line: str, start: int, end: int, *, value: bool) -> str:
    """What an amount in a folded line proves: a sign, "time", "three", or nothing."""
    amount = line[start:end].strip("-()▲△ ")
    if is_measured(line, end) or _OTHER.search(line[max(start - _NEAR, 0) : start]) or _CLOCK.match(line, end):
        return ""
    if decimals := _DECIMALS.search(amount):
        may_be_time = not value and _TIME.match(amount) and not codes_beside(line, start, end)
        return "time" if may_be_time else (decimals[1] or decimals[2])
    if grouped := _GROUPED_THOUSANDTHS.match(amount):
        return grouped[2]
    if grouped := _GROUPED.match(amount):
        return "," if grouped[1] == "." else "."
    if not _THREE.match(amount):
        return ""
    separator = amount[-4]
    return separator if groups_thousands(separator, codes_beside(line, start, end)) is False else "three"


def infer_decimal_sign(lines: Iterable[str], *, values: bool = False) -> DecimalSign:
    """The sign before decimals in these lines; "none" where amounts have no decimals, `None` where nothing tells."""
    return votes_of(lines, values=values).sign
