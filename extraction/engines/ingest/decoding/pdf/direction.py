"""Letters of right-to-left scripts in reading order.

pdfium reports them from right to left as they stand on the picture, whichever way the file stored them. That is their
reading order, unless the file drew the letters from left to right: then the words read right the other way.
"""

import unicodedata
from bisect import bisect
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import groupby

from extraction.engines.ingest.decoding.pdf.glyphs import Glyph

# Letters that end a word: the final forms of Hebrew, and two of Arabic.
_FINAL = frozenset("ךםןףץةى")
_ARTICLE = "ال"
_RIGHT_TO_LEFT = ("R", "AL")
# Signs that follow a number, and stand on its left in a line from the right.
_SIGNS_AFTER = ".,:;%،؛٪"
_OPENING, _CLOSING = "([{", ")]}"
_BRACKETS = _OPENING + _CLOSING
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


def with_brackets(word: Word) -> Word:
    """A word in reading order whose bracket opens at its beginning and closes at its end.

    pdfium mirrors the brackets of lines from the right, also of a file that had them as they stand on paper.
    """
    if len(word) < 2:
        return word
    ends = {0: dict(zip(_CLOSING, _OPENING, strict=True)), len(word) - 1: dict(zip(_OPENING, _CLOSING, strict=True))}
    return [replace(glyph, text=ends.get(at, {}).get(glyph.text, glyph.text)) for at, glyph in enumerate(word)]


def beside_right_to_left(words: Sequence[Word]) -> list[bool]:
    """For each word, whether letters of right-to-left scripts stand on its line."""
    letters = sorted((word for word in words if any(is_right_to_left(glyph.text) for glyph in word)), key=_height)
    heights = [_height(word) for word in letters]
    places = (bisect(heights, _height(word)) for word in words)
    near = (letters[max(place - 1, 0) : place + 1] for place in places)
    return [any(_is_level(other, word) for other in others) for word, others in zip(words, near, strict=True)]


def touching_joined(words: Sequence[list[Glyph]]) -> list[list[Glyph]]:
    """The words, where runs of right-to-left letters and signs without a gap are one, and numbers in brackets.

    pdfium divides them where the font changes, a mark stands higher than the letters, or it mirrors a bracket.
    """
    joined = _joined(words, [word for word in words if _is_from_right(word)])
    beside = zip(joined, beside_right_to_left(joined), strict=True)
    return _joined(joined, [word for word, near in beside if near and not _has_letters(word)], _is_bracket)


def _joined(
    words: Sequence[list[Glyph]], of: Iterable[list[Glyph]], joins: Callable[[Word], bool] = bool
) -> list[list[Glyph]]:
    """The words, where those `of` them that touch are one if either of them `joins`."""
    runs = sorted(of, key=lambda word: _edges(word)[0])
    joined: set[int] = set()
    near: list[list[Glyph]] = []
    for run in runs:
        left = _edges(run)[0] - TOUCHING * run[0].size
        near = [other for other in near if _edges(other)[1] >= left]
        before = next(
            (other for other in near if _is_level(other, run) and (joins(run[:1]) or joins(other[-1:]))), None
        )
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
        glyph.text in _SIGNS_AFTER + _BRACKETS or _is_mark(glyph) for glyph in word
    )


def _has_letters(word: Word) -> bool:
    return any(map(str.isalpha, (glyph.text for glyph in word)))


def _is_bracket(word: Word) -> bool:
    return all(glyph.text in _BRACKETS for glyph in word)


def _height(word: Word) -> float:
    """Where the middle of a word is from the top, twice."""
    return word[0].top + word[0].bottom


def _is_mark(glyph: Glyph) -> bool:
    return all(unicodedata.combining(character) for character in glyph.text)


def _edges(word: Word) -> tuple[float, float]:
    """Left and right."""
    return min(glyph.left for glyph in word), max(glyph.right for glyph in word)


def _is_level(a: Word, b: Word) -> bool:
    """Whether two words are on one line: marks stand above and below it."""
    size = max(a[0].size, b[0].size)
    return abs(_height(a) - _height(b)) < size


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
