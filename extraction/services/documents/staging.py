"""Staging of files as they come in: a hashed copy on the disk of the data folder, before anything is stored.

Also the limits that every file of the product keeps to, whether it becomes a document or is only extracted from.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol

from extraction.domain.errors import gettext_noop
from extraction.engines import digests
from extraction.engines.ingest.files import is_archive
from extraction.engines.ingest.limits import ArchiveLimits, Limits, Refused
from extraction.services import leftovers

# Bytes that are copied at once.
CHUNK = 2**20
LIMITS = Limits()
ARCHIVE = ArchiveLimits()


class Upload(Protocol):
    """Interface of an uploaded file; files opened for reading bytes have it too."""

    def read(self, size: int = ..., /) -> bytes: ...


@contextmanager
def stage(file: Path | Upload, *, archives: bool = False) -> Iterator[tuple[Path, str]]:
    """A copy of the file below the data folder and its SHA-256 in hex; removed afterwards unless it was moved.

    With `archives` a ZIP archive may have up to `ARCHIVE.bytes`. Raises `Refused` for a file that is too large.
    """
    with leftovers.incoming_file() as staged:
        if isinstance(file, Path):
            with file.open("rb") as opened:
                digest = _copy(opened, staged, archives)
        else:
            digest = _copy(file, staged, archives)
        yield staged, digest


def clean_name(name: str) -> str:
    """The last part of a client's name or path, of printable characters, at most 255; `document` if none is left."""
    composed = unicodedata.normalize("NFC", name.replace("\\", "/"))
    printable = "".join(character for character in composed if character.isprintable())
    return Path(printable).name[-255:] or "document"


def _copy(source: Upload | IO[bytes], target: Path, archives: bool) -> str:
    hashing, limit = digests.Hashing(source), LIMITS.bytes
    with target.open("wb") as out:
        while chunk := hashing.read(CHUNK):
            if hashing.bytes == len(chunk) and archives and is_archive(chunk):
                limit = ARCHIVE.bytes
            if hashing.bytes > limit:
                raise Refused(gettext_noop("The file is too large (at most {limit} MB)."), limit=limit // 2**20)
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    return hashing.sha256
