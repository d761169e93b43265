"""JPEG files of pages and thumbnails, for the browser."""

from pathlib import Path

from PIL import Image

from extraction.engines.atomic import atomic_write

# JPEG quality (0–100).
PAGE_QUALITY = 88
# Long side in pixels.
THUMBNAIL_SIDE = 320


def save_page(image: Image.Image, folder: Path, number: int) -> tuple[Path, Path]:
    """Write page `number` and its thumbnail, RGB pictures, as JPEG files; existing files are replaced atomically.

    Returns the paths of page and thumbnail. Raises `OSError`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    page, thumbnail = folder / f"{number}.jpg", folder / f"{number}.small.jpg"
    small = image.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS, reducing_gap=3.0)
    for picture, path in ((image, page), (small, thumbnail)):
        with atomic_write(path) as draft:
            picture.save(draft, "JPEG", quality=PAGE_QUALITY)
    return page, thumbnail
