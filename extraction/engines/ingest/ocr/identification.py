"""The language of a document, from its words, and from its picture where an engine could not read it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from PIL import Image

from extraction.domain.languages import LANGUAGES, Language, Script, script_of, scripts_of
from extraction.domain.pages import Word
from extraction.engines.ingest.ocr import registry, tesseract
from extraction.engines.ingest.ocr.lines import Line, Piece, confidence_of, cut

# Letters without which a document says nothing, those that a language alone has or that are words, and confidence (0–1)
# from which a letter was read.
FEW, FEW_OWN, READ = 20, 6, 0.8
# Share of the words with letters of another script from which that is the document's; receipts in Greek capitals have
# a seventh of them, as RapidOCR reads them, and others none.
OTHER_SCRIPT = 0.08
# Share of letters among the characters below which the engine did not know most of them; receipts have 0.4 and more.
UNREAD = 0.15
# Probability (0–1) from which a language is told from the others.
CERTAIN = 0.5
# Probability below which a language is not assumed because it is the most frequent one of its script.
UNLIKE = 0.2
# Characters in a height of a line below which letters of it were left out; Latin lines have 1.7 and more. Share of such
# lines from which the engine did not know the script.
LOOSE, UNREAD_LINES = 1.2, 0.3
# Lines on which data are tried, and the mean confidence of a reading in the right ones.
LINES, RIGHT = 6, 0.6
# Confidence (0–1) from which a letter of one language's own counts for it.
SURE = 0.9
# Share of the letters that are in the language's script then.
MOST = 0.5


def language_on(image: Image.Image, words: Sequence[Word], threads: int) -> Language | None:
    """The language of a page: by its words, else by its lines where the engine left letters of them out.

    `None` where neither tells, so that nothing is assumed.
    """
    if is_unread(words):
        return language_in(image, threads)
    return language_of(words) or (language_in(image, threads) if _leaves_out(image, threads) else None)


def language_of(words: Sequence[Word]) -> Language | None:
    """The language of most of the words; `None` where they do not tell."""
    read = [word for word in words if word.confidence >= READ]
    script = _script(words)
    if script is None:
        return None
    possible = [row for row in LANGUAGES.values() if row.script in _ALIKE.get(script, (script,))]
    letters = scripts_of("".join(word.text for word in read))
    if len(possible) == 1 and sum(letters[each] for each in _SHARED.get(script, (script,))) >= FEW_OWN:
        return possible[0]
    text = " ".join(word.text for word in (words if script is not Script.LATIN else read) if _is_word(word.text))
    if sum(map(str.isalpha, text)) < FEW:
        return None
    if len(possible) == 1:
        return possible[0]
    if own := by_letters({row.code: text for row in possible}):
        return own
    code, probability = _identifier(tuple(row.code for row in possible)).classify(text.lower())
    return LANGUAGES[code] if probability >= CERTAIN else None


def is_unread(words: Sequence[Word]) -> bool:
    """Whether the page may show a script that the engine does not know: there are characters, but hardly letters."""
    characters = sum(len(word.text) for word in words)
    letters = sum(sum(map(str.isalpha, word.text)) for word in words if word.confidence >= READ)
    return characters >= FEW and letters < UNREAD * characters


def language_in(image: Image.Image, threads: int) -> Language | None:
    """The language of a picture whose letters RapidOCR does not know: that whose data read its longest lines best, or
    another of its script whose own letters they show; `None` where letters speak for two.

    Where none of those that are installed does, the language of the script that Tesseract makes out.
    """
    found = sorted(_lines(image, threads), key=lambda line: -line.length / max(line.height, 1))
    pictures = [cut(image, line) for line in found[:LINES]]
    installed = registry.installed_data()
    foreign = [row for row in LANGUAGES.values() if row.script in registry.NOT_OF_RAPIDOCR]
    readings = {row.code: _reading(row, pictures, threads) for row in foreign if row.tesseract in installed}
    scores = {code: _evidence(LANGUAGES[code], words) for code, words in readings.items()}
    best = max(scores, key=scores.__getitem__, default="")
    if scores.get(best):
        script = LANGUAGES[best].script
        own = {code: _certain(words) for code, words in readings.items() if LANGUAGES[code].script == script}
        return by_letters(own) if any(_own_letters(own).values()) else _most_frequent(own, scores)
    script_name = tesseract.script_in(image) if installed else ""
    return next((row for row in foreign if row.script == script_name and row.code not in scores), None)


def by_letters(readings: Mapping[str, str]) -> Language | None:
    """The language whose own letters are in its reading, or in any where it has none; `None` where none or two are.

    The data of one language read a letter of another one as something else, at times as a letter of its own.
    """
    counts = _own_letters(readings)
    ranked = sorted(counts, key=lambda code: -counts[code])
    if not ranked or not counts[ranked[0]]:
        return None
    return LANGUAGES[ranked[0]] if len(ranked) == 1 or counts[ranked[0]] > 2 * counts[ranked[1]] else None


def _own_letters(readings: Mapping[str, str]) -> dict[str, int]:
    """How many letters of its own each language has, of those that share a script with a reading."""
    scripts = {LANGUAGES[code].script for code in readings}
    return {
        code: max(
            len(pattern.findall(text.lower())) for text in ([readings[code]] if code in readings else readings.values())
        )
        for code, pattern in _OWN.items()
        if LANGUAGES[code].script in scripts
    }


def _most_frequent(readings: Mapping[str, str], scores: Mapping[str, float]) -> Language | None:
    """Of the languages of a script that may be it, the one that most documents are in: the first of the table.

    `None` where its words are unlike that language, so that it may be one without data.
    """
    language = next(row for row in LANGUAGES.values() if row.code in readings and scores[row.code])
    alike = tuple(row.code for row in LANGUAGES.values() if row.script == language.script)
    ranked = dict(_identifier(alike).rank(readings[language.code].lower())) if len(alike) > 1 else {}
    return language if ranked.get(language.code, 1.0) >= UNLIKE else None


def _leaves_out(image: Image.Image, threads: int) -> bool:
    """Whether the engine read only parts of many lines: letters that it does not know are left out."""
    found = _lines(image, threads)
    loose = sum(_is_loose(line) for line in found)
    return bool(found) and loose >= UNREAD_LINES * len(found)


def _is_loose(line: Line) -> bool:
    if {Script.CHINESE, Script.JAPANESE} & set(scripts_of(line.text)):
        return False
    read = len(line.text.replace(" ", "")) if line.confidence >= READ else 0
    return read < LOOSE * line.length / max(line.height, 1)


def _lines(image: Image.Image, threads: int) -> Sequence[Line]:
    finder: Any = registry.engine("rapidocr", threads)
    lines: Sequence[Line] = finder.lines(image, unread=True)
    return lines


def _reading(language: Language, pictures: Sequence[Image.Image], threads: int) -> Sequence[Piece]:
    """The words that a language's data read in pictures of lines."""
    reader = tesseract.Tesseract(threads, [language.tesseract])
    return [word for line in reader.words_of(pictures) for word in line]


