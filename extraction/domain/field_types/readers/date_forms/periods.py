"""Periods: two days of which one is printed in short, or two whole dates with a sign or word between them.

`01.03. - 31.03.2023`, `1.-31.03.2023`, `du 1 au 31 mars 2023`, `2023.03.01 ~ 03.31`. Neither end is the date of a
document, and the short one has no meaning of its own.
"""

from __future__ import annotations

import re

from extraction.domain.field_types.readers.date_forms.month_names import WORD, months

# Words and signs between the two ends.
_WORDS = (
    r"(?:(?<!\w)(?:bis|und|to|until|till|through|thru|and|au|à|et|al|a|y|e|até|ao|tot|en|t/m|til|till|och|og|do|i|și|la|ja"
    r"|és|ile|ve|до|по|и|та|έως|και|sampai|hingga|dan|s/d|đến|và|ถึง|से|तक)(?!\w)|から|至|到|まで|부터)"
)
_JOINS = rf"(?:[-~〜+&/]|{_WORDS})"
_S = r"\s{0,4}"
# A day with its month that could as well be a time of day, or a fraction where it is not in two digits.
_DOTTED = r"(?P<first>\d{1,2})\s?\.\s?(?P<second>\d{1,2})"
_BEFORE = re.compile(rf"(?<![\d.:]){_DOTTED}(?:(?P<dot>\.){_S}{_JOINS}?|{_S}{_JOINS}){_S}$", re.IGNORECASE)
_BEHIND = re.compile(rf"\.?{_S}{_JOINS}{_S}{_DOTTED}(?!\.?\s?\d|:)", re.IGNORECASE)
_PARTED_BEFORE = re.compile(
    rf"(?<![\d.:/-])(?:(?P<first>\d\d)[/-](?P<second>\d\d){_S}{_JOINS}|(?P<a>\d{{1,2}})[/-](?P<b>\d{{1,2}}){_S}{_WORDS}){_S}$",
    re.IGNORECASE,
)
_PARTED_BEHIND = re.compile(
    rf"{_S}{_JOINS}{_S}(?P<first>\d{{1,2}})(?:[/-](?P<second>\d{{1,2}})|\s?[月월]\s?(?P<b>\d{{1,2}})[日일])(?![\d:/.-])",
    re.IGNORECASE,
)
# The same with a sign alone, where the date itself is written with single digits.
_SINGLE_BEFORE = re.compile(rf"(?<![\d.:/-])(?P<first>\d{{1,2}})/(?P<second>\d{{1,2}}){_S}{_JOINS}{_S}$", re.IGNORECASE)
_SINGLE = re.compile(r"(?:\d/\d{1,2}|\d{1,2}/\d)/")
# A day alone: with the dot of an ordinal number, before a word, or tight to a dash.
_DAY_BEFORE = re.compile(
    rf"(?<![\w.,:/#'-])(?P<day>\d{{1,2}})(?:\.{_S}{_JOINS}{_S}|(?:st|nd|rd|th|er|º|ª)?(?:\s{_S}{_WORDS}\s{_S}|-))$",
    re.IGNORECASE,
)
# A day beside the name of its month.
_NAMED_BEFORE = re.compile(
    rf"(?<![\d.,:/-])(?:\d{{1,2}}(?:st|nd|rd|th|er|\.|º)?\s{{0,2}}(?:de\s)?(?P<name>{WORD})|(?P<other>{WORD})\.?\s{{0,2}}\d{{1,2}}(?:st|nd|rd|th|\.)?)"
    rf"[.,]?{_S}{_JOINS}{_S}$",
    re.IGNORECASE,
)
# A number that may be a day, or one of another thing: `1 – 31 mars 2023`, `Table 5 - 14 March 2023`.
_NUMBER_BEFORE = re.compile(r"(?<![\w.,:/#'-])(?P<day>\d{1,2})\s{1,3}[-~〜]\s{1,3}$")
_BETWEEN = re.compile(rf"{_S}{_JOINS}{_S}", re.IGNORECASE)
# Characters beside a date that are looked at.
_NEAR = 40


def is_short_end(line: str, start: int, end: int) -> bool:
    """Whether another day stands beside the date in a folded line, without a year."""
    before, behind = line[max(start - _NEAR, 0) : start], line[end : end + _NEAR]
    year_first = re.match(r"\d{4}", line[start:]) is not None
    found = [_BEFORE.search(before), _BEHIND.match(behind), _PARTED_BEFORE.search(before), _PARTED_BEHIND.match(behind)]
    if _SINGLE.match(line, start):
        found.append(_SINGLE_BEFORE.search(before))
    if any(_is_day_of_month(match, year_first=year_first) for match in found if match):
        return True
    if (day := _DAY_BEFORE.search(before)) and 1 <= int(day["day"]) <= 31 and not year_first:
        return True
    named = _NAMED_BEFORE.search(before)
    return named is not None and bool(months(named["name"] or named["other"]))


def may_be_end(line: str, start: int, end: int) -> bool:
    """Whether a number before a date with a month's name may be the first day of a period."""
    number = _NUMBER_BEFORE.search(line[max(start - _NEAR, 0) : start])
    day = re.match(r"\d{1,2}(?=[^\d]*[^\W\d_])", line[start:end])
    return number is not None and day is not None and 1 <= int(number["day"]) < int(day[0])


def joined(line: str, first: tuple[int, int], second: tuple[int, int]) -> bool:
    """Whether two dates in a folded line, the second behind the first, are the ends of a period."""
    return _BETWEEN.fullmatch(line, first[1], second[0]) is not None


def _is_day_of_month(match: re.Match[str], *, year_first: bool) -> bool:
    groups = match.groupdict()
    first, second = groups["first"] or groups.get("a") or "", groups["second"] or groups.get("b") or ""
    day, month = (second, first) if year_first or "월" in match[0] or "月" in match[0] else (first, second)
    fits = 1 <= int(month) <= 12 and 1 <= int(day) <= 31
    # Between other signs than dots the month may come first.
    return fits or ("." not in match[0] and 1 <= int(day) <= 12 and 1 <= int(month) <= 31)
