"""ZIP archives, sound ones and hostile ones."""

import struct
import warnings
import zipfile
from io import BytesIO

GIVEN = zipfile.ZIP_DEFLATED


def archive(files: dict[str, bytes], method: int = GIVEN) -> bytes:
    """Names as they are given, also such that lead elsewhere."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", method) as made, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        for name, data in files.items():
            made.writestr(zipfile.ZipInfo(name), data, method)
    return out.getvalue()


def named(names: tuple[bytes, ...], *, utf8: bool) -> bytes:
    """An archive with these bytes for names, whose flag says that they are UTF-8 or says nothing."""
    places = {f"{number:04d}".ljust(len(name), "_"): name for number, name in enumerate(names)}
    data = archive(places, zipfile.ZIP_STORED)
    for place, name in places.items():
        data = data.replace(place.encode(), name)
    flags = struct.pack("<H", 0x800 if utf8 else 0)
    return _each(_each(data, b"PK\x03\x04", 6, flags), b"PK\x01\x02", 8, flags)


def encrypted(data: bytes) -> bytes:
    """All its files say that they need a password."""
    return _each(_each(data, b"PK\x03\x04", 6, b"\x01\0"), b"PK\x01\x02", 8, b"\x01\0")


def lying(data: bytes, size: int) -> bytes:
    """All its files claim to unpack to `size` bytes."""
    claim = struct.pack("<I", size)
    return _each(_each(data, b"PK\x03\x04", 22, claim), b"PK\x01\x02", 24, claim)


def wrong_sum(data: bytes) -> bytes:
    """The check sums are those of other files."""
    return _each(_each(data, b"PK\x03\x04", 14, b"ABCD"), b"PK\x01\x02", 16, b"ABCD")


def links(*names: str) -> bytes:
    """Symbolic links to a file of the system."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name in names:
            info = zipfile.ZipInfo(name)
            info.external_attr = 0o120777 << 16
            made.writestr(info, "/etc/passwd")
    return out.getvalue()


def overlapping(count: int, size: int) -> bytes:
    """`count` files that are all the same bytes of the archive, each `size` bytes when unpacked."""
    single = archive({"a.bmp": b"BM" + b"\0" * size})
    start = single.index(b"PK\x01\x02")
    end = single.index(b"PK\x05\x06")
    entries = single[start:end] * count
    tail = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, count, count, len(entries), start, 0)
    return single[:start] + entries + tail


def _each(data: bytes, signature: bytes, offset: int, value: bytes) -> bytes:
    """`value` at `offset` behind every `signature`."""
    changed, place = bytearray(data), data.find(signature)
    while place >= 0:
        changed[place + offset : place + offset + len(value)] = value
        place = data.find(signature, place + 4)
    return bytes(changed)
