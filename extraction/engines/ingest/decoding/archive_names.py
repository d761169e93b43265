"""Names of the files in a ZIP archive, whatever program wrote them.

The standard knows two encodings: UTF-8 where a flag says so, and the code page 437 of the IBM PC. Programs of macOS and
many others write UTF-8 without the flag, and some set the flag on other bytes.
"""

import io
import struct
import zipfile
from pathlib import Path

_UTF8_FLAG = 0x800
# An entry of the directory and the header before each file: signature, size, and where flags and lengths stand.
_ENTRY, _ENTRY_SIZE, _ENTRY_FLAGS, _LENGTHS = b"PK\x01\x02", 46, 8, 28
_HEADER, _HEADER_SIZE, _HEADER_FLAGS, _NAME_LENGTH = b"PK\x03\x04", 30, 6, 26


def name_of(info: zipfile.ZipInfo) -> str:
    """The name as its writer meant it: as UTF-8 where it is that, whether the flag says so or not."""
    name = info.orig_filename.partition("\0")[0]
    if info.flag_bits & _UTF8_FLAG:
        return name
    try:
        return name.encode("cp437").decode()
    except UnicodeError:
        return name


class ForgivingFile(io.FileIO):
    """An archive in which no name says that it is UTF-8 unless it is."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(-1 if size is None else size) or b""
        if data.startswith(_ENTRY):
            return _directory(data)
        if size == _HEADER_SIZE and data.startswith(_HEADER):
            return self._header(data)
        return data

    def _header(self, data: bytes) -> bytes:
        """The header before a file, which is read without the name that follows."""
        place = self.tell()
        (length,) = struct.unpack_from("<H", data, _NAME_LENGTH)
        name = super().read(length) or b""
        self.seek(place)
        header = bytearray(data)
        _correct(header, _HEADER_FLAGS, name)
        return bytes(header)


def _directory(data: bytes) -> bytes:
    directory = bytearray(data)
    place = 0
    while directory[place : place + 4] == _ENTRY and place + _ENTRY_SIZE <= len(directory):
        name, extra, comment = struct.unpack_from("<HHH", directory, place + _LENGTHS)
        start = place + _ENTRY_SIZE
        _correct(directory, place + _ENTRY_FLAGS, bytes(directory[start : start + name]))
        place = start + name + extra + comment
    return bytes(directory)


def _correct(data: bytearray, place: int, name: bytes) -> None:
    """Take the flag at `place` back where the name is no UTF-8."""
    (flags,) = struct.unpack_from("<H", data, place)
    if flags & _UTF8_FLAG and not _is_utf8(name):
        struct.pack_into("<H", data, place, flags & ~_UTF8_FLAG)


def _is_utf8(name: bytes) -> bool:
    try:
        name.decode()
    except UnicodeDecodeError:
        return False
    return True
