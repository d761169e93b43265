"""SHA-256 of files, in hexadecimal: whole ones, and those that are read anyway."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Protocol


class Readable(Protocol):
    def read(self, size: int = ..., /) -> bytes: ...


def of_file(path: Path) -> str:
    """Raises `OSError`."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Hashing:
    """A file that is hashed, and whose bytes are counted, while it is read."""

    def __init__(self, file: Readable) -> None:
        self.bytes = 0
        self._file, self._digest = file, hashlib.sha256()

    @property
    def sha256(self) -> str:
        """Of what was read until now."""
        return self._digest.hexdigest()

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        self._digest.update(piece)
        self.bytes += len(piece)
        return piece
