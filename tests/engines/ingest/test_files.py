"""Files to pages: what is read, and what is refused with which sentence."""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from extraction.engines.ingest.files import LONGEST, RawPage, inspect, open_document
from extraction.engines.ingest.limits import Limits, Refused
from tests.support.badfiles import (
    BAD_ARCHIVES,
    BAD_FILES,
    BAD_WHEN_READ,
    BadFile,
    broken_exif,
    pdf,
    text_pdf,
)
from tests.support.drawing import RECEIPT, encoded, receipt

Store = Callable[[bytes], Path]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    def write(data: bytes) -> Path:
        path = tmp_path / "file"
        path.write_bytes(data)
        return path

    return write


# The same limits, sooner reached.
IMPATIENT = Limits(seconds=2)


def pages(path: Path, limits: Limits | None = None) -> list[RawPage]:
    return list(open_document(path, limits or Limits()))


def refusal(work: Callable[[], object]) -> str:
    with pytest.raises(Refused) as caught:
        work()
    return str(caught.value)


@pytest.mark.parametrize("bad", BAD_FILES, ids=lambda bad: bad.name)
def test_a_bad_file_is_refused_at_once_with_one_sentence(bad: BadFile, store: Store) -> None:
    path = store(bad.build())
    sentence = refusal(lambda: inspect(path, IMPATIENT))
    assert bad.expected in sentence
    assert re.fullmatch(r"[A-Z][^\n]*\.", sentence)
    assert "/" not in sentence
    assert refusal(lambda: pages(path, IMPATIENT))


@pytest.mark.slow
@pytest.mark.parametrize("bad", BAD_WHEN_READ, ids=lambda bad: bad.name)
def test_what_only_decoding_finds_out_is_refused_then(bad: BadFile, store: Store) -> None:
    path = store(bad.build())
    inspect(path, IMPATIENT)
    assert bad.expected in refusal(lambda: pages(path, IMPATIENT))


@pytest.mark.parametrize("bad", BAD_ARCHIVES, ids=lambda bad: bad.name)
def test_an_archive_is_no_document(bad: BadFile, store: Store) -> None:
    assert re.search("ZIP archive|office document", refusal(lambda: inspect(store(bad.build()), Limits())))


def test_limits_are_the_callers(store: Store) -> None:
    path = store(encoded(receipt()))
    assert "too large" in refusal(lambda: inspect(path, Limits(bytes=1000)))
    assert "too large" in refusal(lambda: inspect(path, Limits(pixels=1000)))
    assert "3 pages; at most 2" in refusal(lambda: inspect(store(pdf(3)), Limits(pages=2)))
    assert inspect(store(pdf(3)), Limits()).pages == 3


def test_a_broken_exif_block_does_not_harm_a_good_picture(store: Store) -> None:
    path = store(broken_exif())
    inspect(path, Limits())
    assert pages(path)[0].image.size == receipt().size


@pytest.mark.parametrize(("orientation", "corner"), [(1, (0, 0)), (3, (1, 1)), (6, (1, 0)), (8, (0, 1)), (2, (1, 0))])
def test_exif_orientation_is_applied(orientation: int, corner: tuple[int, int], store: Store) -> None:
    image = Image.new("L", (60, 40), 255)
    image.paste(0, (0, 0, 20, 20))
    exif = Image.Exif()
    exif[0x0112] = orientation
    turned = np.asarray(pages(store(encoded(image, exif=exif)))[0].image.convert("L"))
    height, width = turned.shape
    assert turned[corner[1] * (height - 20) + 10, corner[0] * (width - 20) + 10] < 50
    assert (width < height) == (orientation in (6, 8))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_becomes_the_same_picture(mode: str, store: Store) -> None:
    image = Image.new("L", (40, 40), 255)
    image.paste(0, (0, 0, 40, 20))
    if mode == "I;16":
        image = Image.fromarray(np.asarray(image).astype(np.uint16) * 257)
    elif mode in ("LA", "RGBA"):
        # Black ink on nothing: what is transparent is paper.
        ink = Image.new("L", (40, 40), 0)
        ink = Image.merge("LA", (ink, image.point(lambda value: 255 - value)))
        image = ink.convert(mode)
    else:
        image = image.convert(mode)
    page = pages(store(encoded(image, "PNG")))[0].image
    assert page.mode == "RGB"
    assert page.getpixel((20, 10)) == (0, 0, 0)
    assert page.getpixel((20, 30)) == (255, 255, 255)


