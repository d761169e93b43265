"""Registry of OCR engines. A new engine is one module with a class of the protocol `base.OcrEngine`, and one line here.

Engines are named by their import path and imported at first use: RapidOCR alone takes a second to import.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pkgutil import resolve_name
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from extraction.engines.ingest.ocr.base import OcrEngine


@dataclass(frozen=True, slots=True)
class OcrEngineKind:
    """A registered engine.

    `factory` is the import path `module:callable` of what builds it from a number of threads; `program` the executable
    that must be on the path, if any, and `package` the system package that brings it.
    """

    name: str
    factory: str
    program: str = ""
    package: str = ""


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
    engine.cache_clear()


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


@lru_cache
def engine(name: str, threads: int) -> OcrEngine:
    """The engine of that name, built once a process. Raises `OcrUnavailable`, and `ValueError` for an unknown name."""
    build: Callable[[int], OcrEngine] = resolve_name(find(name).factory)
    return build(threads)


register(OcrEngineKind("rapidocr", "extraction.engines.ingest.ocr.rapid:RapidOcr"))
register(
    OcrEngineKind(
        "tesseract", "extraction.engines.ingest.ocr.tesseract:Tesseract", program="tesseract", package="tesseract-ocr"
    )
)
