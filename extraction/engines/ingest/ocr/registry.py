"""Registry of OCR engines. A new engine is one module with a class of the protocol `base.OcrEngine`, and one line here.

Engines are named by their import path and imported at first use: RapidOCR alone takes a second to import.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pkgutil import resolve_name
from typing import TYPE_CHECKING

from extraction.domain.languages import LANGUAGES, Language, Script

if TYPE_CHECKING:
    from extraction.engines.ingest.ocr.base import OcrEngine


def _needs_none(language: Language) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class OcrEngineKind:
    """A registered engine.

    `factory` is the import path `module:callable` of what builds it from a number of threads; `program` the executable
    that must be on the path, if any, and `package` the system package that brings it. `needs_data` says whether it
    reads a language only with Tesseract's data for it, and `with_data` is then the import path of what builds it from a
    number of threads and such languages.
    """

    name: str
    factory: str
    program: str = ""
    package: str = ""
    needs_data: Callable[[Language], bool] = _needs_none
    with_data: str = ""


_KINDS: dict[str, OcrEngineKind] = {}


def register(kind: OcrEngineKind) -> OcrEngineKind:
    """Make an engine known by its name. Raises `ValueError` for a name that is taken."""
    if kind.name in _KINDS:
        raise ValueError(f"There is already an OCR engine named {kind.name!r}.")
    _KINDS[kind.name] = kind
    return kind


def unregister(name: str) -> None:
    """Forget an engine: for tests that register one."""
    del _KINDS[name]
    _plain.cache_clear()
    _with_data.cache_clear()


def kinds() -> tuple[OcrEngineKind, ...]:
    """The registered engines in order of registration; the first is the default."""
    return tuple(_KINDS.values())


def names() -> tuple[str, ...]:
    return tuple(_KINDS)


def find(name: str) -> OcrEngineKind:
    """Raises `ValueError` for an unknown name."""
    if name not in _KINDS:
        raise ValueError(f"There is no OCR engine {name!r}; known are {', '.join(_KINDS)}.")
    return _KINDS[name]


def engine(name: str, threads: int, languages: tuple[str, ...] = ()) -> OcrEngine:
    """The engine of that name, built once a process, as it reads these languages (codes of `domain.languages`).

    Data that are missing are left out, see `missing`. Raises `OcrUnavailable`, and `ValueError` for an unknown name.
    """
    kind = find(name)
    present = tuple(row.code for row in _needed(kind, languages) if row.tesseract in installed_data())
    return _with_data(name, threads, present) if present else _plain(name, threads)


def needs_data(name: str, languages: Iterable[str]) -> bool:
    """Whether this engine reads one of these languages by Tesseract's data."""
    return bool(_needed(find(name), languages))


def missing(name: str, languages: Iterable[str]) -> tuple[Language, ...]:
    """The languages that this engine cannot read here for want of Tesseract's data."""
    needed = _needed(find(name), languages)
    installed = installed_data() if needed else frozenset()
    return tuple(language for language in needed if language.tesseract not in installed)


def installed_data() -> frozenset[str]:
    """The languages for which Tesseract has data on this machine, by its own names."""
    from extraction.engines.ingest.ocr import tesseract

    return tesseract.installed_data()


def _needed(kind: OcrEngineKind, codes: Iterable[str]) -> tuple[Language, ...]:
    languages = (LANGUAGES[code] for code in codes if code in LANGUAGES)
    return tuple(filter(kind.needs_data, languages))


@lru_cache
def _plain(name: str, threads: int) -> OcrEngine:
    build: Callable[[int], OcrEngine] = resolve_name(find(name).factory)
    return build(threads)


@lru_cache
def _with_data(name: str, threads: int, codes: tuple[str, ...]) -> OcrEngine:
    build: Callable[[int, tuple[Language, ...]], OcrEngine] = resolve_name(find(name).with_data)
    return build(threads, tuple(LANGUAGES[code] for code in codes))


def _lacks_letters(language: Language) -> bool:
    """Whether RapidOCR's alphabet lacks letters of the language."""
    return language.marks or language.script in NOT_OF_RAPIDOCR


# Greek letters are in its alphabet, but it was not taught to read them.
NOT_OF_RAPIDOCR = frozenset(Script) - {Script.LATIN, Script.CHINESE, Script.JAPANESE}

register(
    OcrEngineKind(
        "rapidocr",
        "extraction.engines.ingest.ocr.rapid.engine:RapidOcr",
        needs_data=_lacks_letters,
        with_data="extraction.engines.ingest.ocr.multilingual:rapid_with_tesseract",
    )
)
register(
    OcrEngineKind(
        "tesseract",
        "extraction.engines.ingest.ocr.tesseract:Tesseract",
        program="tesseract",
        package="tesseract-ocr",
        needs_data=lambda language: language.code != "en",
        with_data="extraction.engines.ingest.ocr.tesseract:of_languages",
    )
)
