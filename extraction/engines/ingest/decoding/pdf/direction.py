"""Letters of right-to-left scripts in reading order.

pdfium reports them from right to left as they stand on the picture, whichever way the file stored them. That is their
reading order, unless the file drew the letters from left to right: then the words read right the other way.
"""

import unicodedata
from collections.abc import Sequence
from itertools import groupby

from extraction.engines.ingest.decoding.pdf.glyphs import Glyph

# Letters that end a word: the final forms of Hebrew, and two of Arabic.
_FINAL = frozenset("ךםןףץةى")
_ARTICLE = "ال"
_RIGHT_TO_LEFT = ("R", "AL")
Word = Sequence[Glyph]


def is_rightward(words: Sequence[Word]) -> bool:
    """Whether letters of right-to-left scripts were drawn from left to right, as their words show."""
    texts = (_letters(in_reading_order(word, rightward=False)) for word in words)
    return sum(_sense(text) for text in texts if len(text) > 2) < 0


def in_reading_order(word: Word, *, rightward: bool) -> Word:
    """The characters of a word in reading order."""
    if not any(is_right_to_left(glyph.text) for glyph in word):
        return word
    clusters = _clusters(word)
    clusters.sort(key=lambda cluster: cluster[0].middle, reverse=not rightward)
    if not rightward:
        clusters = _with_numbers_forwards(clusters)
    return [glyph for cluster in clusters for glyph in cluster]


def is_right_to_left(text: str) -> bool:
    return any(unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in text)


def _letters(word: Word) -> str:
    """The right-to-left letters of a word."""
    return "".join(glyph.text for glyph in word if is_right_to_left(glyph.text))


def _clusters(word: Word) -> list[list[Glyph]]:
    """Each letter with the marks above and below it."""
    clusters: list[list[Glyph]] = []
    for glyph in word:
        if clusters and all(unicodedata.combining(character) for character in glyph.text):
            clusters[-1].append(glyph)
        else:
            clusters.append([glyph])
    return clusters


def _with_numbers_forwards(clusters: Sequence[list[Glyph]]) -> list[list[Glyph]]:
    """The order from right to left, in which runs of digits and Latin letters keep running from left to right."""
    ordered: list[list[Glyph]] = []
    for backwards, run in groupby(clusters, key=lambda cluster: not _is_left_to_right(cluster[0].text)):
        part = list(run)
        ordered += part if backwards else part[::-1]
    return ordered


def _is_left_to_right(text: str) -> bool:
    return any(unicodedata.bidirectional(character) in ("L", "EN", "AN", "CS", "ES", "ET") for character in text)


def _sense(text: str) -> int:
    """Positive where the letters make sense in this order, negative where they do in the other."""
    forwards = text.startswith(_ARTICLE) + (text[-1] in _FINAL)
    backwards = text.endswith(_ARTICLE[::-1]) + (text[0] in _FINAL)
    return forwards - backwards
