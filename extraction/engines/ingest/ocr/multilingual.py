"""An engine of two: one that is fast and finds the lines of every script, and one that has data for each language.

The first reads every line. What it reads badly, and what the project's languages write in letters that it lacks, is
read by the second, line by line, so that a Latin line or an amount stays with the first. A page whose lines are Latin
stays with it but for what it read badly.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from PIL import Image

from extraction.domain.languages import Language, Script, script_of
from extraction.domain.pages import Word
from extraction.engines.ingest.ocr.base import OcrEngine
from extraction.engines.ingest.ocr.codes import is_code
from extraction.engines.ingest.ocr.lines import Line, Piece, confidence_of, cut, joined, piece_on_page, pieces, words_of
from extraction.engines.ingest.ocr.lookalikes import (
    in_script,
    is_all_latin,
    is_latin,
    own_letters,
    own_script,
    script_meant,
)
from extraction.engines.ingest.ocr.tesseract import ENGLISH, Tesseract

# Confidence (0–1) from which the first engine's reading of an amount, a Chinese or Japanese line or a Latin one stands.
AMOUNT, LATIN = 0.9, 0.97
# Characters by heights of a line: printed text has 1.6 to 2.2, a line of which letters were left out fewer. Of amounts
# alone 98 in a hundred have 1.67 and more, beside a label that was left out 0.8 to 1.5.
DENSE, DENSE_AMOUNT = 0.9, 1.6
# Confidence below which the second engine's reading counts only where the first was no surer.
DOUBTFUL = 0.5
# Part of a word that lies on an amount which the first engine read.
SAME = 0.6
# Two letters.
_WORD = re.compile(r"[^\W\d_]{2}")
# What a first engine makes of the edges of letters that it left out beside an amount.
_EDGES = ":|"
# Share of the lines that tell their script, by length, from which a page is in it. Receipts in Latin letters have 0.77
# and more, in Greek or Cyrillic ones 0, and one in two languages 0.44.
MOST = 2 / 3


class LineFinder(OcrEngine, Protocol):
    """An engine that finds lines whatever their script."""

    def lines(self, image: Image.Image, *, unread: bool = False) -> list[Line]:
        """Lines with their corners in pixels, with `unread` also those that it could not read."""


class LineReader(Protocol):
    """An engine that reads pictures of one line each."""

    name: str

    def words_of(self, lines: Sequence[Image.Image]) -> list[list[Piece]]:
        """The words of each from left to right."""


@dataclass(frozen=True)
class Multilingual:
    """See `base.OcrEngine`. `languages` are those for whose lines `second` has data."""

    first: LineFinder
    second: LineReader
    languages: tuple[Language, ...]
    # Pages that Tesseract read had 0.85 and more upright, and below 0.6 upside down.
    doubtful: float = 0.7

    @property
    def name(self) -> str:
        return f"{self.first.name}, {self.second.name}"

    def read(self, image: Image.Image) -> tuple[Word, ...]:
        """The words of a picture in reading order, boxes as fractions of its size."""
        lines = self.first.lines(image, unread=True)
        read = self._read(lines, lambda line: cut(image, line))
        placed = (piece_on_page(line, piece) for line, words in zip(lines, read, strict=True) for piece in words)
        return words_of(placed, image.width, image.height)

    def recognise(self, lines: Sequence[Image.Image]) -> list[tuple[str, float]]:
        """Texts and confidences of pictures of one word or line each."""
        pictures = {
            _whole(line, *reading): line for line, reading in zip(lines, self.first.recognise(lines), strict=True)
        }
        return [joined(words) for words in self._read(list(pictures), pictures.__getitem__)]

    def _read(self, lines: Sequence[Line], picture: Callable[[Line], Image.Image]) -> list[list[Piece]]:
        """The words of each line, which `first` has read and `picture` shows."""
        latin = self._is_latin_page(lines)
        foreign = [number for number, line in enumerate(lines) if self._is_foreign(line, latin)]
        readings = dict(zip(foreign, self.second.words_of([picture(lines[number]) for number in foreign]), strict=True))
        page = (
            Script.LATIN
            if latin
            else own_script((word.text for row in readings.values() for word in row), self._scripts)
        )
        return [
            self._chosen(line, readings[number], page) if number in readings else pieces(line)
            for number, line in enumerate(lines)
        ]

    def _is_latin_page(self, lines: Sequence[Line]) -> bool:
        """Whether most of the lines that tell their script are Latin."""
        latin = sum(line.length for line in lines if self._is_latin(line))
        other = sum(line.length for line in lines if not self._is_latin(line) and _is_other(line))
        return latin > 0 and latin >= MOST * (latin + other)

    def _is_latin(self, line: Line) -> bool:
        return line.confidence >= LATIN and is_latin(line.text, self._scripts)

    def _is_foreign(self, line: Line, latin: bool) -> bool:
        """Whether the line may hold letters that the first engine lacks; `latin`: the page is Latin."""
        characters = _characters(line)
        if not _is_dense(line):
            return True
        if _is_east_asian(characters):
            return line.confidence < AMOUNT
        if not any(map(str.isalpha, characters)):
            return line.confidence < AMOUNT or not (latin or self._is_amount_alone(line))
        if self._marks:
            return line.confidence < AMOUNT or not _is_amount_of_units(line)
        return not (self._is_latin(line) or (latin and line.confidence >= LATIN and is_all_latin(line.text)))

    def _chosen(self, line: Line, words: Sequence[Piece], page: Script) -> list[Piece]:
        """The words of the line as one of the engines read them; `words` are the second one's."""
        own = pieces(line)
        if page is Script.LATIN and not self._marks and self._stays_latin(line, words):
            return own
        if confidence_of(words) < min(DOUBTFUL, line.confidence):
            return self._spelled(own, page)
        if _is_amount_beside(line, words):
            return own
        kept = [fitted for word in own if (fitted := self._kept(word, own, words))]
        rest = [word for word in words if not any(other.covers(word, SAME) for other in kept)]
        return [*self._spelled(rest, page), *kept]

    def _is_amount_alone(self, line: Line) -> bool:
        """Whether a line that was read as digits and signs has nothing but these.

        Hebrew letters are taken for digits.
        """
        if set(self._scripts) == {Script.LATIN}:
            return True
        one = not self._from_right or len(line.text.split()) == 1
        return one and _is_dense(line, DENSE_AMOUNT)

    def _stays_latin(self, line: Line, words: Sequence[Piece]) -> bool:
        """Whether on a Latin page the first engine's Latin reading stands against the second's."""
        own = any(own_letters(word.text, script) for word in words for script in self._scripts)
        return is_all_latin(line.text) and not (own and confidence_of(words) > line.confidence)

    def _kept(self, word: Piece, own: Sequence[Piece], words: Sequence[Piece]) -> Piece | None:
        """A word of the first engine that stands, where the second saw it: a code, or an amount where both read one.

        `own` are all words of the first one, `words` the second's.
        """
        if word.confidence >= LATIN and not self._marks and is_code(word.text, self._scripts):
            return word if any(word.covers(other, SAME) for other in words) else None
        if not _is_amount(word):
            return None
        others = [other for other in words if _is_amount(other, 0) and _on_each_other(word, other)]
        groups = [group for group in own if _is_amount(group) and any(_on_each_other(group, other) for other in others)]
        if not others or _left_out("".join(group.text for group in groups).strip(_EDGES), others):
            return None
        # The first engine counts a label that it left out as part of the amount beside it.
        start, end = max(word.start, others[0].start), min(word.end, others[-1].end)
        return replace(word, text=word.text.strip(_EDGES) or word.text, start=start, end=max(start, end))

    def _spelled(self, words: Sequence[Piece], page: Script) -> list[Piece]:
        """The words of a line, each in letters of one script."""
        meant = script_meant(" ".join(word.text for word in words), self._scripts, page)
        return [replace(word, text=self._in_one_script(word.text, meant)) for word in words]

    def _in_one_script(self, text: str, meant: Script | None) -> str:
        """The word in the script of which it has a letter of its own; one that could be in several in `meant`."""
        scripts = (script for script in self._scripts if script is not Script.LATIN)
        own = next((script for script in scripts if own_letters(text, script)), meant)
        return text if own is None else in_script(text, own)

    @property
    def _from_right(self) -> bool:
        return any(script in (Script.ARABIC, Script.HEBREW) for script in self._scripts)

    @property
    def _marks(self) -> bool:
        return any(language.marks for language in self.languages)

    @property
    def _scripts(self) -> tuple[Script, ...]:
        return tuple(dict.fromkeys(language.script for language in self.languages))


