"""Choice of the words of a page that are compared with the picture: few that hold all characters of its fonts.

Digits and signs come first, the rarest of each font before the others, so that each is compared at least once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TypeVar

from extraction.engines.ingest.textlayer import figures
from extraction.engines.ingest.textlayer.spelling import folded
from extraction.engines.ingest.textlayer.words import LayerWord

# Words chosen for their letters and the width of all of them in heights of a line: the recogniser takes about 4 ms for
# a word, where reading the page takes half a second and more.
LETTERS, WIDTH = 5, 7.0
# Words of each font among which those for letters are chosen, and those among which one is chosen for a digit or sign.
CANDIDATES, CHOICES = 100, 12
GOLDEN = (5**0.5 - 1) / 2

T = TypeVar("T")
# A font of the page and a character of it.
Held = tuple[int, object]


def sample(words: Sequence[LayerWord], aspect: float) -> list[LayerWord]:
    """Words that together hold all digits and signs of the fonts, and most of their letters.

    `aspect` is the width of the page by its height.
    """
    chosen = for_figures(words, aspect)
    return [*chosen, *_for_letters(words, chosen, aspect)]


def for_figures(words: Sequence[LayerWord], aspect: float, but: Collection[Held] = ()) -> list[LayerWord]:
    """Few words that hold every digit and sign of every font, except for those in `but`."""
    held = [{(word.font, unit) for unit in figures.units(word)} for word in words]
    holders: dict[Held, list[int]] = {}
    for at, own in enumerate(held):
        for unit in own:
            holders.setdefault(unit, []).append(at)
    missing = set(holders) - set(but)
    chosen: list[LayerWord] = []
    for rarest in sorted(missing, key=lambda unit: (len(holders[unit]), repr(unit))):
        if rarest in missing:
            best = max(
                _spread(holders[rarest], CHOICES), key=lambda at: len(held[at] & missing) / _cost(words[at], aspect)
            )
            chosen.append(words[best])
            missing -= held[best]
    return chosen


def _for_letters(words: Sequence[LayerWord], chosen: Sequence[LayerWord], aspect: float) -> Iterator[LayerWord]:
    """Words that hold the most letters of the fonts which the chosen ones lack."""
    fonts: dict[int, list[LayerWord]] = {}
    for word in words:
        fonts.setdefault(word.font, []).append(word)
    held = {word: set(_letters(word)) for own in fonts.values() for word in _spread(own, CANDIDATES)}
    seen = {letter for word in chosen for letter in _letters(word)}
    room = WIDTH
    for _ in range(LETTERS):
        best = max(held, key=lambda word: len(held[word] - seen) / _cost(word, aspect), default=None)
        if best is None or room <= 0 or held[best] <= seen:
            return
        seen |= held[best]
        room -= aspect * _shape(best)
        yield best


def _letters(word: LayerWord) -> Iterator[Held]:
    """The font's letters that a comparison of the word tests; signs count as one."""
    return ((word.font, character) for character in folded(word.text) or " ")


def _spread(words: Sequence[T], most: int) -> Sequence[T]:
    """At most so many of the words, from all over the page."""
    if len(words) <= most:
        return words
    # Steps of the golden ratio: equal ones would fall into one column of a table.
    places = (int(number * GOLDEN % 1 * len(words)) for number in range(most))
    return [words[place] for place in dict.fromkeys(places)]


def _cost(word: LayerWord, aspect: float) -> float:
    return 1 + aspect * _shape(word)


def _shape(word: LayerWord) -> float:
    """The width of a word in heights, on a page as wide as high."""
    return word.box.width / max(word.box.height, 1e-6)
