"""Pages far longer than wide, or wider than high: every line is read, and read once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from extraction.domain.pages import Page
from extraction.domain.progress import Silent
from extraction.engines.ingest.decoding.sizes import LONGEST_NARROW, NARROW_SIDE
from extraction.engines.ingest.files import LONGEST
from extraction.engines.ingest.limits import Limits
from extraction.engines.ingest.ocr.registry import engine
from extraction.engines.ingest.reading import ReadPage, read_document
from tests.support.badfiles import scanned_pdf
from tests.support.drawing import encoded, receipt

GOODS = tuple(f"Artikel {number:03d} {number % 9 + 1},{number:02d}" for number in range(70))


def roll() -> Image.Image:
    return receipt(GOODS, size=28)


def strip() -> Image.Image:
    """The same lines side by side, eight below each other."""
    columns = [receipt(GOODS[start : start + 8], size=28) for start in range(0, len(GOODS), 8)]
    picture = Image.new("RGB", (sum(column.width for column in columns), columns[0].height), "white")
    for number, column in enumerate(columns):
        picture.paste(column, (number * column.width, 0))
    return picture


@pytest.fixture
def read(tmp_path: Path) -> Callable[[bytes], ReadPage]:
    def one(data: bytes) -> ReadPage:
        path = tmp_path / "file"
        path.write_bytes(data)
        [page] = read_document(path, engine("rapidocr", 1), Limits(), Silent())
        return page

    return one


def squeezed(page: Page) -> list[str]:
    return ["".join(line.split()) for line in page.text.splitlines()]


@pytest.mark.parametrize("wrap", [encoded, scanned_pdf], ids=["picture", "scan in a PDF"])
def test_every_line_of_a_roll_is_read_once(
    wrap: Callable[[Image.Image], bytes], read: Callable[[bytes], ReadPage]
) -> None:
    page = read(wrap(roll())).page
    assert page.height > LONGEST
    assert squeezed(page) == ["".join(line.split()) for line in GOODS]


def test_a_roll_that_lies_on_its_side_is_put_upright(read: Callable[[bytes], ReadPage]) -> None:
    found = read(encoded(roll().transpose(Image.Transpose.ROTATE_90)))
    assert found.rotation == 90
    assert squeezed(found.page) == ["".join(line.split()) for line in GOODS]


def test_every_word_of_a_wide_strip_is_read_once(read: Callable[[bytes], ReadPage]) -> None:
    page = read(encoded(strip())).page
    # The engine may join words that stand close.
    assert squeezed(page) == ["".join("".join(GOODS[row::8]).split()) for row in range(8)]


@pytest.mark.parametrize("size", [(400, 30_000), (30_000, 400), (1000, 3000), (3000, 4000), (900, 700)])
def test_pages_are_decoded_as_large_as_their_shape_needs(
    size: tuple[int, int], read: Callable[[bytes], ReadPage]
) -> None:
    page = read(encoded(Image.new("L", size, 255))).page
    shape = max(size) / min(size)
    wanted = max(LONGEST, min(round(NARROW_SIDE * shape), LONGEST_NARROW))
    assert max(page.width, page.height) == pytest.approx(min(max(size), wanted), abs=1)
    assert page.width / page.height == pytest.approx(size[0] / size[1], rel=0.02)
