"""Fonts of text layers that map a digit or sign of amounts and dates to another character."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from PIL import Image

from extraction.domain.progress import Silent
from extraction.engines.ingest.limits import Limits
from extraction.engines.ingest.ocr.base import OcrEngine
from extraction.engines.ingest.ocr.registry import engine
from extraction.engines.ingest.reading import TEXT_LAYER, ReadPage, read_document
from tests.support.badfiles.layers import INVOICE, lines, page, text

Read = Callable[[bytes], ReadPage]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    return lambda data: _read(tmp_path, data, engine("rapidocr", 1))


def _read(folder: Path, data: bytes, reader: OcrEngine) -> ReadPage:
    path = folder / "page.pdf"
    path.write_bytes(data)
    [found] = read_document(path, reader, Limits(), Silent())
    return found


def squeezed(found: ReadPage) -> str:
    """The text without spaces, which engines place as they like."""
    return "".join(found.page.text.split())


# What a code of F2 is mapped to.
ONE_LINE = {
    "Summe 1.204,57 19% 36,80": [
        *[(digit, other) for digit, other in zip("012345678", "698497361", strict=True)],
        *[("8", "0"), ("1", "l"), ("1", "I"), ("0", "O"), ("0", "o"), ("5", "S"), ("5", "55"), ("1", ".")],
        *[(",", "."), (".", ","), (",", "-"), (",", "5"), ("%", "9"), ("%", "$")],
    ],
    "Gutschrift -12,50": [("-", " "), ("-", "+"), ("-", ".")],
    "Gutschrift 12,50-": [("-", " ")],
    "Rabatt -€12,50": [("-", " "), ("€", "$")],
    "Summe €12,50": [("€", "$"), ("€", "#")],
    "Summe 12,50 €": [("€", "$")],
    "Total $12.50": [("$", "€")],
    "Total £12.50": [("£", "#"), ("£", "$")],
    "Datum 2023-03-14": [("-", " ")],
}
MAPPED = [(line, code, other) for line, maps in ONE_LINE.items() for code, other in maps]


@pytest.mark.parametrize(("line", "code", "other"), MAPPED)
def test_a_font_that_maps_a_digit_or_sign_of_its_only_line_to_another(
    line: str, code: str, other: str, read: Read
) -> None:
    code = code.encode("cp1252").decode("latin-1")
    found = read(page(lines() + text(line, 40, 200, font="F2"), maps={code: other}))
    assert squeezed(found) == "".join("".join([*INVOICE, line]).split())


@pytest.mark.parametrize(("code", "other"), [("9", "8"), ("8", "3"), ("8", "6"), ("6", "5"), ("7", "1")])
@pytest.mark.parametrize("rows", [6, 46])
@pytest.mark.parametrize("size", [6, 9])
def test_a_rare_digit_that_is_mapped_to_a_frequent_one(code: str, other: str, rows: int, size: int, read: Read) -> None:
    table = [
        f"Ware {1 + number % 4} x {number % 5},{other}{number * 3 % 6}".replace(code, "2") for number in range(rows)
    ]
    table.insert(rows // 2, f"Summe 12{code},50")
    content = "".join(text(row, 40, 580 - 11 * number, font="F2", size=size) for number, row in enumerate(table))
    found = read(page(content, maps={code: other}))
    assert f"12{code},50" in squeezed(found)


class Misreading:
    """An engine that reads as RapidOCR does, but one digit or sign now and then as another, surely."""

    name, doubtful = "misreading", 0.5

    def __init__(self, character: str, other: str, every: int) -> None:
        self._inner, self._character, self._other, self._every = engine("rapidocr", 1), character, other, every
        self._met = 0
        self.read = self._inner.read

    def recognise(self, lines: Sequence[Image.Image]) -> list[tuple[str, float]]:
        return [(self._misread(text), confidence) for text, confidence in self._inner.recognise(lines)]

    def _misread(self, text: str) -> str:
        self._met += self._character in text
        misread = self._character in text and self._met % self._every == 0
        return text.replace(self._character, self._other, 1) if misread else text


@pytest.mark.parametrize("every", [3, 5])
@pytest.mark.parametrize(
    ("character", "other"), [("5", "3"), ("1", "7"), (",", "."), ("2", "-2"), ("0", ""), ("3", "33")]
)
def test_a_good_layer_stays_where_the_engine_misreads_a_character_now_and_then(
    character: str, other: str, every: int, tmp_path: Path
) -> None:
    table = [f"Ware {number % 4},{number * 3 % 10}5 1.{number:03d},20 14.03.20{10 + number}" for number in range(20)]
    content = "".join(text(row, 40, 580 - 24 * number) for number, row in enumerate(table))
    found = _read(tmp_path, page(content), Misreading(character, other, every))
    assert found.reader == TEXT_LAYER
    assert found.page.text.splitlines() == table


@pytest.mark.parametrize(
    "row", ["Wasser 0,5l 1,20", "C02 A4 B5 S7 O2 z.B. 5", "1'204.50 CHF", "Haltung - 12 - 13", "19 % 5%"]
)
def test_letters_and_signs_that_only_look_like_others_stay(row: str, read: Read) -> None:
    found = read(page(lines() + text(row, 40, 200)))
    assert found.reader == TEXT_LAYER
    assert found.page.text.splitlines() == [*INVOICE, row]
