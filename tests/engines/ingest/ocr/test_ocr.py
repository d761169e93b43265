"""The engines on a drawn receipt, in every orientation."""

import logging
import os
import sys
from concurrent.futures import ThreadPoolExecutor

import pytesseract
import pytest

from extraction.engines.ingest.ocr.base import OcrEngine, OcrUnavailable
from extraction.engines.ingest.ocr.orientation import read_upright, turned
from extraction.engines.ingest.ocr.rapid import engine as rapid
from extraction.engines.ingest.ocr.registry import engine, names
from extraction.engines.ingest.ocr.tesseract import Tesseract
from tests.support.drawing import RECEIPT, receipt


@pytest.fixture(params=names())
def reader(request: pytest.FixtureRequest) -> OcrEngine:
    return engine(request.param, 1)


def text(words: tuple[object, ...]) -> list[str]:
    rows: dict[int, list[str]] = {}
    for word in words:
        rows.setdefault(word.line, []).append(word.text)  # type: ignore[attr-defined]
    return [" ".join(row) for row in rows.values()]


def test_words_come_in_reading_order_with_boxes_and_confidence(reader: OcrEngine) -> None:
    words = reader.read(receipt())
    assert text(words) == list(RECEIPT)
    assert all(not any(character.isspace() for character in word.text) for word in words)
    assert all(0.3 < word.confidence <= 1 for word in words)
    total, amount = (next(word for word in words if word.text == wanted) for wanted in ("TOTAL", "11.95"))
    assert total.line == amount.line
    assert total.box.x1 < amount.box.x0
    assert total.box.x0 == pytest.approx(2 / 22, abs=0.02)


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_page_that_lies_wrong_is_put_right(degrees: int) -> None:
    upright = read_upright(turned(receipt(), degrees), engine("rapidocr", 1))
    assert upright.rotation == 360 - degrees
    assert upright.image.size == receipt().size
    assert text(upright.words)[7] == "TOTAL 11.95"


def test_an_upright_page_is_read_once() -> None:
    class Counting:
        name, doubtful, reads = "counting", 0.85, 0

        def read(self, image: object) -> tuple[object, ...]:
            self.reads += 1
            return engine("rapidocr", 1).read(image)  # type: ignore[arg-type]

    counting = Counting()
    assert read_upright(receipt(), counting).rotation == 0  # type: ignore[arg-type]
    assert counting.reads == 1


def test_a_blank_page_has_no_words(reader: OcrEngine) -> None:
    assert reader.read(receipt(())) == ()
    assert read_upright(receipt(()), reader).rotation == 0


def test_lines_keep_their_places_however_many_threads_read_them() -> None:
    alone, together = (rapid.RapidOcr(threads).lines(receipt()) for threads in (1, 3))
    assert [line.text for line in together] == [line.text for line in alone]
    assert [line.corners for line in together] == [line.corners for line in alone]
    assert len({line.text for line in alone}) == len(alone) > 5


def test_pages_that_are_read_at_once_do_not_mix(reader: OcrEngine) -> None:
    pages = [receipt(), turned(receipt(), 180), receipt(()), receipt(RECEIPT[:3])]
    alone = [reader.read(page) for page in pages]
    with ThreadPoolExecutor(len(pages)) as callers:
        assert list(callers.map(reader.read, pages * 5)) == alone * 5


def test_openvino_does_not_report_to_its_maker() -> None:
    engine("rapidocr", 1)
    assert sys.modules.get("openvino_telemetry") is None


def test_onnx_runtime_serves_where_openvino_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openvino", None)
    reader = rapid.RapidOcr(1)
    assert reader.backend == "onnxruntime"
    assert text(reader.read(receipt()))[7] == "TOTAL 11.95"


def test_reading_is_quiet(capfd: pytest.CaptureFixture[str]) -> None:
    rapid.RapidOcr(1).read(receipt(()))
    assert capfd.readouterr() == ("", "")
    assert logging.getLogger("RapidOCR").level >= logging.ERROR


def test_tesseract_leaves_the_environment_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OMP_THREAD_LIMIT", raising=False)
    Tesseract(1).read(receipt(()))
    assert "OMP_THREAD_LIMIT" not in os.environ


def test_a_missing_program_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pytesseract.pytesseract, "tesseract_cmd", "/nowhere/tesseract")
    pytesseract.get_tesseract_version.cache_clear() if hasattr(
        pytesseract.get_tesseract_version, "cache_clear"
    ) else None
    with pytest.raises(OcrUnavailable, match="tesseract-ocr"):
        Tesseract(1)


def test_an_unknown_engine_is_named() -> None:
    with pytest.raises(ValueError, match="no OCR engine 'abbyy'"):
        engine("abbyy", 1)
