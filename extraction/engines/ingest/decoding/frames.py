"""Frames between the product and the process that decodes: a JSON header and raw bytes, so that nothing is executed.

A frame is the length of the header and the length of the payload (4 bytes each, big-endian), the header, the payload.
"""

import json
import struct
from typing import Any

LENGTHS = struct.Struct(">II")
# Bytes; the words of a page with 50 000 characters take a tenth of it.
LONGEST_HEADER = 32 * 2**20
# Bytes; a page of 2000 × 2000 pixels takes 16 MB.
LONGEST_PAYLOAD = 32 * 2**20

Header = dict[str, Any]


class BadFrame(ValueError):
    """The other side does not keep to the protocol."""


def start(header: Header, payload: bytes = b"") -> bytes:
    """The frame without its payload, which is too large to be copied."""
    text = json.dumps(header, ensure_ascii=True).encode()
    return LENGTHS.pack(len(text), len(payload)) + text


def lengths(data: bytes | bytearray) -> tuple[int, int]:
    """Lengths in bytes of header and payload. Raises `BadFrame` where one is too long."""
    header, payload = LENGTHS.unpack(data)
    if header > LONGEST_HEADER or payload > LONGEST_PAYLOAD:
        raise BadFrame("The frame is too long.")
    return header, payload


def parse(text: bytes | bytearray) -> Header:
    """The header. Raises `BadFrame` for anything but a JSON object."""
    try:
        header = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadFrame("The frame holds no JSON.") from error
    if not isinstance(header, dict):
        raise BadFrame("The frame holds no JSON object.")
    return header
