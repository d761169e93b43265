"""Comparison of what a text layer says with what OCR reads at the same place."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz.distance import Levenshtein

from extraction.engines.ingest.textlayer.words import LayerWord

# Characters that engines take for each other, as one of them.
_ALIKE = str.maketrans("oøilsbzg|!", "0011582911")
# A zero with a stroke through it is read as an eight.
_STRUCK_ZERO = ("0", "8")
# Alphabets whose letters look like Latin ones: an engine that lacks them reads those.
_LOOKING_LATIN = ("CYRILLIC", "GREEK", "COPTIC", "ARMENIAN", "CHEROKEE")
# Confidence (0–1) from which a reading counts against the layer, and against letters that the engine may not know.
SURE, CERTAIN = 0.8, 0.9
# Similarity (0–1) below which two texts have nothing to do with each other.
ANOTHER = 0.6


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
        if not self._counts(layer, read):
            return frozenset()
        edits = (
            (layer[edit.src_pos] if edit.tag != "insert" else "", read[edit.dest_pos] if edit.tag != "delete" else "")
            for edit in Levenshtein.editops(layer, read)
        )
        return frozenset(edits) - {_STRUCK_ZERO}

    @property
    def another(self) -> bool:
        """Whether the texts have nothing to do with each other."""
        similarity = Levenshtein.normalized_similarity(folded(self.word.text), folded(self.read))
        return bool(self.wrong) and similarity < ANOTHER

    @property
    def refutes(self) -> bool:
        """Whether that convicts the word alone: engines read letters that they do not know as other ones."""
        return self.another and is_latin(folded(self.word.text))

    @property
    def is_digit(self) -> bool:
        """Whether digits stand for digits: engines take letters for digits, but seldom one digit for another."""
        return any(a.isdigit() and b.isdigit() for a, b in self.wrong)

    def _counts(self, layer: str, read: str) -> bool:
        if not read or self.confidence < SURE:
            return False
        return is_latin(layer) or (self.confidence >= CERTAIN and len(read) > 2 and is_latin(read))


def folded(text: str) -> str:
    """Letters and digits without case, accents and the differences between characters that look alike."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(character for character in plain if character.isalnum()).translate(_ALIKE)


def is_latin(text: str) -> bool:
    return all(character.isascii() or "LATIN" in unicodedata.name(character, "") for character in text)


def is_comparable(word: LayerWord) -> bool:
    """Whether an engine's reading can say anything about the word."""
    names = (unicodedata.name(character, "") for character in word.text if character.isalpha())
    return bool(folded(word.text)) and not any(name.startswith(_LOOKING_LATIN) for name in names)


def units(word: LayerWord) -> Iterator[tuple[int, str]]:
    """The font's characters that a comparison of the word tests."""
    return ((word.font, character) for character in dict.fromkeys(folded(word.text)))
