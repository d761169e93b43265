"""Sharpness and perceptual hash of a page."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

# Long side in pixels: sharpness depends on scale, so every page is measured at the same one (never enlarged).
FOCUS_SIDE = 1000


def focus(image: Image.Image) -> float:
    """Variance of the Laplacian (4-neighbour kernel, grey levels 0–255) at a long side of `FOCUS_SIDE` pixels.

    Below 200 a page is hard to read, from 500 on it is sharp (the bins of arXiv 2411.14957, table 5).
    """
    grey = _grey(image, FOCUS_SIDE)
    inner = grey[1:-1, 1:-1]
    laplacian = grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:] - 4 * inner
    return float(laplacian.var()) if laplacian.size else 0.0


def _grey(image: Image.Image, side: int) -> NDArray[np.float32]:
    """Grey levels `[height, width]`, 0–255, at most `side` pixels on a side."""
    grey = image.convert("L")
    grey.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=3.0)
    return np.asarray(grey, dtype=np.float32)


def fingerprint(image: Image.Image) -> str:
    """A difference hash of 256 bits as 64 hex digits: two pictures of one page differ in few bits (`distance`)."""
    small = np.asarray(image.convert("L").resize((17, 16), Image.Resampling.BOX), dtype=np.int16)
    bits = (small[:, 1:] > small[:, :-1]).flatten()
    return np.packbits(bits).tobytes().hex()


def distance(a: str, b: str) -> int:
    """Number of bits (0–256) in which two fingerprints differ."""
    return (int(a, 16) ^ int(b, 16)).bit_count()
