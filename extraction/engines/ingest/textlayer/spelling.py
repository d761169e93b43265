"""Comparison of what a text layer says with what OCR reads at the same place."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz.distance import Levenshtein

from extraction.engines.ingest.textlayer import figures
from extraction.engines.ingest.textlayer.words import LayerWord

# Characters that engines take for each other, as one of them.
_ALIKE = str.maketrans("oøilsbzg|!", "0011582911")
# A zero with a stroke through it is read as an eight.
_STRUCK_ZERO = ("0", "8")
# Letters of Cyrillic and Greek, as an engine that lacks them reads them.
_LOOKING_LATIN = str.maketrans("абвгезиклмнопрстухчьяіјѕαβγεζηικμνορτυχω", "a6bre3uknmhonpctyx4brijsabyezhikmnoptyxw")
# Confidence (0–1) from which a reading counts against the layer, and against letters that the engine may not know.
SURE, CERTAIN = 0.8, 0.9
# Similarity (0–1) below which two texts have nothing to do with each other; letters that the engine may lack need less.
ANOTHER, FOREIGN_ANOTHER = 0.6, 0.4


@dataclass(frozen=True)
class Comparison:
    """A word of the layer and the text that OCR reads at its place, with its confidence (0–1)."""

    word: LayerWord
    read: str
    confidence: float

    @cached_property
    def wrong(self) -> frozenset[tuple[str, str]]:
        """Pairs of a character of the layer and what is printed instead; one of them is empty where one is missing."""
        layer, read = folded(self.word.text), folded(self.read)
        if not read or self.confidence < SURE or (self.foreign and not self.another):
            return frozenset()
        edits = (
            (layer[edit.src_pos] if edit.tag != "insert" else "", read[edit.dest_pos] if edit.tag != "delete" else "")
            for edit in Levenshtein.editops(layer, read)
        )
        return frozenset(edits) - {_STRUCK_ZERO}

    @cached_property
    def another(self) -> bool:
        """Whether the texts have nothing to do with each other."""
        layer, read = folded(self.word.text), folded(self.read)
        similarity = Levenshtein.normalized_similarity(layer, read)
        if self.foreign:
            return similarity < FOREIGN_ANOTHER and self.confidence >= CERTAIN and len(read) > 2 and is_latin(read)
        return bool(read) and similarity < ANOTHER and self.confidence >= SURE

    @cached_property
    def foreign(self) -> bool:
        """Whether the word has letters that the engine may not know; no language mixes them with Latin ones."""
        letters = [letter for letter in unicodedata.normalize("NFKD", self.word.text) if letter.isalpha()]
        return bool(letters) and not any(map(is_latin, letters))

    @property
    def refutes(self) -> bool:
        """Whether that convicts the word alone: engines read letters that they do not know as other ones."""
        return self.another and not self.foreign

    @property
    def confirmed(self) -> frozenset[figures.Unit]:
        """The digits and signs that are read as the layer has them."""
        return self._figures[0]

    @property
    def contradicted(self) -> frozenset[figures.Contradiction]:
        """The digits and signs in whose place another one is read."""
        return self._figures[1]

    @cached_property
    def _figures(self) -> tuple[frozenset[figures.Unit], frozenset[figures.Contradiction]]:
        if not self.read or self.confidence < SURE or self.foreign:
            return frozenset(), frozenset()
        return figures.compare(self.word, self.read)


def folded(text: str) -> str:
    """Letters and digits without case, accents and the differences between characters that look alike."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    letters = "".join(character for character in plain if character.isalnum())
    return letters.translate(_LOOKING_LATIN).translate(_ALIKE)


def is_latin(text: str) -> bool:
    """Whether all letters of a decomposed text are Latin."""
    return all("LATIN" in unicodedata.name(character, "") for character in text if character.isalpha())


def is_comparable(word: LayerWord) -> bool:
    """Whether an engine's reading can say anything about the word: a sign alone, but a currency, is often not read."""
    return len(word.text) > 1 or word.text.isalnum() or figures.is_currency(word.text)
