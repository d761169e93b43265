"""Words that are in Latin letters in every language: currencies, legal forms, addresses, numbers with letters."""

from __future__ import annotations

import re
from collections.abc import Iterable

from extraction.domain.field_types.readers import currencies
from extraction.domain.languages import Script
from extraction.engines.ingest.ocr.lookalikes import is_all_latin, latin_letters

_FORMS = frozenset(
    ["gmbh", "ag", "kg", "ug", "ltd", "llc", "inc", "plc", "srl", "sarl", "spa", "bv", "nv", "sdn", "bhd", "sro", "doo"]
)
_ADDRESS = re.compile(r"\S+@\S+\.\S+|(?:https?:|www\.)\S+", re.IGNORECASE)
_EDGES = ".,:;()"
# Numbers of goods have a letter of a size or two: `500ML`; those of accounts and taxes are digits in the main.
_DIGITS = 3


def is_code(word: str, scripts: Iterable[Script]) -> bool:
    """Whether a word is such a one, and has a letter that is in none of `scripts`."""
    if not is_all_latin(word) or not latin_letters(word, scripts):
        return False
    bare = word.strip(_EDGES)
    name = bare.replace(".", "").casefold()
    return bare in currencies.codes() or name in _FORMS or _is_number(bare) or bool(_ADDRESS.fullmatch(bare))


def _is_number(word: str) -> bool:
    digits = sum(map(str.isdigit, word))
    return word == word.upper() and digits >= _DIGITS and digits > sum(map(str.isalpha, word))
