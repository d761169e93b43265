"""Dates in numbers alone: `25/12/2018`, `2018-12-25`, `20181225`, `令和5年3月14日`, `17/06/2559`.

A letter is the sign of an era only where no code looks like it: `M8.10.20` and `S3.5.20` are not read. `23年3月14日` is
of the common era or of an emperor's, which is a question; `23년` and `'23` are of the common era.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

from extraction.domain.field_types.readers.candidates import Candidate
from extraction.domain.field_types.readers.date_forms import calendars

# White space is bounded: two unbounded runs side by side take quadratic time.
_S = r"\s{0,3}"
_FULL_YEAR = r"(?:1[349]|2[045])\d\d"
_TWO = r"\d{1,2}"
# Not followed by more digits, except by a time of day that the reader glued on: `14:48`, or `144838` behind a full
# date.
_GLUED = r"(?<=(?:19|20)\d\d[-/.]\d\d[-/.]\d\d)(?=(?:[01]\d|2[0-3])[0-5]\d[0-5]\d(?!\d))"
_END = rf"(?:(?!\d(?!\d?:\d))(?!:\d)|{_GLUED})"
_NO_YEAR = r"(?!\s?(?:h\b|uhr\b|noon\b|o'clock))"
_ROMANISED = r"Meiji|Taisho|Showa|Heisei|Reiwa|R\.?O\.?C\.?|Minguo"
_PATTERN = re.compile(
    r"(?<!\d)(?<!\d[.,])(?:"
    rf"(?P<era>明治|大正|昭和|平成|令和|(?:中華|中华)?民[國国]|(?<![^\W_])(?:[MTSHR明大昭平令]|{_ROMANISED})){_S}\.?{_S}(?P<year_of_era>\d{{1,3}}|元)"
    rf"{_S}[-/.年]{_S}(?P<month_of_era>{_TWO}){_S}[-/.月]{_S}(?P<day_of_era>{_TWO})日?"
    rf"|(?P<year>{_FULL_YEAR}){_S}(?:[-/.,年년]|\s){_S}(?P<month>{_TWO}){_S}(?:[-/.,月월]|\s){_S}(?P<day>{_TWO})[日일]?"
    rf"|(?P<short_year>\d{{1,3}}){_S}(?P<of_year>[年년]){_S}(?P<short_month>{_TWO}){_S}[月월]{_S}(?P<short_day>{_TWO})"
    rf"{_S}[日일]?"
    rf"|(?P<korean_year>\d\d)\. (?P<korean_month>{_TWO})\. (?P<korean_day>{_TWO})\.(?!\d)"
    rf"|(?P<a>{_TWO}){_S}(?P<sign>[-/.,·]){_S}(?P<b>{_TWO}){_S}(?P<other_sign>[-/.,·]){_S}(?P<c>{_FULL_YEAR}|\d\d{_NO_YEAR})"
    rf"|(?P<spaced_a>{_TWO})\s{{1,3}}(?P<spaced_b>{_TWO})\s{{1,3}}(?P<spaced_c>(?:19|20)\d\d)"
    r"|(?P<compact>\d{8})"
    rf"){_END}",
    re.IGNORECASE,
)
# Before two digits; a year of an era that does not exist is no other year.
_ERA = re.compile(
    rf"(?:(?<![^\W_])(?:[MTSHR]|(?-i:[SHR])\s)|[明大昭平令民治正和成國国]\s{{0,3}}|(?<![^\W_])(?:{_ROMANISED})\s{{0,3}})$",
    re.IGNORECASE,
)
# Before numbers between dots: those of a program or a document.
_VERSION = re.compile(
    r"(?<![^\W_])(?:v|v\.\s?|(?:ver|vers|versi|version|versione|versión|versão|wersja|verze|версия|версія)\.?\s?)$",
    re.IGNORECASE,
)
# The first year of the era S (1926) that a letter alone names.
OLDEST_BIRTH = 20
# Characters of the longest of these words.
_WORD = 12
# Before the two digits of a year, unless it opens a quotation.
_APOSTROPHE = re.compile(r"(?<![^\s(:])'$")


@dataclass(frozen=True, slots=True)
class _Neighbour:
    """The date before, to whose end the ends of a tight period are joined by one sign."""

    end: int = -2
    whole: bool = False


def numeric_dates(line: str, latest_year: int) -> Iterator[Candidate]:
    """Every date in numbers in a folded line, in order; a year of two digits is completed up to `latest_year`."""
    position = 0 if any(char.isdigit() for char in line) else len(line)
    before = _Neighbour()
    while match := _PATTERN.search(line, position):
        found = _candidate(match, line, latest_year, before)
        # What looked like a date and is none may hide one that starts a character later.
        position = match.end() if found else match.start() + 1
        if found:
            before = _Neighbour(found.end, _has_full_year(match))
            yield found


def _candidate(match: re.Match[str], line: str, latest_year: int, before: _Neighbour) -> Candidate | None:
    if not _stands_alone(match, line, before):
        return None
    if match["era"]:
        return _of_era(match)
    if match["compact"]:
        digits = match["compact"]
        orders = {
            "ymd": (digits[:4], digits[4:6], digits[6:]),
            "dmy": (digits[4:], digits[2:4], digits[:2]),
            "mdy": (digits[4:], digits[:2], digits[2:4]),
        }
        return _read(match, orders, latest_year)
    if match["year"]:
        return _read(match, {"ymd": (match["year"], match["month"], match["day"])}, latest_year)
    if match["short_year"]:
        return _short_year(match, line, latest_year)
    if match["korean_year"]:
        return _korean(match, line, latest_year)
    if match["spaced_a"]:
        first, second, year = match["spaced_a"], match["spaced_b"], match["spaced_c"]
        return _read(match, {"dmy": (year, second, first), "mdy": (year, first, second)}, latest_year)
    return _parted(match, line, latest_year)


def _stands_alone(match: re.Match[str], line: str, before: _Neighbour) -> bool:
    """Whether no longer number goes on before or after; the other end of a period may."""
    start, end = match.span()
    if _VERSION.search(line[max(start - _WORD, 0) : start]):
        return False
    if re.match(r"[-/.]\d", line[end : end + 2]):
        follows = _PATTERN.match(line, end + 1)
        if not (follows and line[end] != "." and _has_full_year(match) and _has_full_year(follows)):
            return False
    joined = re.search(r"\d[/-]$", line[max(start - 2, 0) : start])
    return not joined or (before.end == start - 1 and before.whole and _has_full_year(match))


def _has_full_year(match: re.Match[str]) -> bool:
    return bool(match["year"] or len(match["c"] or "") == 4)


def _of_era(match: re.Match[str]) -> Candidate | None:
    era, digits = match["era"].upper(), match["year_of_era"]
    if not _is_era(era, digits, line=match.string, behind=match.end("era")):
        return None
    year = 1 if digits == "元" else int(digits)
    found = calendars.of_era(era, year, int(match["month_of_era"]), int(match["day_of_era"]))
    return Candidate(*match.span(), {"era": found}) if found else None


def _is_era(sign: str, year: str, *, line: str, behind: int) -> bool:
    """Whether letters are the sign of an era: no document is as old as the first two, nobody on one was born before
    the 20th year of the third, and what stands apart before two digits may be a weekday."""
    if sign in ("M", "T"):
        return False
    if sign == "S":
        return year.isdigit() and int(year) >= OLDEST_BIRTH and not line[behind].isspace()
    if sign.startswith("R.") or sign == "ROC":
        return len(year) == len("112")
    return sign not in ("H", "R") or len(year) == 1 or not line[behind].isspace()


def _short_year(match: re.Match[str], line: str, latest_year: int) -> Candidate | None:
    """`23年3月14日`: of the common era, which only Korea and an apostrophe make sure, or of another."""
    year, month, day = match["short_year"], int(match["short_month"]), int(match["short_day"])
    if _ERA.search(line[max(match.start() - _WORD, 0) : match.start()]):
        return None
    readings = calendars.short_years(int(year), month, day, latest_year)
    common = calendars.read(year, month, day, latest_year) if len(year) == 2 else None
    if len(year) == 2 and (match["of_year"] == "년" or _is_marked(match, line)):
        readings = {"ymd": common} if common else {}
    elif match["of_year"] == "년":
        readings = {}
    elif len(year) == 1 and (meant := calendars.read(year, month, day, latest_year)):
        readings = {"common": meant, **readings}
    elif common:
        readings = {"ymd": common, **readings}
    return Candidate(*match.span(), readings)


def _is_marked(match: re.Match[str], line: str) -> bool:
    """Whether an apostrophe marks the first number as a year."""
    start, end = match.span()
    return bool(_APOSTROPHE.search(line[max(start - 2, 0) : start])) and line[end : end + 1] != "'"


def _korean(match: re.Match[str], line: str, latest_year: int) -> Candidate | None:
    """`23. 3. 14.`: dots with spaces and one at the end are Korean, where the year stands first, or end a sentence."""
    first, month, last = match["korean_year"], match["korean_month"], match["korean_day"]
    orders = {"ymd": (first, month, last)}
    if len(last) == 2 and not _is_marked(match, line):
        orders["dmy"] = (last, month, first)
    found = _read(match, orders, latest_year)
    if found is None or "ymd" not in found.readings:
        return found
    return Candidate(found.start, found.end, found.readings, year_first=found.readings["ymd"])


def _parted(match: re.Match[str], line: str, latest_year: int) -> Candidate | None:
    first, second, year = match["a"], match["b"], match["c"]
    signs = {match["sign"], match["other_sign"]}
    # `25/12-2018` is Danish; `10-12/2023` are the months of a quarter.
    if len(signs) > 1 and signs != {".", ","} and (match["sign"], match["other_sign"]) != ("/", "-"):
        return None
    if len(year) == 2 and _ERA.search(line[max(match.start() - _WORD, 0) : match.start()]):
        return None
    if len(year) == 2 and len(first) == 2 and _is_marked(match, line):
        return _read(match, {"ymd": (first, second, year)}, latest_year)
    orders = {"dmy": (year, second, first), "mdy": (year, first, second)}
    of_year_first = {"ymd": (first, second, year)} if len(year) == 2 and len(first) == 2 else {}
    year_first = _read(match, of_year_first, latest_year)
    found = _read(match, orders, latest_year, dotted=signs == {"."})
    if found is None or year_first is None:
        return found or year_first
    return Candidate(found.start, found.end, found.readings, found.dotted, year_first.readings["ymd"])


def _read(
    match: re.Match[str], orders: dict[str, tuple[str, str, str]], latest_year: int, *, dotted: bool = False
) -> Candidate | None:
    """Those of the (year, month, day) that exist, by their order."""
    readings: dict[str, datetime.date] = {}
    for order, (year, month, day) in orders.items():
        if found := calendars.read(year, int(month), int(day), latest_year):
            readings[order] = found
    return Candidate(*match.span(), readings, dotted) if readings else None