LIGHT = {"white": (255, 255, 255), "light grey": (210, 210, 210), "yellow": (255, 230, 60)}


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("colour", LIGHT)
def test_light_ink_on_nothing_gets_a_dark_ground(colour: str, kind: str, store: Store) -> None:
    image = Image.new("RGBA", (80, 80), (0, 0, 0, 0))
    image.paste((*LIGHT[colour], 255), (20, 20, 60, 60))
    page = pages(store(encoded(image, kind, **({"lossless": True} if kind == "WEBP" else {}))))[0].image
    assert page.getpixel((5, 5)) == (0, 0, 0)
    assert page.getpixel((40, 40)) == LIGHT[colour]


@pytest.mark.parametrize("bar", [0, 40, 90, 128, 200])
@pytest.mark.parametrize("ink", [0, 40, 128, 220, 255])
@pytest.mark.parametrize("height", [20, 120, 300])
def test_ink_on_nothing_is_seen_beside_a_bar_of_any_grey(ink: int, bar: int, height: int, store: Store) -> None:
    image = Image.new("RGBA", (400, 500), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    for row in range(5):
        draw.line((20, 20 + 30 * row, 380, 20 + 30 * row), (ink, ink, ink, 255), 3)
    draw.rectangle((0, 500 - height, 400, 500), (bar, bar, bar, 255))
    page = pages(store(encoded(image, "PNG")))[0].image.convert("L")
    ground, shown = page.getpixel((200, 35)), page.getpixel((200, 20))
    assert isinstance(ground, int)
    assert isinstance(shown, int)
    assert abs(ground - shown) > 50


def test_torn_paper_stays_on_white(store: Store) -> None:
    image = Image.new("RGBA", (400, 500), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    edge = [(40 + 3 * (at % 2), 40 + at) for at in range(0, 400, 5)]
    draw.polygon([*edge, (350, 440), (350, 40)], (240, 240, 235, 255))
    for row in range(100, 400, 30):
        draw.line((80, row, 300, row), (20, 20, 20, 255), 3)
    assert pages(store(encoded(image, "PNG")))[0].image.getpixel((2, 2)) == (255, 255, 255)


def test_paper_that_is_cut_out_stays_on_white(store: Store) -> None:
    image = Image.new("RGBA", (100, 100), (0, 0, 0, 0))
    image.paste((250, 250, 250, 255), (10, 10, 90, 90))
    image.paste((20, 20, 20, 255), (20, 20, 60, 40))
    assert pages(store(encoded(image, "PNG")))[0].image.getpixel((2, 2)) == (255, 255, 255)


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("missing", [1, 2])
def test_a_jpeg_that_lacks_only_its_end_is_read(missing: int, progressive: bool, store: Store) -> None:
    data = encoded(receipt(), progressive=progressive)
    path = store(data[:-missing])
    inspect(path, Limits())
    assert pages(path)[0].image.tobytes() == pages(store(data))[0].image.tobytes()


@pytest.mark.parametrize("missing", [1, 4, 8, 11, 12])
def test_a_png_that_lacks_only_its_end_is_read(missing: int, store: Store) -> None:
    data = encoded(receipt(), "PNG")
    path = store(data[:-missing])
    inspect(path, Limits())
    assert pages(path)[0].image.tobytes() == pages(store(data))[0].image.tobytes()


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("kept", [0.5, 0.9, 0.98])
def test_a_jpeg_that_lacks_pixels_is_refused(kept: float, progressive: bool, store: Store) -> None:
    data = encoded(receipt(), progressive=progressive)
    path = store(data[: int(kept * len(data))])
    assert refusal(lambda: pages(path)) == "The picture is damaged or cut off."


def test_a_cmyk_jpeg_is_read(store: Store) -> None:
    page = pages(store(encoded(Image.new("CMYK", (40, 40), (0, 0, 0, 255)))))[0].image
    assert page.mode == "RGB"
    assert max(page.getpixel((20, 20))) < 40  # type: ignore[type-var,arg-type]


def test_a_large_photo_is_shrunk(store: Store) -> None:
    page = pages(store(encoded(Image.new("RGB", (5000, 3000)))))[0].image
    assert page.size == (LONGEST, 1200)


def test_pdf_pages_are_drawn_large_enough_to_read(store: Store) -> None:
    assert max(pages(store(text_pdf(RECEIPT)))[0].image.size) == LONGEST
    assert max(pages(store(pdf(1, media_box="0 0 40 60")))[0].image.size) == pytest.approx(60 * 400 / 72, abs=1)
