"""Rules for a document's currency: what is printed beside its amounts."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from extraction.domain.field_types.readers import currencies
from extraction.domain.field_types.readers.amounts import find_amounts
from extraction.domain.fields import Field
from extraction.engines.teacher.rules.candidates import Candidate
from extraction.engines.teacher.rules.lines import Row

_BEFORE = re.compile(r"(?<![^\W\d_])([^\s\d.,:;()+-]{1,5}\.?)\s{0,2}$")
_BEHIND = re.compile(r"\s{0,2}([^\s\d.,:;()+-]{1,5})(?![^\W\d_])")
_CODE = re.compile(r"(?<![^\W_])[A-Z]{3}(?![^\W_])")
_ISO = re.compile(r"\biso\b|three letters|\bcode\b(?! or)", re.IGNORECASE)
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
