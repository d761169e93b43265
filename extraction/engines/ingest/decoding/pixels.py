"""Decoded pictures of any mode to upright RGB pictures of a bounded size."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from extraction.engines.ingest.decoding.sizes import long_side

# Ink on nothing: long side in pixels at which it is looked for, opacity (0–255) of what counts as shown, width in
# pixels up to which that is a stroke, and the share of the picture from which strokes are its ink.
_INK_SIDE, _SHOWN, _STROKE, _LEAST_INK = 500, 127, 9, 0.01
# Grounds (grey levels), the usual one first; levels from the ground at which ink is seen; shares of strokes, and of
# areas where there are none, that may be unseen.
_GROUNDS, _SEEN, _HIDDEN_INK, _HIDDEN_AREA = (255, 0, 128), 60, 0.05, 0.98
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
    """A decoded picture as an upright RGB picture of at most `longest` pixels on a side; narrow ones are longer.

    Shrunk first, because blending with a ground takes four copies of the picture. May change `image`.
    """
    # Read before: pictures derived from this one have no EXIF data.
    orientation = orientation_of(image)
    return turned(_to_rgb(shrunk(_scalable(image), longest)), orientation)


def shrunk(image: Image.Image, longest: int) -> Image.Image:
    """The picture, made smaller in place where its long side exceeds `longest` pixels (see `sizes`)."""
    longest = long_side(*image.size, longest)
    if max(image.size) > longest:
        image.thumbnail((longest, longest), Image.Resampling.LANCZOS, reducing_gap=3.0)
    return image


def _scalable(image: Image.Image) -> Image.Image:
    """The picture in a mode that can be resampled: no palette, no 1-bit black and white, 8 bits a channel."""
    if image.mode.startswith(("I", "F")):
        return Image.fromarray(_eight_bits(np.asarray(image)))
    if image.mode in ("P", "PA") or "transparency" in image.info:
        return image.convert("RGBA" if image.has_transparency_data else "RGB")
    return image.convert("L") if image.mode == "1" else image


def _to_rgb(image: Image.Image) -> Image.Image:
    if image.mode in ("LA", "RGBA"):
        layer = image.convert("RGBA")
        ground = Image.new("RGBA", layer.size, (*[_ground(layer)] * 3, 255))
        return Image.alpha_composite(ground, layer).convert("RGB")
    return image if image.mode == "RGB" else image.convert("RGB")


def _ground(layer: Image.Image) -> int:
    """The grey on which the ink of an RGBA picture is seen: white unless that hides some of it.

    Ink of one picture may be light here and dark there, such as white text above a dark bar.
    """
    small = layer.copy()
    small.thumbnail((_INK_SIDE, _INK_SIDE))
    shown = small.getchannel("A").point(lambda opacity: 255 if opacity > _SHOWN else 0)
    thick = shown.filter(ImageFilter.MinFilter(_STROKE)).filter(ImageFilter.MaxFilter(_STROKE))
    ink, most = np.asarray(shown) > np.asarray(thick), _HIDDEN_INK
    if ink.mean() < _LEAST_INK:
        # No strokes: paper that was cut out, on which there is dark print, or large light letters.
        ink, most = np.asarray(shown) > 0, _HIDDEN_AREA
    if not ink.any() or np.asarray(shown).all():
        return _GROUNDS[0]
    levels = np.asarray(small.convert("L"), np.int16)[ink]
    hidden = {grey: float((np.abs(levels - grey) < _SEEN).mean()) for grey in _GROUNDS}
    return next((grey for grey in _GROUNDS if hidden[grey] <= most), min(_GROUNDS, key=hidden.__getitem__))


def orientation_of(image: Image.Image) -> int:
    """The EXIF orientation (1–8), 1 where there is none or the EXIF block is broken.

    Call it after loading: readers of HEIC and TIFF then turn the picture themselves and report 1.
    """
    try:
        return int(image.getexif().get(_ORIENTATION_TAG, 1))
    except Exception:
        return 1


def turned(image: Image.Image, orientation: int) -> Image.Image:
    """The picture as the EXIF orientation (1–8) demands."""
    transposition = _TRANSPOSITIONS.get(orientation)
    return image if transposition is None else image.transpose(transposition)


def _eight_bits(values: NDArray[np.generic]) -> NDArray[np.uint8]:
    """Grey levels `[height, width]` of any type as 0–255; levels above 255 are taken for 16 bits."""
    scale = 255 / 65535 if values.max(initial=0) > 255 else 1.0
    scaled: NDArray[np.uint8] = np.clip(values.astype(np.float32) * np.float32(scale), 0, 255).astype(np.uint8)
    return scaled