def rapid_with_tesseract(threads: int, languages: tuple[Language, ...]) -> Multilingual:
    """RapidOCR, and Tesseract for lines in these languages. Raises `OcrUnavailable`."""
    from extraction.engines.ingest.ocr.registry import engine

    first: Any = engine("rapidocr", threads)
    # English would leave out the marks of other Latin letters.
    foreign = any(language.script is not Script.LATIN for language in languages)
    data = [language.tesseract for language in languages]
    second = Tesseract(threads, data, second_look=(ENGLISH,) if foreign else ())
    return Multilingual(first, second, languages)


def _characters(line: Line) -> list[str]:
    return [character for character in line.text if not character.isspace()]


def _is_dense(line: Line, least: float = DENSE) -> bool:
    """Whether the first engine left out no letters."""
    return len(_characters(line)) >= least * line.length / max(line.height, 1)


def _is_other(line: Line) -> bool:
    """Whether a line is probably in a script that the first engine lacks; Chinese and Japanese are none of them."""
    if not _is_dense(line):
        return True
    letters = any(map(str.isalpha, line.text))
    return letters and not _is_east_asian(line.text) and (line.confidence < AMOUNT or not is_all_latin(line.text))


def _is_east_asian(characters: Iterable[str]) -> bool:
    """Whether a quarter or more of the letters is Chinese or Japanese, which the first engine reads well."""
    scripts = [script for script in map(script_of, characters) if script]
    return 4 * sum(script in (Script.CHINESE, Script.JAPANESE) for script in scripts) >= max(len(scripts), 1)


