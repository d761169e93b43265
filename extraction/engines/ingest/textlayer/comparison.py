"""Whether the words of a text layer say what is printed: a sample of them is read by OCR at their places.

A font whose map from glyphs to characters is wrong spoils all its words, so the sample spreads over fonts and, in each,
over characters, digits first. Each word costs one run of the recogniser and none of the detector. Where a reading
differs, more words with the same character are read before the font is given up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import combinations

from PIL import Image

from extraction.domain.pages import Box
from extraction.engines.ingest.ocr.base import OcrEngine
from extraction.engines.ingest.textlayer.ink import overlap
from extraction.engines.ingest.textlayer.spelling import CERTAIN, Comparison, folded, is_comparable, units
from extraction.engines.ingest.textlayer.words import LayerWord

# Words of a page in the sample and their width all together in heights of a line: the recogniser takes about 4 ms for
# a word and 45 ms for all of them, where reading the page takes half a second and more.
SAMPLE, SAMPLE_WIDTH = 12, 17.0
# Words read in addition for each font that a reading contradicts, and words that lie on others.
MORE, CONTESTED = 8, 20
# Words of each font among which the sample is chosen, and words of a row that are compared with each other.
CANDIDATES, CROWDED = 100, 80
GOLDEN = (5**0.5 - 1) / 2
# Of a digit as against a letter: a wrong digit is a wrong amount.
DIGIT_WEIGHT = 3
# Smallest height in pixels at which a word is read reliably, and margin of its picture.
LOWEST, MARGIN = 12, 2
# The second look at a word, at another size.
SECOND_LOOK = 1.4
# From this overlap on (of the smaller) one of two words lies on the other.
ON_OTHERS = 0.6
# Occurrences that convict a character, and the fraction of all that were compared.
TWICE, HALF = 2, 0.5


def believed(image: Image.Image, words: Sequence[LayerWord], engine: OcrEngine) -> list[LayerWord]:
    """The words that say what is printed, as far as a sample tells."""
    readable = [word for word in words if is_comparable(word) and word.box.height * image.height >= LOWEST]
    contested = list(_contested(readable))[:CONTESTED]
    compared = _compare(image, [*_sample(readable, image.width / image.height), *contested], engine)
    beside = [one for one in compared if one.word not in contested]
    bad = {
        font
        for font in {one.word.font for one in beside if one.wrong}
        if _is_bad(font, beside, readable, image, engine)
    }
    refused = {one.word for one in compared if one.refutes}
    return [word for word in words if word.font not in bad and word not in refused]


def _sample(words: Sequence[LayerWord], aspect: float) -> list[LayerWord]:
    """Words that together hold the most characters of the fonts, digits above all.

    `aspect` is the width of the page by its height.
    """
    weights = {
        word: {unit: DIGIT_WEIGHT if unit[1].isdigit() else 1 for unit in units(word)} for word in _candidates(words)
    }
    seen: set[tuple[int, str]] = set()
    chosen: list[LayerWord] = []
    room = SAMPLE_WIDTH

    def gain(word: LayerWord) -> float:
        return sum(weight for unit, weight in weights[word].items() if unit not in seen) / (1 + aspect * _shape(word))

    waiting = set(weights)
    while waiting and len(chosen) < SAMPLE and room > 0:
        best = max(waiting, key=lambda word: (gain(word), -word.box.y0, -word.box.x0))
        if not gain(best):
            break
        waiting.remove(best)
        chosen.append(best)
        seen.update(weights[best])
        room -= aspect * _shape(best)
    return chosen


def _candidates(words: Sequence[LayerWord]) -> Iterator[LayerWord]:
    """Words from all over the page, a bounded number of each font."""
    fonts: dict[int, list[LayerWord]] = {}
    for word in words:
        fonts.setdefault(word.font, []).append(word)
    for own in fonts.values():
        # Steps of the golden ratio: equal ones would fall into one column of a table.
        places = (int(number * GOLDEN % 1 * len(own)) for number in range(CANDIDATES))
        yield from own if len(own) <= CANDIDATES else (own[place] for place in dict.fromkeys(places))


def _shape(word: LayerWord) -> float:
    """The width of a word in heights, on a page as wide as high."""
    return word.box.width / max(word.box.height, 1e-6)


def _contested(words: Sequence[LayerWord]) -> Iterator[LayerWord]:
    """Words that lie on others, of which at most one is seen."""
    rows: dict[int, list[LayerWord]] = {}
    for word in words:
        rows.setdefault(round(word.box.center[1] * 100), []).append(word)
    for row in rows:
        near = [*rows[row], *rows.get(row + 1, ())]
        for a, b in combinations(near, 2) if len(near) < CROWDED else ():
            if overlap(a.box, b.box) > ON_OTHERS:
                yield from (a, b)


def _compare(
    image: Image.Image, words: Collection[LayerWord], engine: OcrEngine, scale: float = 1.0
) -> list[Comparison]:
    distinct = list(dict.fromkeys(words))
    readings = engine.recognise([_picture(image, word.box, scale) for word in distinct]) if distinct else []
    return [Comparison(word, *reading) for word, reading in zip(distinct, readings, strict=True)]


def _picture(image: Image.Image, box: Box, scale: float) -> Image.Image:
    margin = round(MARGIN * scale)
    cut = image.crop(
        (
            int(box.x0 * image.width) - margin,
            int(box.y0 * image.height) - margin,
            int(box.x1 * image.width) + margin + 1,
            int(box.y1 * image.height) + margin + 1,
        )
    )
    return cut if scale == 1 else cut.resize((round(cut.width * scale), round(cut.height * scale)))


def _is_bad(
    font: int, compared: Sequence[Comparison], words: Sequence[LayerWord], image: Image.Image, engine: OcrEngine
) -> bool:
    """Whether the font's words do not say what they show; reads more of them."""
    own = [one for one in compared if one.word.font == font]
    known = {one.word for one in own}
    suspects = {layer for one in own for layer, _ in one.wrong}
    others = [word for word in dict.fromkeys(words) if word.font == font and word not in known]
    telling = [word for word in others if "" in suspects or suspects & set(folded(word.text))]
    own += _compare(image, telling[:MORE], engine)
    foreign = [one for one in own if one.foreign]
    if _says_another(own, TWICE if len(own) > 1 or foreign else 1) or _says_another(foreign, TWICE):
        return True
    return _convicted(own) or (not telling and _stays_wrong([one for one in own if one.is_digit], image, engine))


def _says_another(compared: Sequence[Comparison], least: int) -> bool:
    """Whether half of the words, and at least so many, have nothing to do with what is printed."""
    count = sum(one.another for one in compared)
    return count >= least and count >= HALF * len(compared)


def _convicted(compared: Sequence[Comparison]) -> bool:
    """Whether one character is wrong in the same way in several words, and in most that hold it."""
    pairs = Counter(pair for one in compared if not one.foreign for pair in one.wrong)
    held = Counter(character for one in compared for character in set(folded(one.word.text)))
    return any(count >= TWICE and (not layer or count >= HALF * held[layer]) for (layer, _), count in pairs.items())


def _stays_wrong(compared: Sequence[Comparison], image: Image.Image, engine: OcrEngine) -> bool:
    """Whether a second look at the only words that hold a digit sees the same other digit."""
    sure = [one for one in compared if one.confidence >= CERTAIN]
    again = _compare(image, [one.word for one in sure], engine, SECOND_LOOK)
    return any(one.wrong and one.wrong == other.wrong for one, other in zip(sure, again, strict=True))