def _certain(words: Sequence[Piece]) -> str:
    return " ".join(word.text for word in words if word.confidence >= SURE)


def _evidence(language: Language, words: Sequence[Piece]) -> float:
    """The letters of its script that a language's data read, weighted by confidence; 0 where they are no text."""
    text = " ".join(word.text for word in words)
    scripts = scripts_of(text)
    letters = scripts[language.script]
    different = len({letter for letter in text if script_of(letter) is language.script})
    if confidence_of(words) < RIGHT or different < FEW_OWN or letters < MOST * sum(scripts.values()):
        return 0.0
    return letters * confidence_of(words) ** 4


# Letters that one language alone has of those of its script, and in which places: `ъ` stands in Russian before few
# vowels, and the data of Ukrainian read `ы` as `ьі`.
_OWN = {
    "ru": re.compile("[ыэё]|ъ(?=[еёюя])"),
    "uk": re.compile("[їєґ]|(?<!ь)і"),
    "bg": re.compile("ъ(?![еёюя])"),
    "sr": re.compile("[јљњћђџ]"),
    "ar": re.compile("[ةؤ]"),
    "fa": re.compile("[پچژگ]"),
}
# Scripts that share their letters.
_ALIKE = {
    Script.CHINESE: (Script.CHINESE, Script.JAPANESE),
    Script.JAPANESE: (Script.JAPANESE,),
}
# Scripts whose letters are a language's as well.
_SHARED = {Script.JAPANESE: (Script.JAPANESE, Script.CHINESE)}


def _script(words: Sequence[Word]) -> Script | None:
    """The script of most words, or another than Latin that many of them have letters of."""
    votes = Counter(script for word in words for script in {script_of(letter) for letter in word.text} if script)
    others = [(count, script) for script, count in votes.items() if script is not Script.LATIN]
    count, other = max(others, default=(0, None))
    if other and count >= OTHER_SCRIPT * len(words):
        return Script.JAPANESE if votes[Script.JAPANESE] >= OTHER_SCRIPT * len(words) else other
    return Script.LATIN if votes[Script.LATIN] else None


def _is_word(text: str) -> bool:
    """Whether it is mostly letters: numbers and codes say nothing."""
    return sum(map(str.isalpha, text)) >= max(2, 0.7 * len(text))


@cache
def _identifier(codes: tuple[str, ...]) -> Any:
    """py3langid with its own model, which tells these languages apart."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(codes)
    return identifier
