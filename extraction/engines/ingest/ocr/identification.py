"""The language of a document, from its words, and from its picture where an engine could not read it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import Any

from PIL import Image

from extraction.domain.languages import LANGUAGES, Language, Script, script_of, scripts_of
from extraction.domain.pages import Word
from extraction.engines.ingest.ocr import registry, tesseract
from extraction.engines.ingest.ocr.lines import confidence_of, cut

# Letters without which a document says nothing, and confidence (0–1) from which a letter was read.
FEW, READ = 20, 0.8
# Share of the words with letters of another script from which that is the document's; receipts in Greek capitals have
# a seventh of them, as RapidOCR reads them, and others none.
OTHER_SCRIPT = 0.08
# Share of letters among the characters below which the engine did not know most of them; receipts have 0.4 and more.
UNREAD = 0.15
# Probability (0–1) from which a language is told from the others.
CERTAIN = 0.5
# Lines on which data are tried, and the mean confidence of a reading in the right ones.
LINES, RIGHT = 6, 0.6
# Share of the letters that are in the language's script then.
MOST = 0.5


def language_of(words: Sequence[Word]) -> Language | None:
    """The language of most of the words; `None` where they do not tell."""
    read = [word for word in words if word.confidence >= READ]
    script = _script(words)
    text = " ".join(word.text for word in (words if script is not Script.LATIN else read) if _is_word(word.text))
    if script is None or sum(map(str.isalpha, text)) < FEW:
        return None
    possible = [row for row in LANGUAGES.values() if row.script in _ALIKE.get(script, (script,))]
    if len(possible) == 1:
        return possible[0]
    code, probability = _identifier(tuple(row.code for row in possible)).classify(text.lower())
    return LANGUAGES[code] if probability >= CERTAIN else None


def is_unread(words: Sequence[Word]) -> bool:
    """Whether the page may show a script that the engine does not know: there are characters, but hardly letters."""
    characters = sum(len(word.text) for word in words)
    letters = sum(sum(map(str.isalpha, word.text)) for word in words if word.confidence >= READ)
    return characters >= FEW and letters < UNREAD * characters


def language_in(image: Image.Image, threads: int) -> Language | None:
    """The language of a picture whose letters RapidOCR does not know: that whose data read its longest lines best.

    Where none of those that are installed does, the language of the script that Tesseract makes out.
    """
    finder: Any = registry.engine("rapidocr", threads)
    found = sorted(finder.lines(image, unread=True), key=lambda line: -line.length / max(line.height, 1))
    pictures = [cut(image, line) for line in found[:LINES]]
    installed = registry.installed_data()
    foreign = [row for row in LANGUAGES.values() if row.script in registry.NOT_OF_RAPIDOCR]
    scores = {row.code: _evidence(row, pictures, threads) for row in foreign if row.tesseract in installed}
    best = max(scores, key=scores.__getitem__, default="")
    if scores.get(best):
        return LANGUAGES[best]
    script = tesseract.script_in(image) if installed else ""
    return next((row for row in foreign if row.script == script and row.code not in scores), None)


def _evidence(language: Language, pictures: Sequence[Image.Image], threads: int) -> float:
    """The letters of its script that a language's data read, weighted by confidence; 0 where they are no text."""
    reader = tesseract.Tesseract(threads, [language.tesseract])
    words = [word for line in reader.words_of(pictures) for word in line]
    scripts = scripts_of(" ".join(word.text for word in words))
    if confidence_of(words) < RIGHT or scripts[language.script] < MOST * sum(scripts.values()):
        return 0.0
    return scripts[language.script] * confidence_of(words) ** 4


# Scripts that share their letters.
_ALIKE = {
    Script.CHINESE: (Script.CHINESE, Script.JAPANESE),
    Script.JAPANESE: (Script.JAPANESE,),
}


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
