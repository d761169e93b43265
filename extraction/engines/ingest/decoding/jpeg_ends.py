"""JPEG files whose last bytes are missing although all their pixels are there, as cut-off downloads leave them."""

from io import BytesIO
from pathlib import Path

from PIL import Image

_SCAN, _END = b"\xff\xda", b"\xff\xd9"
# What a decoder takes for more of the picture where some of it is missing; no marker starts in it.
_MORE = bytes(range(1, 129))
# Long side in pixels at which two decodings are compared.
_SIDE = 2000


def with_end(path: Path) -> BytesIO | None:
    """The file with an end mark, where it lacks no more than that; `None` for any other file."""
    data = path.read_bytes()
    if data.find(_END, data.rfind(_SCAN)) >= 0:
        return None
    if data[-1:] == _END[:1]:
        data = data[:-1]
    whole = data + _END
    return BytesIO(whole) if _pixels(whole) == _pixels(data + _MORE + _END) else None


def _pixels(data: bytes) -> bytes:
    """The pixels, of which a decoder invents those that the data do not give."""
    with Image.open(BytesIO(data), formats=("JPEG",)) as image:
        image.draft("L", (_SIDE, _SIDE))
        return image.tobytes()
