"""Words by which printed labels, names and addresses are known, a module a language."""

from extraction.engines.teacher.rules.vocabulary.meanings import Meaning, Numbered, Vocabulary
from extraction.engines.teacher.rules.vocabulary.reading import (
    distinct,
    has,
    places,
    translations,
    unaccented,
    without,
)
from extraction.engines.teacher.rules.vocabulary.registry import vocabularies

__all__ = [
    "Meaning",
    "Numbered",
    "Vocabulary",
    "distinct",
    "has",
    "places",
    "translations",
    "unaccented",
    "vocabularies",
    "without",
]
