"""A line's text from the recogniser's scores (CTC, Graves et al. 2006) and from what stands beside each character.

The best class of every column, as RapidOCR takes it, loses two things that the scores hold. A space is often spread
over columns of which each alone is rather blank. And characters that look alike share a column's score, where those
beside them tell which is meant (a noisy channel): `12OML`, `SC1SSOR`, and `80 91` where the point was hardly printed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extraction.engines.ingest.ocr.rapid.context import alternatives

BLANK, SPACE = 0, " "
# Probability of a space between two characters from which it is read. At 0.4 most texts of receipts are as printed.
SPACED = 0.4

Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Reading:
    """A line's text, its confidence (0–1), and the centers of its characters as fractions of the line's length; `None`
    without characters."""

    text: str
    confidence: float
    centers: tuple[float, ...] | None


@dataclass(slots=True)
class Character:
    """A character with the columns that hold it, and its score."""

    text: str
    columns: slice
    score: float


class Decoder:
    """Reads scores of the classes of `alphabet`: blank, the characters, and last the space."""

    def __init__(self, alphabet: Sequence[str]) -> None:
        self._alphabet = alphabet
        self._classes: Mapping[str, int] = {character: number for number, character in enumerate(alphabet)}

    def read(self, scores: Any, fraction: float) -> Reading:
        """The reading of `scores` `[columns, classes]` (probabilities), of which the line takes up this fraction."""
        scores = np.asarray(scores)
        characters = self._spaced(scores)
        text = self._correct(characters, scores)
        if not text.strip():
            return Reading(text, 0.0, None)
        confidence = float(np.mean([character.score for character in characters]))
        return Reading(text, confidence, _centers(characters, len(scores) * fraction))

    def _spaced(self, scores: Scores) -> list[Character]:
        """The best class of each run of columns, without blanks, and spaces that are spread over blank columns."""
        best = scores.argmax(axis=1)
        starts = np.flatnonzero(np.diff(best, prepend=-1)).tolist()
        found: list[Character] = []
        blanks: slice | None = None
        for first, end in zip(starts, [*starts[1:], len(best)], strict=True):
            if best[first] == BLANK:
                blanks = slice(first, end)
                continue
            text, score = self._alphabet[best[first]], float(scores[first, best[first]])
            if found and blanks and SPACE not in (found[-1].text, text):
                likely = float(1 - np.prod(1 - scores[blanks, -1]))
                found += [Character(SPACE, blanks, likely)] if likely >= SPACED else []
            # A space takes in the blank columns before it.
            found.append(Character(text, slice(blanks.start if blanks and text == SPACE else first, end), score))
            blanks = None
        return found

    def _correct(self, characters: Sequence[Character], scores: Scores) -> str:
        """Replace characters by what they look like, where those beside them speak for that more than the scores
        against it, and return the text. The score of one replaced is its probability."""
        text = "".join([character.text for character in characters])
        for at, character in enumerate(characters):
            weights = [(odds * self._score(scores, character, other), other) for other, odds in alternatives(text, at)]
            if not weights:
                continue
            weight, other = max(weights)
            share = weight / (weight + self._score(scores, character, character.text))
            if share > 1 / 2:
                character.text, character.score = other, share
                text = text[:at] + other + text[at + 1 :]
        return text

    def _score(self, scores: Scores, character: Character, text: str) -> float:
        return float(scores[character.columns, self._classes[text]].max())


def _centers(characters: Sequence[Character], length: float) -> tuple[float, ...]:
    """Centers by the columns that the model assigned to the characters, spaces between those beside them.

    Measured on drawn lines, word edges are off by 3.0 pixels this way and by 4.5 when estimated from typical widths.
    """
    printed = [number for number, character in enumerate(characters) if not character.text.isspace()]
    centers = [min((characters[number].columns.start + 0.5) / length, 1.0) for number in printed]
    return tuple(np.interp(range(len(characters)), printed, centers).tolist())
