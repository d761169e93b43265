"""Dates whose month has a name: `25 MAR 18`, `2023. gada 3. janvāris`, `3 tháng 1, 2023`, `14.XII.2023`.

A line is cut into words, numbers and signs; a date is a name of a month with a day and a year beside it, parted by
little else than white space, one sign and the fillers of a language (`de`, `gada`). What is parted more loosely is
looked at more strictly: goods are called `2 LED 10W`, periods are printed `July 1-31`, hours `14 mars 20 h`.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from extraction.domain.field_types.readers.candidates import Candidate
from extraction.domain.field_types.readers.date_forms import calendars, month_names
from extraction.domain.field_types.readers.date_forms.calendars import Calendar
from extraction.domain.field_types.readers.date_forms.month_names import WORD, Month

# Months in one language, everyday words or goods in another: beside a year of two digits they prove nothing.
EVERYDAY_WORDS = frozenset({"set", "out", "dis", "sie", "led", "pro", "kol", "stu"})
# Goods are called so with a year of four digits too (`11 Pro 2021`): more than white space must join them to it.
GOODS = frozenset({"led", "pro"})
# Goods that are told apart by a number behind their names (`MacBook Air 13 Mar 2022`).
_GOODS_BEFORE = re.compile(
    r"(?<![^\W_])(?:iphone|ipad|macbook|thinkpad|pixel|galaxy)(?:\s(?:air|pro|mini|max|plus|tab|[a-z]\d+))?\s$",
    re.IGNORECASE,
)
_ERA = re.compile(
    r"(?:[明大昭平令民治正和成國国]|(?<![^\W_])(?:Meiji|Taisho|Showa|Heisei|Reiwa|R\.?O\.?C\.?|Minguo))\s{0,3}$",
    re.IGNORECASE,
)
ROMAN = {
    name: at for at, name in enumerate(("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"), 1)
}
DAY_SUFFIXES = ("日", "일", "号", "號")

_WORD = re.compile(WORD)
_TOKEN = re.compile(rf"(?P<number>\d+)|(?P<word>{WORD})|(?P<space>\s+)|(?P<sign>.)", re.DOTALL)
# Tokens of the longest name (`2-р сар`, `ก. พ.`), of a gap, and characters of a run of white space.
_NAME_TOKENS, _GAP_TOKENS, _SPACES = 5, 8, 3
# Characters before a number that are looked at.
_NEAR = 24
# Signs within and at the end of abbreviations.
NAME_SIGNS = ".॰'׳"
_SIGNS = "-/.,'·،()"
# After a number: an hour, a measure or a part of a longer number, but no year.
_NO_YEAR = re.compile(r"\s?(?:h\b|uhr\b|noon\b|o'?clock|[ap]\.?m\b|%|°)|[:]\d|[A-Za-z](?!\w*\d:\d)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Token:
    kind: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Gap:
    """What stands between two parts of a date; `signs` without dots and commas, which end abbreviations too."""

    text: str
    signs: str
    bare: bool

    @property
    def tight(self) -> bool:
        return not any(char.isspace() for char in self.text)


@dataclass(frozen=True, slots=True)
class _Part:
    """A number, or the name of a month where `months` holds any, up to the token `after`."""

    text: str
    months: frozenset[Month]
    start: int
    end: int
    after: int


# Digits that readers of pictures take for a letter of a month's name, beside its other letters.
_MISREAD = re.compile(
    r"(?<![^\W_])(?:(ju)1(?=y?[ .]?\d\d?[ ',/-])|()0(?=ct(?![a-z]))|(n)0(?=v(?![a-z])))", re.IGNORECASE
)


def _respelled(line: str) -> str:
    """`Ju1 19'14`, `0ct 3, 2014` and `N0v` with the letters that are meant, each at its place."""
    return _MISREAD.sub(lambda match: f"{match[1]}l" if match[1] else f"{match[3] or ''}o", line)


def named_dates(line: str, latest_year: int) -> Iterator[Candidate]:
    """Every date with a month's name in a folded line, in order."""
    line = _respelled(line)
    if not any(char.isdigit() for char in line) or not any(map(_may_name, _WORD.findall(line))):
        return
    tokens = [Token(match.lastgroup or "", match[0], *match.span()) for match in _TOKEN.finditer(line)]
    at = 0
    while at < len(tokens):
        found = _at(line, tokens, at, latest_year) if tokens[at].kind in ("number", "word") else None
        if found is None:
            at += 1
            continue
        yield found
        while at < len(tokens) and tokens[at].start < found.end:
            at += 1


@lru_cache(maxsize=16384)
def _may_name(word: str) -> bool:
    """Whether a word can be a part of a month's name."""
    return word in ROMAN or month_names.is_part(word)


def _at(line: str, tokens: list[Token], at: int, latest_year: int) -> Candidate | None:
    """The date that begins with the token."""
    if _continues(line, tokens[at].start):
        return None
    for first in _parts(tokens, at):
        for second, gap in _next(line, tokens, first):
            if first.months and second.months:
                continue
            for third, other in _next(line, tokens, second):
                found = _date((first, second, third), (gap, other), line, latest_year)
                if found:
                    return found
    return None


def _continues(line: str, start: int) -> bool:
    """Whether a longer word or number ends here, goods with their number, or an era."""
    before = line[max(start - 2, 0) : start]
    if line[start].isdigit():
        near = line[max(start - _NEAR, 0) : start]
        return bool(re.search(r"\d[.,/-]?$", before) or _GOODS_BEFORE.search(near) or _ERA.search(near))
    return bool(re.search(r"[^\W_]$", before))


