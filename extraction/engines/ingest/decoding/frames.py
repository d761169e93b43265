"""How the product and its decoder speak: a JSON header and raw bytes in a frame, so that no answer is ever executed.

A frame is the length of the header and the length of the bytes (4 bytes each, the higher first), the header, the bytes.
"""

import json
import struct
from typing import Any

LENGTHS = struct.Struct(">II")
# Words of a page with 50 000 characters take a tenth of it.
LONGEST_HEADER = 32 * 2**20
# A page of 2000 × 2000 pixels takes 16 MB.
LONGEST_PAYLOAD = 32 * 2**20

Header = dict[str, Any]


class BadFrame(ValueError):
    """The other side does not keep to the protocol."""


def start(header: Header, payload: bytes) -> bytes:
    """The frame but for its payload, which is too large to be copied."""
    text = json.dumps(header, ensure_ascii=True).encode()
    return LENGTHS.pack(len(text), len(payload)) + text


def lengths(data: bytes | bytearray) -> tuple[int, int]:
    """Lengths of header and payload; raises `BadFrame`."""
    header, payload = LENGTHS.unpack(data)
    if header > LONGEST_HEADER or payload > LONGEST_PAYLOAD:
        raise BadFrame("The frame is too long.")
    return header, payload


def parsed(text: bytes | bytearray) -> Header:
    """Raises `BadFrame`."""
    try:
        header = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadFrame("The frame holds no JSON.") from error
    if not isinstance(header, dict):
        raise BadFrame("The frame holds no JSON object.")
    return header
