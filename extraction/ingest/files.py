"""A file to pages: what kind it is, whether it keeps to the limits, and its pages as pictures."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from extraction.domain.page import Word
from extraction.ingest import pdf, pictures
from extraction.ingest.limits import Limits, Refused
from extraction.ingest.sniffing import HEAD, PDF, sniff

__all__ = ["LONGEST", "Inspection", "Limits", "RawPage", "Refused", "inspect", "open_document", "sniff"]

# Long side in pixels of the pictures that are read, stored and shown: RapidOCR itself reads no larger ones.
LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Inspection:
    media_type: str
    bytes: int
    pages: int


@dataclass(frozen=True, slots=True)
class RawPage:
    """A decoded page in RGB, at most `LONGEST` on its long side; `words` where a PDF's text layer is sound."""

    image: Image.Image
    words: tuple[Word, ...] | None


def inspect(path: Path, limits: Limits) -> Inspection:
    """What the file is, by a look at its content that takes milliseconds. Raises `Refused`."""
    media_type, size = _sniffed(path, limits)
    if media_type == PDF:
        return Inspection(media_type, size, pdf.inspect(path, limits))
    pictures.inspect(path, limits)
    return Inspection(media_type, size, 1)


def open_document(path: Path, limits: Limits) -> Iterator[RawPage]:
    """The pages in order, each decoded when it is asked for. Raises `Refused`, also between pages."""
    media_type, _ = _sniffed(path, limits)
    if media_type == PDF:
        for image, words in pdf.pages(path, limits, LONGEST):
            yield RawPage(_shrunk(image), words)
    else:
        yield RawPage(_shrunk(pictures.decode(path, limits, LONGEST)), None)


def _sniffed(path: Path, limits: Limits) -> tuple[str, int]:
    size = path.stat().st_size
    if size > limits.bytes:
        raise Refused(f"The file is too large ({size / 2**20:.0f} MB; at most {limits.bytes / 2**20:.0f} MB).")
    with path.open("rb") as file:
        return sniff(file.read(HEAD)), size


def _shrunk(image: Image.Image) -> Image.Image:
    if max(image.size) > LONGEST:
        image.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS, reducing_gap=3.0)
    return image