def _next(line: str, tokens: list[Token], part: _Part) -> Iterator[tuple[_Part, Gap]]:
    """The parts that may follow, each with what stands between; fewer fillers first."""
    at, signs, words = part.after, 0, 0
    limit = min(part.after + _GAP_TOKENS, len(tokens))
    while at < limit:
        token = tokens[at]
        if token.kind in ("number", "word"):
            text = line[part.end : token.start]
            bare = not text.strip()
            for following in _parts(tokens, at):
                yield following, Gap(text, re.sub(r"[^-/']", "", text), bare)
        if token.kind == "number" or (token.kind == "space" and len(token.text) > _SPACES):
            return
        if token.kind == "word":
            words += 1
            if words > 2 or month_names.key(token.text) not in month_names.fillers():
                return
        if token.kind == "sign":
            signs += 1
            if signs > 3 or token.text not in _SIGNS:
                return
        at += 1


def _parts(tokens: list[Token], at: int) -> Iterator[_Part]:
    """A month's name from the token on, the longest first, or a number."""
    if tokens[at].kind == "word" and tokens[at].text in ROMAN:
        token = tokens[at]
        yield _Part(
            token.text, frozenset({Month(Calendar.GREGORIAN, ROMAN[token.text])}), token.start, token.end, at + 1
        )
    for end in range(min(at + _NAME_TOKENS, len(tokens)), at, -1):
        last = tokens[end - 1]
        if last.kind == "space" or (last.kind == "sign" and last.text not in NAME_SIGNS):
            continue
        if all(token.kind != "word" for token in tokens[at:end]):
            break
        text = "".join(token.text for token in tokens[at:end])
        if months := month_names.months(text):
            yield _Part(text, months, tokens[at].start, last.end, end)
            break
    if tokens[at].kind == "number":
        yield _Part(tokens[at].text, frozenset(), tokens[at].start, tokens[at].end, at + 1)


def _date(parts: tuple[_Part, _Part, _Part], gaps: tuple[Gap, Gap], line: str, latest_year: int) -> Candidate | None:
    order = "".join("m" if part.months else "y" if _is_full_year(part.text) else "d" for part in parts)
    by_kind = dict(zip(order, parts, strict=True))
    if order in ("dmd", "mdd"):
        by_kind = {"d": parts[order.index("d")], "m": parts[order.index("m")], "y": parts[2]}
    elif order not in ("dmy", "mdy", "ymd", "ydm"):
        return None
    year, month, day = by_kind["y"], by_kind["m"], by_kind["d"]
    if len(day.text) > 2 or not _fits(month, parts, gaps):
        return None
    digits, end = year.text, parts[2].end
    if year is parts[2]:
        digits = _without_hour(digits, line[end:])
        end = year.start + len(digits)
        if re.match(r"[-/.]\d", line[end:]):
            return None
    if len(digits) not in (2, 4) or (len(digits) == 4 and not _is_full_year(digits)):
        return None
    if len(digits) == 2 and not (year is parts[2] and _fits_short_year(month, gaps, line[end:])):
        return None
    if day is parts[2]:
        if re.match(r"[A-Za-z]?\d|[-/.:]\d", line[end:]):
            return None
        end += next((len(suffix) for suffix in DAY_SUFFIXES if line.startswith(suffix, end)), 0)
    readings = {
        f"{meant.calendar.value}-{meant.number}": found
        for meant in month.months
        for found in _days(meant, digits, int(day.text), latest_year, thai=month_names.is_thai(month.text))
    }
    return Candidate(parts[0].start, end, readings) if readings else None


def _days(month: Month, year: str, day: int, latest_year: int, *, thai: bool) -> Iterator[datetime.date]:
    """The day, or none. Beside a Thai name two digits may be of a Buddhist year, which makes them doubtful."""
    if month.calendar is Calendar.PERSIAN:
        found = calendars.persian(int(year), month.number, day) if len(year) == 4 else None
    elif thai and len(year) == 2:
        found = None
    else:
        found = calendars.read(year, month.number, day, latest_year)
    if found:
        yield found


def _is_full_year(digits: str) -> bool:
    return len(digits) == 4 and digits[:2] in ("13", "14", "19", "20", "24", "25")


def _without_hour(digits: str, rest: str) -> str:
    """The year of digits to which a reader of pictures glued the hour of a time."""
    if 3 <= len(digits) <= 6 and re.match(r":\d", rest):
        return digits[:4] if len(digits) > 4 else digits[:2]
    return digits


def _fits(month: _Part, parts: tuple[_Part, _Part, _Part], gaps: tuple[Gap, Gap]) -> bool:
    """Whether signs join day, month and year to one date rather than part the ends of a period."""
    first, second = gaps
    if re.search(r"[年년]", first.text) and not _is_full_year(parts[0].text):
        return False
    dashes = [gap for gap in gaps if "-" in gap.signs]
    if len(dashes) == 1 and not dashes[0].tight:
        return False
    if any(gap.signs.count("-") + gap.signs.count("/") > 1 for gap in gaps):
        return False
    if month.text in ROMAN:
        # A single letter between spaces is a volt, or a size.
        return month is parts[1] and (len(month.text) > 1 or not (first.bare or second.bare))
    return month_names.key(month.text) not in GOODS or not (first.bare and second.bare)


def _fits_short_year(month: _Part, gaps: tuple[Gap, Gap], rest: str) -> bool:
    """Whether two digits at the end are a year."""
    first, second = gaps
    name = month_names.key(month.text)
    if _NO_YEAR.match(rest):
        return False
    if name in EVERYDAY_WORDS and not (first.text == second.text and first.tight and first.text):
        return False
    if ("-" in second.signs or "/" in second.signs) and first.signs != second.signs:
        return False
    if ("-" in first.signs or "/" in first.signs) and first.signs != second.signs:
        return False
    return month_names.is_shared(name) or not (first.bare and second.bare)
