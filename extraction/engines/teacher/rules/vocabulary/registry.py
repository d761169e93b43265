"""The registered languages. A new one is a module with a `VOCABULARY` and its entry here."""

from __future__ import annotations

from functools import cache

from extraction.engines.teacher.rules.vocabulary.asian import indonesian, japanese, malay, vietnamese
from extraction.engines.teacher.rules.vocabulary.meanings import Vocabulary
from extraction.engines.teacher.rules.vocabulary.northern import dutch, english, german, polish
from extraction.engines.teacher.rules.vocabulary.southern import french, greek, italian, portuguese, spanish

_MODULES = (
    *(english, german, malay, french, spanish, italian, dutch, portuguese),
    *(polish, indonesian, vietnamese, greek, japanese),
)


@cache
def vocabularies() -> tuple[Vocabulary, ...]:
    """Of all languages together, for receipts mix them."""
    return tuple(module.VOCABULARY for module in _MODULES)
