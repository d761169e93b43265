"""Account numbers (ISO 13616) and bank codes (ISO 9362) in printed text."""

from __future__ import annotations

import re
from collections.abc import Iterator

# Characters of a country's account numbers.
_LENGTHS = {
    **dict.fromkeys(("NO",), 15),
    **dict.fromkeys(("BE",), 16),
    **dict.fromkeys(("DK", "FI", "FO", "GL", "NL", "SD"), 18),
    **dict.fromkeys(("MK", "SI"), 19),
    **dict.fromkeys(("AT", "BA", "EE", "KZ", "LT", "LU", "XK"), 20),
    **dict.fromkeys(("CH", "HR", "LI", "LV"), 21),
    **dict.fromkeys(("BG", "BH", "CR", "DE", "GB", "GE", "IE", "ME", "RS", "VA"), 22),
    **dict.fromkeys(("AE", "GI", "IL", "IQ", "TL", "OM"), 23),
    **dict.fromkeys(("AD", "CZ", "ES", "MD", "PK", "RO", "SA", "SE", "SK", "TN", "VG"), 24),
    **dict.fromkeys(("LY", "PT", "ST"), 25),
    **dict.fromkeys(("IS", "TR"), 26),
    **dict.fromkeys(("FR", "GR", "IT", "MC", "MR", "SM"), 27),
    **dict.fromkeys(("AL", "AZ", "BY", "CY", "DO", "GT", "HU", "LB", "NI", "PL", "SV"), 28),
    **dict.fromkeys(("BR", "EG", "PS", "QA", "UA"), 29),
    **dict.fromkeys(("JO", "KW", "MU"), 30),
    **dict.fromkeys(("MT", "SC"), 31),
}
_START = re.compile(r"(?<![A-Z0-9])[A-Z]{2} ?\d\d(?=[ .-]?[A-Z0-9]{2})")
_LABEL = re.compile(r"\biban\b", re.IGNORECASE)
_BANK = re.compile(r"(?<![A-Z0-9])[A-Z]{4} ?[A-Z]{2} ?[A-Z0-9]{2}(?: ?[A-Z0-9]{3})?(?![A-Z0-9])")
_BANK_LABEL = re.compile(r"\b(?:bic|swift)\b(?:\s?[/-]?\s?(?:bic|swift|code))*[\s.:-]*", re.IGNORECASE)


def accounts(text: str) -> Iterator[tuple[int, int, float]]:
    """Account numbers that are as long as their country's, rather behind the word."""
    for match in _START.finditer(text):
        length = _LENGTHS.get(match[0][:2])
        if length and (end := _end(text, match.start(), length)):
            labelled = bool(_LABEL.search(text, max(match.start() - 30, 0), match.start()))
            yield match.start(), end, 2.5 + labelled


def banks(text: str) -> Iterator[tuple[int, int, float]]:
    """Bank codes behind their word."""
    for label in _BANK_LABEL.finditer(text):
        if match := _BANK.match(text, label.end()):
            yield *match.span(), 3.0


def _end(text: str, start: int, length: int) -> int | None:
    """Where so many letters and digits with single signs between them end; `None` where something else comes first."""
    count, signs = 0, 0
    for at in range(start, min(start + 2 * length, len(text))):
        if text[at].isascii() and text[at].isalnum():
            count, signs = count + 1, 0
            if count == length:
                longer = at + 1 < len(text) and text[at + 1].isalnum()
                return None if longer else at + 1
        elif text[at] in " .-" and not signs:
            signs = 1
        else:
            return None
    return None
