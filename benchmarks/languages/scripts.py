"""Characters read right on clean printed pages, script by script, by RapidOCR alone and as a project reads them."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from statistics import fmean, median
from typing import Any

from rapidfuzz.distance import Levenshtein

from benchmarks import corpora
from benchmarks.base import Benchmark, Cell, Setting, Table, digest
from benchmarks.languages.script_pages import LINES, ScriptPage, page
from benchmarks.quality import student
from extraction.domain.languages import Language, find
from extraction.domain.pages import Word
from extraction.domain.progress import Progress, check
from extraction.engines.ingest.ocr import registry
from extraction.engines.ingest.ocr.base import OcrEngine

LANGUAGES = ("en", "el", "ru", "uk", "ar", "he", "th", "hi", "vi", "zh", "ja")
PAGES = 2


def inputs(setting: Setting) -> Mapping[str, Any]:
    missing = [language.code for language in registry.missing(student.OCR, LANGUAGES)]
    pictures = [digest(page(find(code), 0).image.tobytes().hex()) for code in LANGUAGES]
    return {"reader": corpora.reader_digest(student.OCR), "missing": missing, "pages": [PAGES, pictures]}


def run(setting: Setting, progress: Progress) -> Sequence[Table]:
    rows: list[tuple[Cell, ...]] = []
    english = 0.0
    for number, language in enumerate(map(find, LANGUAGES)):
        progress.report(number, len(LANGUAGES), language.name)
        check(progress)
        alone, by_project, reader, seconds = _measure(language, setting)
        english = english or seconds
        rows.append((language.code, language.script.value, reader, alone, by_project, seconds / english))
    progress.report(len(LANGUAGES), len(LANGUAGES))
    return [
        Table(
            f"Characters read right on {PAGES} clean printed pages of {LINES} lines in each language",
            ("language", "script", "reader", "RapidOCR alone", "as a project reads", "s a page by English"),
            tuple(rows),
            (
                "Names of countries and months from Unicode's locale data, half of the lines with an amount.",
                "Similarity of each line to what was printed, without spaces; a line that was not found counts 0.",
            ),
        )
    ]


def _measure(language: Language, setting: Setting) -> tuple[float, float, str, float]:
    """The similarity by RapidOCR alone and by the project's engine, its name, and its seconds a page."""
    pages = [page(language, seed) for seed in range(PAGES)]
    plain = registry.engine(student.OCR, setting.threads)
    engine = registry.engine(student.OCR, setting.threads, (language.code,))
    engine.read(pages[0].image)  # loads and warms up
    alone = fmean(_read(shown, plain)[0] for shown in pages)
    read = [_read(shown, engine) for shown in pages]
    return alone, fmean(score for score, _ in read), engine.name, median(seconds for _, seconds in read)


def _read(shown: ScriptPage, engine: OcrEngine) -> tuple[float, float]:
    started = time.perf_counter()
    words = engine.read(shown.image)
    seconds = time.perf_counter() - started
    lines = _lines(words)
    return fmean(_similarity(number, line, lines) for number, line in enumerate(shown.lines)), seconds


def _lines(words: Sequence[Word]) -> list[tuple[float, str]]:
    """The middle of each line as a fraction of the page, and its text."""
    lines: dict[int, list[Word]] = {}
    for word in words:
        lines.setdefault(word.line, []).append(word)
    return [(fmean(word.box.center[1] for word in row), "".join(word.text for word in row)) for row in lines.values()]


def _similarity(number: int, line: str, lines: Sequence[tuple[float, str]]) -> float:
    """Of the printed line and the best of the lines that were read near its place."""
    place = (number + 0.5) / LINES
    near = [text for middle, text in lines if abs(middle - place) < 3 / LINES]
    printed = "".join(line.split())
    return max((Levenshtein.normalized_similarity(printed, text) for text in near), default=0.0)


BENCHMARK = Benchmark("languages-scripts", "characters read right, script by script", inputs, run)