def _whole(picture: Image.Image, text: str, confidence: float) -> Line:
    """The line that fills a picture."""
    width, height = picture.size
    return Line(text, confidence, ((0, 0), (width, 0), (width, height), (0, height)))


def _is_amount(word: Piece, least: float = AMOUNT) -> bool:
    """Whether the word has digits and no letters, and was read with that confidence."""
    digits, letters = (any(map(kind, word.text)) for kind in (str.isdigit, str.isalpha))
    return digits and not letters and word.confidence >= least


def _is_amount_of_units(line: Line) -> bool:
    """Whether a line has digits and no letters but single ones: `2 x 53.000`, `4,40 A`."""
    return any(map(str.isdigit, line.text)) and not _WORD.search(line.text)


def _is_amount_beside(line: Line, words: Sequence[Piece]) -> bool:
    """Whether digits and signs were read, and in the second reading no word is a label of them."""
    label = any(sum(map(str.isalpha, word.text)) > 1 for word in words)
    return line.confidence >= AMOUNT and _is_amount(Piece(line.text, line.confidence, 0, 1)) and not label


def _on_each_other(a: Piece, b: Piece) -> bool:
    return a.covers(b, SAME) or b.covers(a, SAME)


def _left_out(text: str, others: Sequence[Piece]) -> bool:
    """Whether a sure reading of the same place has the characters of `text` and more of them."""
    longer = "".join(other.text for other in others)
    rest = iter(longer)
    return len(longer) > len(text) and confidence_of(others) >= AMOUNT and all(letter in rest for letter in text)
