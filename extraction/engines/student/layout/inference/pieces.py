"""Cuts words into pieces where letters, digits and marks meet, so that a value that stands inside a word
(`Date:25/12/2018`, `RM54.50SR`) has token borders at its ends.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extraction.domain.text import UNSPACED

# Longer runs would be unknown to WordPiece as a whole.
PIECE = re.compile(r"[^\W\d_]{1,100}|\d{1,100}|[^\w\s]|_|\w")
OLD_PIECE = re.compile(r"[^\W\d_]+|\d+|[^\w\s]|_|\w")
JOINERS = "\u200c\u200d"  # zero width, within words of Persian and of Indic scripts


@dataclass(frozen=True, slots=True)
class Piece:
    """`text` of word `word`, from its character `start` on."""

    word: int
    start: int
    text: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def unspaced(self) -> bool:
        """Whether words may begin within it."""
        return not self.text.isascii() and UNSPACED.search(self.text) is not None

    def may_begin(self, at: int) -> bool:
        """Whether a word may begin with its character `at`, though no space is before it."""
        return UNSPACED.search(self.text, max(at - 1, 0), at + 1) is not None and not _is_mark(self.text[at])


def cut_words(words: Sequence[str]) -> Iterator[Piece]:
    """The pieces of words; accents and vowel signs stay with the letter before them."""
    for number, word in enumerate(words):
        spans = [match.span() for match in PIECE.finditer(word)]
        for start, end in spans if word.isascii() else _with_marks(word, spans):
            yield Piece(number, start, word[start:end])


def cut_words_as_before(words: Sequence[str]) -> Iterator[Piece]:
    """The pieces that models of earlier versions learned from."""
    for number, word in enumerate(words):
        yield from (Piece(number, match.start(), match[0]) for match in OLD_PIECE.finditer(word))


def _with_marks(word: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans, marks joined to what they stand on and letters to the marks before them."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and joined[-1][1] == start and _goes_on(word, joined[-1][0], start):
            joined[-1] = joined[-1][0], end
        else:
            joined.append((start, end))
    return joined


def _goes_on(word: str, first: int, at: int) -> bool:
    """Whether the piece from `first` to `at` goes on there: with a mark, or with letters after one."""
    return _is_mark(word[at]) or (_is_mark(word[at - 1]) and word[first].isalpha() and word[at].isalpha())


def _is_mark(character: str) -> bool:
    return character in JOINERS or unicodedata.category(character).startswith("M")
