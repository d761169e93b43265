"""Pictures whose last bytes are missing although all their pixels are there, as cut-off downloads leave them."""

from io import BytesIO
from pathlib import Path

from PIL import Image

from extraction.engines.ingest import sniffing

_JPEG_SCAN, _JPEG_END = b"\xff\xda", b"\xff\xd9"
_PNG_END = b"\0\0\0\0IEND\xaeB`\x82"
# What a decoder takes for more of the picture where some of it is missing; no marker starts in it.
_MORE = bytes(range(1, 129))
# Long side in pixels at which two decodings are compared.
_SIDE = 2000


def with_end(path: Path, media_type: str) -> BytesIO | None:
    """The file with its end, where it lacks no more than that; `None` for any other file."""
    if media_type == sniffing.JPEG:
        return _jpeg(path.read_bytes())
    return _png(path) if media_type == sniffing.PNG else None


def _png(path: Path) -> BytesIO | None:
    """The chunks before the last one have check sums: whether they are whole shows when they are decoded."""
    size = len(_PNG_END)
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - size, 0))
        tail = file.read()
    if _PNG_END[4:8] in tail[:8]:
        return None
    there = next((count for count in range(size - 1, 0, -1) if tail.endswith(_PNG_END[:count])), 0)
    return BytesIO(path.read_bytes() + _PNG_END[there:])


def _jpeg(data: bytes) -> BytesIO | None:
    if data.find(_JPEG_END, data.rfind(_JPEG_SCAN)) >= 0:
        return None
    if data[-1:] == _JPEG_END[:1]:
        data = data[:-1]
    whole = data + _JPEG_END
    return BytesIO(whole) if _pixels(whole) == _pixels(data + _MORE + _JPEG_END) else None


def _pixels(data: bytes) -> bytes:
    """The pixels, of which a decoder invents those that the data do not give."""
    with Image.open(BytesIO(data), formats=("JPEG",)) as image:
        image.draft("L", (_SIDE, _SIDE))
        return image.tobytes()
