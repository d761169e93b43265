"""Files to pages: the kind of a file, whether it keeps to the limits, and its pages as pictures.

Only the first bytes are read here; everything that decodes runs in the `sandbox`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from extraction.domain.errors import gettext_noop
from extraction.engines.ingest.decoding.messages import DecodedPage, DecodePage, InspectFile, PageCount, SourceFile
from extraction.engines.ingest.decoding.sandbox import DAMAGED, new_token, sandbox
from extraction.engines.ingest.limits import Limits, Refused
from extraction.engines.ingest.sniffing import HEAD, ZIP, sniff
from extraction.engines.ingest.textlayer.words import TextLayer

# Long side in pixels of the pictures that are read, stored and shown: RapidOCR itself reads no larger ones.
LONGEST = 2000
ARCHIVE = gettext_noop("The file is a ZIP archive; unpack it and send the files that it holds.")


@dataclass(frozen=True, slots=True)
class Inspection:
    """Media type by the first bytes, size of the file in bytes, and number of pages."""

    media_type: str
    bytes: int
    pages: int


@dataclass(frozen=True, slots=True)
class RawPage:
    """A decoded page: an RGB picture `[height, width, 3]` uint8 of at most `LONGEST` pixels on its long side.

    The picture of a long roll is longer (`decoding.sizes`). `layer` is a PDF's text, not yet compared with the picture.
    """

    image: Image.Image
    layer: TextLayer | None


def inspect(path: Path, limits: Limits) -> Inspection:
    """Check a file by its headers, in milliseconds. Raises `Refused`."""
    source, size = _source(path, limits)
    count, _ = sandbox.call(InspectFile(source), PageCount.from_json, seconds=limits.seconds, memory=limits.memory)
    return Inspection(source.media_type, size, count.pages)


def open_document(path: Path, limits: Limits) -> Iterator[RawPage]:
    """The pages in order, each decoded when it is requested. Raises `Refused`, also between pages."""
    source, _ = _source(path, limits)
    token = new_token()
    try:
        for number in range(limits.pages):
            request = DecodePage(source, token, number, LONGEST)
            page, pixels = sandbox.call(request, DecodedPage.from_json, seconds=limits.seconds, memory=limits.memory)
            yield RawPage(_image(page, pixels), page.layer)
            if not page.more:
                return
    finally:
        sandbox.done(token)


def is_archive(file: Path | bytes) -> bool:
    """Whether a file, or one that starts with these bytes, is a ZIP archive; false too for a file that is refused."""
    try:
        return (sniff(file) if isinstance(file, bytes) else _media_type(file)) == ZIP
    except Refused:
        return False


def _media_type(path: Path) -> str:
    with path.open("rb") as file:
        return sniff(file.read(HEAD))


def _source(path: Path, limits: Limits) -> tuple[SourceFile, int]:
    """The file for requests, and its size in bytes. Raises `Refused`."""
    media_type, size = _media_type(path), path.stat().st_size
    if media_type == ZIP:
        raise Refused(ARCHIVE)
    if size > limits.bytes:
        raise Refused(
            gettext_noop("The file is too large ({size} MB; at most {most} MB)."),
            size=f"{size / 2**20:.0f}",
            most=f"{limits.bytes / 2**20:.0f}",
        )
    return SourceFile(path, media_type, limits), size


def _image(page: DecodedPage, pixels: bytearray) -> Image.Image:
    """The picture; the decoding process is not trusted to send as many pixels as it states."""
    try:
        return Image.frombytes("RGB", (page.width, page.height), pixels, "raw", "RGBX")
    except ValueError as error:
        raise Refused(DAMAGED) from error
