"""OCR engines as a kind: what every registered one must be, and a new one from its registration to a read document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from django.core.management import call_command
from PIL import Image

from extraction.domain.pages import Box, Word
from extraction.engines.ingest.ocr import registry
from extraction.models import Page
from tests.support import builders
from tests.support.drawing import receipt


class ConstantOcr:
    """Reads the same two words on every page."""

    name = "constant"
    doubtful = 0.1

    def __init__(self, threads: int) -> None:
        self.threads = threads

    def read(self, image: Image.Image) -> tuple[Word, ...]:
        boxes = Box(0.1, 0.1, 0.3, 0.2), Box(0.4, 0.1, 0.6, 0.2)
        return tuple(Word(text, box, 0.9, 0) for text, box in zip(("TOTAL", "12.50"), boxes, strict=True))

    def recognise(self, lines: Sequence[Image.Image]) -> list[tuple[str, float]]:
        return [("TOTAL", 0.9) for _ in lines]


@pytest.fixture
def constant() -> Iterator[str]:
    registry.register(registry.OcrEngineKind("constant", f"{__name__}:ConstantOcr"))
    yield "constant"
    registry.unregister("constant")


@pytest.mark.parametrize("kind", registry.kinds(), ids=lambda kind: kind.name)
def test_every_engine_reads_a_receipt(kind: registry.OcrEngineKind) -> None:
    engine = registry.engine(kind.name, 1)
    assert engine.name == kind.name
    assert 0 < engine.doubtful < 1
    words = engine.read(receipt())
    assert any("11.95" in word.text for word in words)
    assert [word.line for word in words] == sorted(word.line for word in words)
    for word in words:
        assert word.text.strip() == word.text != ""
        assert 0 <= word.confidence <= 1
        assert 0 <= word.box.x0 < word.box.x1 <= 1
        assert 0 <= word.box.y0 < word.box.y1 <= 1
    assert engine.read(Image.new("RGB", (200, 100), "white")) == ()


@pytest.mark.parametrize("kind", registry.kinds(), ids=lambda kind: kind.name)
def test_every_engine_recognises_words_whose_places_are_known(kind: registry.OcrEngineKind) -> None:
    engine = registry.engine(kind.name, 1)
    page = receipt(size=36)
    words = [word for word in engine.read(page) if len(word.text) > 3][:6]
    places = [(word.box.x0, word.box.y0, word.box.x1, word.box.y1) for word in words]
    cuts = [
        page.crop(
            (int(x0 * page.width) - 4, int(y0 * page.height) - 4, int(x1 * page.width) + 4, int(y1 * page.height) + 4)
        )
        for x0, y0, x1, y1 in places
    ]
    assert [text for text, _ in engine.recognise(cuts)] == [word.text for word in words]
    assert all(0 <= confidence <= 1 for _, confidence in engine.recognise(cuts))
    assert engine.recognise([]) == []


def test_an_engine_is_built_once(constant: str) -> None:
    assert registry.engine(constant, 1) is registry.engine(constant, 1)
    assert registry.engine(constant, 1) is not registry.engine(constant, 2)


def test_a_name_is_registered_once(constant: str) -> None:
    with pytest.raises(ValueError, match="already an OCR engine named 'constant'"):
        registry.register(registry.OcrEngineKind(constant, "anything:else"))


def test_an_unknown_engine_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="no OCR engine 'nothing'; known are rapidocr, tesseract"):
        registry.engine("nothing", 1)


@pytest.mark.django_db
def test_a_registered_engine_reads_what_is_loaded(constant: str, tmp_path: Path) -> None:
    project = builders.project()
    project.ocr = constant
    project.save()
    receipt().save(tmp_path / "a.png")
    call_command("load", project.slug, str(tmp_path / "a.png"), "--json")
    page = Page.objects.get(document__project=project)
    assert page.reader == "constant"
    assert [word.text for word in page.as_domain().words] == ["TOTAL", "12.50"]
