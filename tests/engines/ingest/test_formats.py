"""Every format that phones and scanners make: the picture upright, the pages in order, and words read from them."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from PIL import Image, TiffImagePlugin

from extraction.domain.progress import Silent
from extraction.engines.ingest.files import RawPage, inspect, open_document
from extraction.engines.ingest.limits import Limits, Refused
from extraction.engines.ingest.ocr.registry import engine
from extraction.engines.ingest.reading import read_document
from tests.support.drawing import RECEIPT, encoded, receipt

pillow_heif.register_heif_opener()

Store = Callable[[bytes], Path]

KINDS = {
    "jpeg": ("JPEG", "image/jpeg", {}),
    "png": ("PNG", "image/png", {}),
    "heic": ("HEIF", "image/heic", {}),
    "avif": ("AVIF", "image/avif", {"speed": 10}),
    "webp": ("WEBP", "image/webp", {}),
    "gif": ("GIF", "image/gif", {}),
    "bmp": ("BMP", "image/bmp", {}),
    "tiff": ("TIFF", "image/tiff", {}),
    "tiff lzw": ("TIFF", "image/tiff", {"compression": "tiff_lzw"}),
    "tiff jpeg": ("TIFF", "image/tiff", {"compression": "jpeg"}),
    "tiff deflate": ("TIFF", "image/tiff", {"compression": "tiff_adobe_deflate"}),
}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    def write(data: bytes) -> Path:
        # Phones' browsers and mail programs name files as they like.
        path = tmp_path / "image.bin"
        path.write_bytes(data)
        return path

    return write


def pages(path: Path, limits: Limits | None = None) -> list[RawPage]:
    return list(open_document(path, limits or Limits()))


def made(kind: str, image: Image.Image, **options: object) -> bytes:
    name, _, usual = KINDS[kind]
    return encoded(image, name, **{**usual, **options})


def page_of(shade: int, size: tuple[int, int] = (64, 80)) -> Image.Image:
    return Image.new("L", size, shade)


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_of_every_kind_is_one_page(kind: str, store: Store) -> None:
    path = store(made(kind, receipt()))
    found = inspect(path, Limits())
    assert (found.media_type, found.pages, found.bytes) == (KINDS[kind][1], 1, path.stat().st_size)
    page = pages(path)[0].image
    assert (page.mode, page.size) == ("RGB", receipt().size)
    difference = np.asarray(page.convert("L"), float) - np.asarray(receipt().convert("L"), float)
    assert np.abs(difference).mean() < 5


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_the_words_of_a_picture_of_every_kind_are_read(kind: str, store: Store) -> None:
    [page] = read_document(store(made(kind, receipt())), engine("rapidocr", 1), Limits(), Silent())
    # The engine may join words that stand close.
    assert page.page.text.replace(" ", "").splitlines() == [line.replace(" ", "") for line in RECEIPT]


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "avif", "heic", "tiff"])
def test_a_picture_that_says_how_it_is_turned_is_turned_once(kind: str, store: Store) -> None:
    image = Image.new("RGB", (128, 64), "white")
    image.paste("black", (0, 0, 32, 32))
    exif = Image.Exif()
    exif[0x0112] = 6
    # Given as bytes, pillow-heif also writes the box by which HEIC is turned; that alone counts.
    page = pages(store(made(kind, image, exif=exif.tobytes())))[0].image
    assert page.size == (64, 128)
    corners = [page.convert("L").getpixel(place) for place in ((8, 8), (56, 8), (8, 120), (56, 120))]
    assert [corner < 128 for corner in corners] == [False, True, False, False]  # type: ignore[operator]


@pytest.mark.parametrize("mode", ["1", "L", "I;16", "P", "RGBA", "CMYK"])
def test_every_kind_of_tiff_becomes_the_same_picture(mode: str, store: Store) -> None:
    image = Image.new("L", (64, 64), 255)
    image.paste(0, (0, 0, 64, 32))
    if mode == "I;16":
        image = Image.fromarray(np.asarray(image).astype(np.uint16) * 257)
    elif mode == "CMYK":
        image = image.convert("RGB").convert("CMYK")
    else:
        image = image.convert(mode)
    page = pages(store(encoded(image, "TIFF")))[0].image
    assert page.getpixel((32, 8)) == (0, 0, 0)
    assert page.getpixel((32, 56)) == (255, 255, 255)


def test_a_fax_is_read(store: Store) -> None:
    page = pages(store(encoded(receipt().convert("1"), "TIFF", compression="group4")))[0].image
    assert np.abs(np.asarray(page.convert("L"), float) - np.asarray(receipt().convert("L"), float)).mean() < 5


@pytest.mark.parametrize("kind", ["TIFF", "HEIF"])
def test_pictures_in_one_file_are_its_pages_in_their_order(kind: str, store: Store) -> None:
    rest = [page_of(120, (96, 64)), page_of(220)]
    path = store(encoded(page_of(20), kind, save_all=True, append_images=rest))
    assert inspect(path, Limits()).pages == 3
    read = pages(path)
    assert [page.image.size for page in read] == [(64, 80), (96, 64), (64, 80)]
    shades = [page.image.convert("L").getpixel((30, 30)) for page in read]
    assert shades == pytest.approx([20, 120, 220], abs=4)
    with pytest.raises(Refused, match="more than 2 pages"):
        inspect(path, Limits(pages=2))


@pytest.mark.parametrize("kind", ["GIF", "WEBP"])
def test_of_a_moving_picture_the_first_one_is_read(kind: str, store: Store) -> None:
    path = store(encoded(page_of(20), kind, save_all=True, append_images=[page_of(220)]))
    assert inspect(path, Limits()).pages == 1
    [page] = pages(path)
    assert page.image.convert("L").getpixel((30, 30)) == pytest.approx(20, abs=4)


def test_previews_between_the_pages_of_a_scan_are_passed_over(store: Store) -> None:
    info = TiffImagePlugin.ImageFileDirectory_v2()
    info[254] = 1  # "a smaller copy of another picture"
    small = page_of(220, (16, 20))
    small.encoderinfo = {"tiffinfo": info}  # type: ignore[attr-defined]
    path = store(encoded(page_of(20), "TIFF", save_all=True, append_images=[small, page_of(120)]))
    assert inspect(path, Limits()).pages == 2
    assert [page.image.size for page in pages(path)] == [(64, 80), (64, 80)]


def test_a_large_page_is_shrunk_whatever_its_kind(store: Store) -> None:
    assert pages(store(encoded(Image.new("1", (5000, 2500)), "TIFF", compression="group4")))[0].image.size == (
        2000,
        1000,
    )
    assert pages(store(encoded(Image.new("RGBA", (2500, 5000)), "WEBP")))[0].image.size == (1000, 2000)
