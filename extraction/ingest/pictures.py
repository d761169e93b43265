"""JPEG and PNG files to upright RGB pictures, and pages to the files that are shown."""

import os
import warnings
from io import BytesIO
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

from extraction.ingest.limits import Limits, Refused, check_size

# Own limits are checked on the header; Pillow's error above twice its threshold stays as the net below.
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)
# A broken EXIF block is passed over (see `_orientation`).
warnings.filterwarnings("ignore", message="Corrupt EXIF data")

DAMAGED = "The picture is damaged or cut off."

PAGE_QUALITY = 88
THUMBNAIL_SIDE = 320

_ORIENTATION_TAG = 0x0112
_TRANSPOSITIONS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def inspect(source: Path | bytes, limits: Limits) -> None:
    """Raises `Refused` for what `decode` would refuse, at a fraction of its cost."""
    image = _open(source, limits)
    try:
        if not isinstance(image, JpegImageFile):
            image.verify()
        else:
            image.draft("L", (64, 64))
            image.load()
    except Exception as error:
        # Decoders raise whatever their format's reader happens to trip over.
        raise Refused(DAMAGED) from error


def decode(source: Path | bytes, limits: Limits, longest: int) -> Image.Image:
    """The picture in RGB, turned as its EXIF data says, transparent parts white.

    A JPEG is decoded at the smallest scale (1, 1/2, 1/4, 1/8) whose long side is still at least `longest`: four times
    faster for a photo of twelve million pixels. Raises `Refused`.
    """
    image = _open(source, limits)
    try:
        if isinstance(image, JpegImageFile):
            image.draft("RGB", (longest, longest))
        image.load()
        return _turned(to_rgb(image), _orientation(image))
    except Exception as error:
        raise Refused(DAMAGED) from error


def save_page(image: Image.Image, folder: Path, number: int) -> tuple[Path, Path]:
    """Write page `number` and its thumbnail as JPEG files; whole files replace what was there."""
    folder.mkdir(parents=True, exist_ok=True)
    page, thumbnail = folder / f"{number}.jpg", folder / f"{number}.small.jpg"
    small = image.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS, reducing_gap=3.0)
    for picture, path in ((image, page), (small, thumbnail)):
        partial = path.with_suffix(f".{os.getpid()}")
        picture.save(partial, "JPEG", quality=PAGE_QUALITY)
        partial.replace(path)
    return page, thumbnail


def to_rgb(image: Image.Image) -> Image.Image:
    """Any of Pillow's modes in RGB; 16-bit greys are scaled, transparency lies on white."""
    if image.mode == "RGB" and "transparency" not in image.info:
        return image
    if image.mode.startswith(("I", "F")):
        return Image.fromarray(_eight_bits(np.asarray(image))).convert("RGB")
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        paper = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(paper, layer).convert("RGB")
    return image.convert("RGB")


def _open(source: Path | bytes, limits: Limits) -> Image.Image:
    try:
        file: Path | IO[bytes] = BytesIO(source) if isinstance(source, bytes) else source
        image = Image.open(file, formats=("JPEG", "PNG"))
    except Image.DecompressionBombError:
        raise Refused(f"The picture is too large (at most {limits.pixels // 1_000_000} million pixels).") from None
    except Exception as error:
        raise Refused(DAMAGED) from error
    check_size(*image.size, limits)
    return image


def _orientation(image: Image.Image) -> int:
    """The EXIF orientation, 1 where there is none. A broken EXIF block is no reason to refuse a good picture."""
    try:
        return int(image.getexif().get(_ORIENTATION_TAG, 1))
    except Exception:
        return 1


def _turned(image: Image.Image, orientation: int) -> Image.Image:
    transposition = _TRANSPOSITIONS.get(orientation)
    return image if transposition is None else image.transpose(transposition)


def _eight_bits(values: NDArray[np.generic]) -> NDArray[np.uint8]:
    scale = 255 / 65535 if values.max(initial=0) > 255 else 1.0
    return np.clip(values.astype(np.float64) * scale, 0, 255).astype(np.uint8)
