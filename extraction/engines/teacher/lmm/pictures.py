"""Pictures of pages, scaled to the limits of a provider."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image

KINDS = {"JPEG": "image/jpeg", "PNG": "image/png"}
QUALITY, LEAST_QUALITY, STEP = 88, 40, 12


@dataclass(frozen=True, slots=True)
class Picture:
    media_type: str
    data: bytes


def fit(path: Path, side: int, most: int) -> Picture:
    """The picture, its long side `side` pixels and its file `most` bytes at most; unchanged where it is that already.

    Raises `OSError` where it is missing or damaged.
    """
    data = path.read_bytes()
    with Image.open(BytesIO(data)) as image:
        if image.format in KINDS and max(image.size) <= side and len(data) <= most:
            return Picture(KINDS[image.format], data)
        image.draft("RGB", (side, side))
        smaller = image.convert("RGB")
    smaller.thumbnail((side, side), Image.Resampling.LANCZOS)
    return Picture("image/jpeg", _encoded(smaller, most))


def _encoded(image: Image.Image, most: int) -> bytes:
    """As JPEG, coarser and then smaller until it fits."""
    while True:
        for quality in range(QUALITY, LEAST_QUALITY, -STEP):
            buffer = BytesIO()
            image.save(buffer, "JPEG", quality=quality)
            if buffer.tell() <= most:
                return buffer.getvalue()
        image = image.resize((max(1, image.width * 3 // 4), max(1, image.height * 3 // 4)))
