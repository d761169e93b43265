"""Whether the words of a text layer say what is printed: a sample of them is read by OCR at their places.

A font whose map from glyphs to characters is wrong spoils all its words, so the sample holds every digit and sign of
every font and most letters. Each word costs one run of the recogniser, none of the detector. Where a reading differs,
more words with the same character are read before the font is given up, or its only word once more at another size.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from PIL import Image

from extraction.domain.pages import Box
from extraction.engines.ingest.ocr.base import OcrEngine
from extraction.engines.ingest.textlayer.figures import Contradiction, Unit, units
from extraction.engines.ingest.textlayer.ink import overlap
from extraction.engines.ingest.textlayer.sampling import for_figures, sample
from extraction.engines.ingest.textlayer.spelling import CERTAIN, Comparison, folded, is_comparable
from extraction.engines.ingest.textlayer.words import LayerWord

# Words read in addition for each font that a reading contradicts, and words that lie on others.
MORE, CONTESTED = 8, 20
# Words of a row that are compared with each other, and words read in addition for unclear digits and signs.
CROWDED, UNCLEAR = 80, 4
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
    compared = _compare(image, [*sample(readable, image.width / image.height), *contested], engine)
    beside = [one for one in compared if one.word not in contested]
    beside += _compare(image, _unclear(beside, readable, image.width / image.height), engine)
    bad = {
        font
        for font in {one.word.font for one in beside if one.wrong or one.contradicted}
        if _is_bad(font, beside, readable, image, engine)
    }
    lacking = {pair for one in beside for pair in one.contradicted if pair[0] is None}
    refused = {one.word for one in compared if one.refutes}
    refused.update(_insisting([one for one in beside if one.word.font not in bad], image, engine, lacking))
    return [word for word in words if word.font not in bad and word not in refused]


def _unclear(compared: Sequence[Comparison], words: Sequence[LayerWord], aspect: float) -> list[LayerWord]:
    """Other words with the digits and signs about which the readings so far say nothing."""
    known = {one.word for one in compared}
    clear = {
        (one.word.font, unit)
        for one in compared
        for unit in {*one.confirmed, *(own for own, _ in one.contradicted if own)}
    }
    return for_figures([word for word in words if word not in known], aspect, clear)[:UNCLEAR]


def _contested(words: Sequence[LayerWord]) -> Iterator[LayerWord]:
    """Words that lie on others, of which at most one is seen."""
    rows: dict[int, list[LayerWord]] = {}
    for word in words:
        rows.setdefault(round(word.box.center[1] * 100), []).append(word)
    for row in rows:
        near = sorted([*rows[row], *rows.get(row + 1, ())], key=lambda word: word.box.x0)
        for at, a in enumerate(near if len(near) < CROWDED else ()):
            for b in near[at + 1 :]:
                if b.box.x0 >= a.box.x1:
                    break
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
    others = [word for word in dict.fromkeys(words) if word.font == font and word not in known]
    suspects = {layer for one in own for layer, _ in one.wrong}
    figures = {unit for one in own for unit, _ in one.contradicted if unit}
    telling = [word for word in others if "" in suspects or suspects & set(folded(word.text))][:MORE]
    telling += [word for word in others if figures & units(word)][:MORE]
    own += _compare(image, telling, engine)
    foreign = [one for one in own if one.foreign]
    if _says_another(own, TWICE if len(own) > 1 or foreign else 1) or _says_another(foreign, TWICE):
        return True
    return _convicted(own) or any(_misleads(unit, own, image, engine) for unit in figures)


def _says_another(compared: Sequence[Comparison], least: int) -> bool:
    """Whether half of the words, and at least so many, have nothing to do with what is printed."""
    count = sum(one.another for one in compared)
    return count >= least and count >= HALF * len(compared)


def _convicted(compared: Sequence[Comparison]) -> bool:
    """Whether one character is wrong in the same way in several words, and in most that hold it."""
    pairs = Counter(pair for one in compared if not one.foreign for pair in one.wrong)
    held = Counter(character for one in compared for character in set(folded(one.word.text)))
    return any(count >= TWICE and (not layer or count >= HALF * held[layer]) for (layer, _), count in pairs.items())


def _misleads(unit: Unit, compared: Sequence[Comparison], image: Image.Image, engine: OcrEngine) -> bool:
    """Whether the font shows another digit or sign than this: in several words, or in its only one at two sizes."""
    against = [one for one in compared if any(own == unit for own, _ in one.contradicted)]
    confirming = sum(unit in one.confirmed for one in compared)
    ((pair, count),) = Counter(pair for one in against for pair in one.contradicted if pair[0] == unit).most_common(1)
    if len({one.word.text for one in against}) >= TWICE:
        return count >= TWICE and count >= HALF * (len(against) + confirming)
    return not confirming and bool(_insisting(against, image, engine, {pair}))


def _insisting(
    compared: Sequence[Comparison], image: Image.Image, engine: OcrEngine, on: Collection[Contradiction]
) -> list[LayerWord]:
    """The words in which a second look at another size contradicts the same digits or signs, of those in `on`."""
    sure = [one for one in compared if one.confidence >= CERTAIN and one.contradicted & set(on)]
    again = _compare(image, [one.word for one in sure], engine, SECOND_LOOK)
    return [
        one.word
        for one, other in zip(sure, again, strict=True)
        if other.confidence >= CERTAIN and one.contradicted & other.contradicted & set(on)
    ]
