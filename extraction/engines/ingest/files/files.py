"""A file to pages: what kind it is, whether it keeps to the limits, and its pages as pictures.

The first bytes are looked at here; whatever decodes runs in the `sandbox`.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from PIL import Image

from extraction.domain.pages import Box, Word
from extraction.engines.ingest.decoding.frames import Header
from extraction.engines.ingest.decoding.sandbox import DAMAGED, sandbox, token
from extraction.engines.ingest.files.limits import Limits, Refused
from extraction.engines.ingest.files.sniffing import HEAD, ZIP, sniff

__all__ = ["LONGEST", "Inspection", "Limits", "RawPage", "Refused", "inspect", "is_archive", "open_document"]

# Long side in pixels of the pictures that are read, stored and shown: RapidOCR itself reads no larger ones.
LONGEST = 2000
ARCHIVE = "The file is a ZIP archive; unpack it and send the files that it holds."


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
    request, size = _request(path, limits)
    header, _ = _ask({**request, "ask": "inspect"}, limits)
    return Inspection(request["media_type"], size, int(header["pages"]))


def open_document(path: Path, limits: Limits) -> Iterator[RawPage]:
    """The pages in order, each decoded when it is asked for. Raises `Refused`, also between pages."""
    request, _ = _request(path, limits)
    request |= {"token": token(), "longest": LONGEST}
    try:
        for number in range(limits.pages):
            header, pixels = _ask({**request, "ask": "page", "number": number}, limits)
            yield _page(header, pixels)
            if not header.get("more"):
                return
    finally:
        sandbox.done(request["token"])


def is_archive(file: Path | bytes) -> bool:
    """Whether a file, or one that starts with these bytes, is a ZIP archive; of what else it is, nothing is said."""
    try:
        return (sniff(file) if isinstance(file, bytes) else _media_type(file)) == ZIP
    except Refused:
        return False


def _media_type(path: Path) -> str:
    with path.open("rb") as file:
        return sniff(file.read(HEAD))


def _request(path: Path, limits: Limits) -> tuple[Header, int]:
    media_type, size = _media_type(path), path.stat().st_size
    if media_type == ZIP:
        raise Refused(ARCHIVE)
    if size > limits.bytes:
        raise Refused(f"The file is too large ({size / 2**20:.0f} MB; at most {limits.bytes / 2**20:.0f} MB).")
    return {"path": str(path.resolve()), "media_type": media_type, "limits": asdict(limits)}, size


def _ask(request: Header, limits: Limits) -> tuple[Header, bytearray]:
    return sandbox.ask(request, seconds=limits.seconds, memory=limits.memory)


def _page(header: Header, pixels: bytearray) -> RawPage:
    """What came out of the process that decodes is checked like what comes from outside."""
    try:
        image = Image.frombytes("RGB", (header["width"], header["height"]), pixels, "raw", "RGBX")
        words = header["words"]
        return RawPage(image, None if words is None else tuple(_word(*row) for row in words))
    except (KeyError, TypeError, ValueError) as error:
        raise Refused(DAMAGED) from error


def _word(text: str, x0: float, y0: float, x1: float, y1: float, confidence: float, line: int) -> Word:
    return Word(str(text), Box.clamped(float(x0), float(y0), float(x1), float(y1)), float(confidence), int(line))
