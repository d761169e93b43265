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
# Signs that follow a number, and stand on its left in a line from the right.
_SIGNS_AFTER = ".,:;%،؛٪"
# Gap in heights of a letter up to which two runs are one word: spaces have 0.2 and more.
TOUCHING = 0.08
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


def is_mostly_right_to_left(words: Sequence[Word]) -> bool:
    """Whether most letters are of right-to-left scripts."""
    letters = [is_right_to_left(glyph.text) for word in words for glyph in word if glyph.text.isalpha()]
    return 2 * sum(letters) > len(letters)


def with_signs_after(word: Word) -> Word:
    """A number with the sign behind it that stands on its left on a page that is read from the right."""
    texts = [glyph.text for glyph in word]
    signs = next((at for at, text in enumerate(texts) if text not in _SIGNS_AFTER), 0)
    is_number = signs > 0 and texts[signs].isdigit() and not any(map(str.isalpha, texts))
    return [*word[signs:], *word[:signs]] if is_number else word


def touching_joined(words: Sequence[list[Glyph]]) -> list[list[Glyph]]:
    """The words, where runs of right-to-left letters and signs without a gap are one.

    pdfium divides them where the font changes or a mark stands higher than the letters.
    """
    runs = sorted(filter(_is_from_right, words), key=lambda word: _edges(word)[0])
    joined: set[int] = set()
    near: list[list[Glyph]] = []
    for run in runs:
        left = _edges(run)[0] - TOUCHING * run[0].size
        near = [other for other in near if _edges(other)[1] >= left]
        before = next((other for other in near if _is_level(other, run)), None)
        if before is None:
            near.append(run)
        else:
            before += run
            joined.add(id(run))
    return [word for word in words if id(word) not in joined]


def is_right_to_left(text: str) -> bool:
    return any(unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in text)


def _letters(word: Word) -> str:
    """The right-to-left letters of a word."""
    return "".join(glyph.text for glyph in word if is_right_to_left(glyph.text))


def _is_from_right(word: Word) -> bool:
    """Whether a word has letters of right-to-left scripts, or may be a sign or mark beside some."""
    return any(is_right_to_left(glyph.text) for glyph in word) or all(
        glyph.text in _SIGNS_AFTER or _is_mark(glyph) for glyph in word
    )


def _is_mark(glyph: Glyph) -> bool:
    return all(unicodedata.combining(character) for character in glyph.text)


def _edges(word: Word) -> tuple[float, float]:
    """Left and right."""
    return min(glyph.left for glyph in word), max(glyph.right for glyph in word)


def _is_level(a: Word, b: Word) -> bool:
    """Whether two words are on one line: marks stand above and below it."""
    size = max(a[0].size, b[0].size)
    return abs(a[0].top + a[0].bottom - b[0].top - b[0].bottom) < size


def _clusters(word: Word) -> list[list[Glyph]]:
    """Each letter with the marks above and below it, which come before or after it."""
    clusters = [[glyph] for glyph in word if not _is_mark(glyph)] or [[glyph] for glyph in word]
    if len(clusters) < len(word):
        for mark in filter(_is_mark, word):
            min(clusters, key=lambda cluster: abs(cluster[0].middle - mark.middle)).append(mark)
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
