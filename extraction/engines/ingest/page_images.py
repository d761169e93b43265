"""Pages to the files that are shown."""

from pathlib import Path

from PIL import Image

from extraction.engines.atomic import atomic_write

PAGE_QUALITY = 88
THUMBNAIL_SIDE = 320


def save_page(image: Image.Image, folder: Path, number: int) -> tuple[Path, Path]:
    """Write page `number` and its thumbnail as JPEG files; whole files replace what was there."""
    folder.mkdir(parents=True, exist_ok=True)
    page, thumbnail = folder / f"{number}.jpg", folder / f"{number}.small.jpg"
    small = image.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS, reducing_gap=3.0)
    for picture, path in ((image, page), (small, thumbnail)):
        with atomic_write(path) as draft:
            picture.save(draft, "JPEG", quality=PAGE_QUALITY)
    return page, thumbnail
