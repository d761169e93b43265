"""Characters of a PDF page to words, by the gaps between them.

The places of the characters decide, for files write spaces where none is seen and none where there is a gap: letters
that are spaced wide are one word, text that is drawn twice to look bold is there once, and raised cents are a word of
their own.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, pairwise
from statistics import median

from extraction.domain.pages import Box
from extraction.engines.ingest.decoding.pdf.direction import (
    beside_right_to_left,
    in_reading_order,
    is_mostly_right_to_left,
    is_right_to_left,
    is_rightward,
    touching_joined,
    with_brackets,
    with_signs_after,
)
from extraction.engines.ingest.decoding.pdf.glyphs import Glyph
from extraction.engines.ingest.textlayer.words import ONLY, LayerWord, TextLayer

# Gap between two characters that parts words, in heights of a character; between letters that are spaced wide it is
# that much more than their own gap.
GAP = 0.35
# A second print of a character lies within this many heights of the first.
TWICE = 0.15
# Raised cents are at most so high as the digits before them, and end so much above their lower edge.
RAISED_HEIGHT, RAISED_BY = 0.75, 0.2
# Characters in a row that are one word when their gaps (at most so many heights) are alike to this factor.
SPACED_LETTERS, SPACED_GAP, SPACED_ALIKE = 4, 0.9, 1.6

Run = list[Glyph]


def layer_of(glyphs: Sequence[Glyph], width: int, height: int) -> TextLayer:
    """The words that are drawn and level on a picture of `width` × `height` pixels."""
    glyphs = list(_numbered(glyphs))
    runs = _spaced_letters_joined(_split(_not_doubled(glyph for glyph in glyphs if glyph.level)))
    words = list(_once(touching_joined(runs)))
    rightward = is_rightward(words)
    leftward_page = not rightward and is_mostly_right_to_left(words)
    ordered = (in_reading_order(word, rightward=rightward) for word in words)
    bracketed = (
        with_brackets(word) if near else word for word, near in zip(ordered, beside_right_to_left(words), strict=True)
    )
    found = (_word(with_signs_after(word) if leftward_page else word, width, height) for word in bracketed)
    return TextLayer(tuple(word for word in found if word is not None), rightward)


def _numbered(glyphs: Sequence[Glyph]) -> Iterator[Glyph]:
    """The characters with their drawings numbered from 1, where a font has several for one."""
    several = {(glyph.font, glyph.text) for glyph in glyphs if glyph.drawing}
    for glyph in glyphs:
        yield replace(glyph, drawing=glyph.drawing + ONLY + 1) if (glyph.font, glyph.text) in several else glyph


def _not_doubled(glyphs: Iterable[Glyph]) -> Iterator[Glyph]:
    """The characters without those that print the one before them again."""
    before: Glyph | None = None
    for glyph in glyphs:
        # Two characters of exactly one place are a ligature.
        again = before is not None and before.text == glyph.text and before.ink != glyph.ink
        if not (again and before is not None and not glyph.text.isspace() and _same_place(before, glyph)):
            yield glyph
        before = glyph


def _once(words: Iterable[Run]) -> Iterator[Run]:
    """The words without those that print an earlier one again."""
    seen: dict[tuple[str, int, int], list[Run]] = {}
    for word in words:
        text, step = "".join(glyph.text for glyph in word), _step(word[0])
        column, row = int(word[0].left // step), int(word[0].top // step)
        near = (seen.get((text, column + x, row + y), ()) for x in (-1, 0, 1) for y in (-1, 0, 1))
        alike = (other for others in near for other in others)
        if not any(_same_place(word[0], other[0]) and _same_place(word[-1], other[-1]) for other in alike):
            seen.setdefault((text, column, row), []).append(word)
            yield word


def _same_place(a: Glyph, b: Glyph) -> bool:
    step = _step(a)
    return abs(a.left - b.left) < step and abs(a.top - b.top) < step and abs(a.size - b.size) < 2 * step


def _step(glyph: Glyph) -> float:
    """Distance in pixels within which a character lies on another: narrow ones stand closer to each other."""
    return max(min(TWICE * glyph.size, (glyph.right - glyph.left) / 2), 0.5)


def _split(glyphs: Iterator[Glyph]) -> list[Run]:
    """Runs of characters without a space or a gap."""
    words: list[Run] = []
    for line in _lines(glyphs):
        wide = _own_gap(line)
        words.append([])
        for before, glyph in zip([None, *line], line, strict=False):
            if glyph.text.isspace():
                words.append([])
                continue
            if before is not None and (_raised(before, glyph) or _gap(before, glyph) > GAP + wide):
                words.append([])
            words[-1].append(_lowered(before, glyph) if before is not None and _raised(before, glyph) else glyph)
    return [word for word in words if word]


def _lines(glyphs: Iterator[Glyph]) -> Iterator[Run]:
    """The characters that follow each other on one line; soft hyphens and joiners belong to the one before."""
    line: Run = []
    for glyph in glyphs:
        if unicodedata.category(glyph.text[0]) == "Cf":
            if line:
                line[-1] = replace(line[-1], right=max(line[-1].right, glyph.right))
            continue
        ends = glyph.text in "\r\n"
        last = next((other for other in reversed(line) if not other.text.isspace()), None)
        if ends or (last is not None and not glyph.text.isspace() and _elsewhere(last, glyph)):
            yield line
            line = []
        if not ends:
            line.append(glyph)
    yield line


def _elsewhere(before: Glyph, glyph: Glyph) -> bool:
    """Whether `glyph` stands on another line, or goes back on this one."""
    size = max(before.size, 1.0)
    backwards = is_right_to_left(glyph.text) or is_right_to_left(before.text)
    return abs((glyph.top + glyph.bottom) - (before.top + before.bottom)) > size or (
        glyph.left < before.left - 0.5 * size and not backwards
    )


def _gap(before: Glyph, glyph: Glyph) -> float:
    """The gap between two characters in heights of the first, on whichever side the second stands; 0 around a space."""
    if before.text.isspace():
        return 0.0
    return max(glyph.left - before.right, before.left - glyph.right) / max(before.size, 1.0)


def _own_gap(line: Run) -> float:
    """The gap of letters that are spaced wide, in heights; 0 for a usual line."""
    gaps = [_gap(a, b) for a, b in pairwise(line) if not (a.text + b.text).isspace()]
    gaps = [gap for gap in gaps if gap]
    usual = median(gaps) if len(gaps) >= SPACED_LETTERS else 0.0
    return usual if usual > GAP / 2 else 0.0


def _raised(before: Glyph, glyph: Glyph) -> bool:
    """Whether `glyph` begins cents that are printed small and high after the digits of a price."""
    return (
        before.text.isdigit()
        and glyph.text.isdigit()
        and glyph.size < RAISED_HEIGHT * before.size
        and before.bottom - glyph.bottom > RAISED_BY * before.size
    )


def _lowered(before: Glyph, glyph: Glyph) -> Glyph:
    """Raised cents with a box down to the line on which they are read."""
    return replace(glyph, bottom=before.bottom)


def _spaced_letters_joined(words: Sequence[Run]) -> list[Run]:
    """The words, where single letters with equal gaps (`C A F E`) are one."""
    joined: list[Run] = []
    spaced: list[Run] = []
    for word in [*words, []]:
        if spaced and not _continues(spaced, word):
            joined += [list(chain.from_iterable(spaced))] if len(spaced) >= SPACED_LETTERS else spaced
            spaced = []
        if len(word) == 1:
            spaced.append(word)
        elif word:
            joined.append(word)
    return joined


def _continues(spaced: Sequence[Run], word: Run) -> bool:
    """Whether a single letter follows others at their own distance."""
    if len(word) != 1 or _elsewhere(spaced[-1][-1], word[0]):
        return False
    gap = _gap(spaced[-1][-1], word[0])
    first = _gap(spaced[0][-1], spaced[1][0]) if len(spaced) > 1 else gap
    return 0 < gap < SPACED_GAP and gap < SPACED_ALIKE * first and first < SPACED_ALIKE * gap


def _word(word: Sequence[Glyph], width: int, height: int) -> LayerWord | None:
    """The word; `None` where it is not drawn, or a character is unknown and its place must be read from the picture."""
    if not all(glyph.readable for glyph in word) or 2 * sum(glyph.drawn for glyph in word) < len(word):
        return None
    box = Box.clamped(
        min(glyph.left for glyph in word) / width,
        min(glyph.top for glyph in word) / height,
        max(glyph.right for glyph in word) / width,
        max(glyph.bottom for glyph in word) / height,
    )
    drawings = tuple(glyph.drawing for glyph in word for _ in glyph.text)
    return LayerWord("".join(glyph.text for glyph in word), box, word[0].font, drawings if any(drawings) else ())
