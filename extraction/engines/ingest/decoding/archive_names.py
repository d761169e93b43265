"""Names of the files in a ZIP archive, whatever program wrote them.

The standard knows two encodings: UTF-8 where a flag says so, and the code page 437 of the IBM PC. Programs of macOS and
many others write UTF-8 without the flag, some set the flag on other bytes, and Windows writes the code page of its
language. An archive is of one code page: that in which all its names are made of letters.
"""

import contextlib
import io
import re
import struct
import unicodedata
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath

IBM = "cp437"
# The code pages of Windows in Japan, China and Russia. Japanese in the letters of Russia's looks like capitals.
_WINDOWS = ("cp932", "gbk", "cp866")
# Lead bytes of the characters that are in daily use.
_COMMON = {"cp932": range(0x81, 0x98), "gbk": range(0xA3, 0xD8)}
_MIXED = re.compile(r"[A-Za-z][А-яЁё]|[А-яЁё][A-Za-z]")
# Share of the characters of the names that may be rare ones.
_RARE = 0.3
_UTF8_FLAG = 0x800
# An entry of the directory and the header before each file: signature, size, and where flags and lengths stand.
_ENTRY, _ENTRY_SIZE, _ENTRY_FLAGS, _LENGTHS = b"PK\x01\x02", 46, 8, 28
_HEADER, _HEADER_SIZE, _HEADER_FLAGS, _NAME_LENGTH = b"PK\x03\x04", 30, 6, 26


def name_of(info: zipfile.ZipInfo, code_page: str = IBM) -> str:
    """The name as its writer meant it: as UTF-8 where it is that, whether the flag says so or not."""
    name = info.orig_filename.partition("\0")[0]
    raw = _raw(info)
    if raw is None:
        return name
    for encoding in ("utf-8", code_page):
        with contextlib.suppress(UnicodeError):
            return raw.decode(encoding)
    return name


def code_page_of(infos: Iterable[zipfile.ZipInfo]) -> str:
    """The code page of an archive's names that are not UTF-8.

    It is `IBM` unless some name would have signs of drawings in it (`│`, `▒`, `α`) and in another one none has.
    """
    raw = [data for data in map(_raw, infos) if data is not None and not data.isascii() and not _is_utf8(data)]
    if not any(_is_strange(data.decode(IBM)) for data in raw):
        return IBM
    scores = {encoding: _score(raw, encoding) for encoding in _WINDOWS}
    best = min(scores, key=scores.__getitem__)
    return best if scores[best] <= _RARE else IBM


def _raw(info: zipfile.ZipInfo) -> bytes | None:
    """The bytes of a name that no flag says to be UTF-8."""
    if info.flag_bits & _UTF8_FLAG:
        return None
    try:
        return info.orig_filename.partition("\0")[0].encode(IBM)
    except UnicodeError:
        return None


def _is_strange(name: str) -> bool:
    """Whether the name has drawings, Greek or mathematics, which nobody wrote, or hardly a letter without an accent."""
    if any("α" <= sign <= "ω" or (sign not in "°+" and unicodedata.category(sign) in ("So", "Sm")) for sign in name):
        return True
    stem = [letter for letter in PurePosixPath(name).stem if letter.isalpha()]
    return 2 * sum(letter.isascii() for letter in stem) < len(stem)


def _score(names: Sequence[bytes], encoding: str) -> float:
    """Share of the characters that are seldom written in this encoding; 1 where the names are not in it."""
    try:
        read = "\n".join(name.decode(encoding) for name in names)
    except UnicodeError:
        return 1.0
    foreign = [character for character in read if not character.isascii()]
    if encoding == "cp866" and _MIXED.search(read):
        return 1.0
    return sum(_is_rare(character, encoding) for character in foreign) / max(len(foreign), 1)


def _is_rare(character: str, encoding: str) -> bool:
    if encoding == "cp866":
        return not (character.isalpha() or character == "№")
    data = character.encode(encoding)
    # Half-width katakana are single bytes; the rare ideographs of Chinese have low second bytes.
    return len(data) == 1 or data[0] not in _COMMON[encoding] or (encoding == "gbk" and data[1] < 0xA1)


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
