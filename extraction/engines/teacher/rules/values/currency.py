"""Rules for a document's currency: what is printed beside its amounts, and what the amounts mean by it."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from extraction.domain.field_types.readers import currencies
from extraction.domain.field_types.readers.amounts import codes_beside, find_amounts, parse_money
from extraction.domain.field_types.readers.currencies import DecimalSign
from extraction.domain.fields import Field
from extraction.engines.teacher.rules.candidates import Candidate
from extraction.engines.teacher.rules.lines import Row
from extraction.engines.teacher.rules.values.occurrences import Occurrence

_BEFORE = re.compile(r"(?<![^\W\d_])([^\s\d.,:;()+-]{1,5}\.?)\s{0,2}$")
_BEHIND = re.compile(r"\s{0,2}([^\s\d.,:;()+-]{1,5})(?![^\W\d_])")
_CODE = re.compile(r"(?<![^\W_])[A-Z]{3}(?![^\W_])")
_ISO = re.compile(r"\biso\b|three letters|\bcode\b(?! or)", re.IGNORECASE)
_LAST = re.compile(r"\(?([^\s()]+?)(\)?:?\s*)$")
_FIRST = re.compile(r"(\s{0,3}\(?)([^\s()*,;]+)\)?")
# Two digits of their own behind a currency, and in front of it whole units.
_MINOR = re.compile(r"\s?([^\s\d.,'()+-]{1,5})\s?\d\d(?![\d.,:/%-])")
# Amounts beside which the same sign says no more.
ENOUGH = 5


def asks_for_currency(field: Field) -> bool:
    return bool(re.search(r"\bcurrency\b|devise|wahrung", field.name.replace("_", " ")))


def currency(field: Field, rows: Sequence[Row]) -> list[Candidate]:
    """Every sign, name or code of a currency on the document; as one of the options, or as a code where codes are
    asked for, else as printed."""
    counts, evidence = Counter[str](), dict[str, str]()
    for row in rows:
        for sign in _signs(row.text):
            counts[sign] += 1
            evidence.setdefault(sign, row.text)
    meant = dict[str, float]()
    for sign, count in counts.items():
        if value := _value(field, sign):
            meant[value] = meant.get(value, 0.0) + _weight(sign) * min(count, ENOUGH) + 0.01 * count
            evidence.setdefault(value, evidence[sign])
    return [Candidate(value, evidence[value], 1.5 + weight) for value, weight in meant.items()]


def _weight(sign: str) -> float:
    """A sign that is nothing else, or a code, says more than letters that may be a word."""
    return 0.5 if unicodedata.category(sign[0]) == "Sc" or sign in currencies.codes() else 0.2


def _signs(text: str) -> Iterator[str]:
    """What stands beside amounts, and codes anywhere."""
    for start, end in find_amounts(text):
        before, behind = _BEFORE.search(text, max(start - 8, 0), start), _BEHIND.match(text, end)
        for sign in (match[1] for match in (before, behind) if match):
            key = currencies.key(sign)
            if key in currencies.by_sign() and (key not in currencies.TIGHT) and not (len(key) == 1 and key.isalpha()):
                yield sign
    yield from (match[0] for match in _CODE.finditer(text) if match[0] in currencies.codes())


def _value(field: Field, sign: str) -> str | None:
    codes = currencies.likeliest(sign)
    if field.options:
        return next((option for option in field.options if _names(option, codes)), None)
    wanted = [wanted for _, wanted in field.examples]
    if _ISO.search(field.instruction) or (wanted and all(map(_CODE.fullmatch, wanted)) and not _as_printed(field)):
        return next(iter(codes), None)
    return sign


def _names(option: str, codes: Iterable[str]) -> bool:
    """Whether the option is one of the codes, or a sign or name that stands for one."""
    return option.upper() in codes or not set(currencies.likeliest(option)[:1]).isdisjoint(codes)


def _as_printed(field: Field) -> bool:
    return "as printed" in field.instruction


def reading(place: Occurrence, sign: DecimalSign) -> tuple[Occurrence, Decimal] | None:
    """The amount at a place, which is widened by its currency where the digits alone mean something else."""
    bare = parse_money(place.value, decimal_sign=sign)
    priced = _with_currency(place)
    if priced is None:
        return None if bare is None else (place, bare)
    meant = parse_money(priced.value)
    if meant is None:
        meant = parse_money(priced.value, decimal_sign=sign)
    if meant is None or meant == bare:
        return None if bare is None else (place, bare)
    return priced, meant


def is_doubtful(place: Occurrence) -> bool:
    """Whether its currency may stand in the place of the decimal sign, with white space around it: `12 € 50` is one
    amount, or a number of things and their price."""
    digits = place.value.isdigit()
    if digits and (behind := _MINOR.match(place.behind)) and currencies.key(behind[1]) in currencies.by_sign():
        return True
    between = place.near.strip()
    apart = place.near != place.label and currencies.key(between) in currencies.by_sign()
    return digits and apart and len(place.value) == len("50")


def _with_currency(place: Occurrence) -> Occurrence | None:
    """The place with the sign of a currency that stands before or behind it, in brackets or before a colon, too; `None`
    without one."""
    value, before, behind = place.value, _LAST.search(place.near), _FIRST.match(place.behind)
    if before:
        sign = before[1] + " " * bool(before[2])
        if codes_beside(f"{sign}{value}", len(sign), len(sign) + len(value)):
            return replace(place, value=f"{sign}{value}", digits=value, near=place.near[: before.start()])
    if behind:
        sign = " " * bool(behind[1]) + behind[2]
        if codes_beside(f"{value}{sign}", 0, len(value)):
            return replace(place, value=f"{value}{sign}", digits=value, behind=place.behind[behind.end() :])
    return None
