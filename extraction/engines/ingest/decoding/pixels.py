"""Any picture to an upright one in RGB of a size that is read."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

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


def page_of(image: Image.Image, longest: int) -> Image.Image:
    """A decoded picture in RGB, turned as its EXIF data says, transparent parts white, at most `longest` on a side.

    Made smaller first: laying transparency on white takes four copies of the picture.
    """
    # Asked before: pictures derived from this one no longer know.
    orientation = orientation_of(image)
    return turned(_to_rgb(shrunk(_smooth(image), longest)), orientation)


def shrunk(image: Image.Image, longest: int) -> Image.Image:
    if max(image.size) > longest:
        image.thumbnail((longest, longest), Image.Resampling.LANCZOS, reducing_gap=3.0)
    return image


def _smooth(image: Image.Image) -> Image.Image:
    """The picture in a mode that can be made smaller: no palette, no mere black and white, 8 bits a channel."""
    if image.mode.startswith(("I", "F")):
        return Image.fromarray(_eight_bits(np.asarray(image)))
    if image.mode in ("P", "PA") or "transparency" in image.info:
        return image.convert("RGBA" if image.has_transparency_data else "RGB")
    return image.convert("L") if image.mode == "1" else image


def _to_rgb(image: Image.Image) -> Image.Image:
    if image.mode in ("LA", "RGBA"):
        layer = image.convert("RGBA")
        paper = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(paper, layer).convert("RGB")
    return image if image.mode == "RGB" else image.convert("RGB")


def orientation_of(image: Image.Image) -> int:
    """The EXIF orientation, 1 where there is none. A broken EXIF block is no reason to refuse a good picture.

    Readers of HEIC and TIFF turn the picture themselves when it is loaded and then say 1: ask after loading.
    """
    try:
        return int(image.getexif().get(_ORIENTATION_TAG, 1))
    except Exception:
        return 1


def turned(image: Image.Image, orientation: int) -> Image.Image:
    transposition = _TRANSPOSITIONS.get(orientation)
    return image if transposition is None else image.transpose(transposition)


def _eight_bits(values: NDArray[np.generic]) -> NDArray[np.uint8]:
    scale = 255 / 65535 if values.max(initial=0) > 255 else 1.0
    scaled: NDArray[np.uint8] = np.clip(values.astype(np.float32) * np.float32(scale), 0, 255).astype(np.uint8)
    return scaled
