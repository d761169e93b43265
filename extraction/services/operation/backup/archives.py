"""The archive of a backup: a plain tar whose last member is the manifest.

Reading trusts nothing: a member that is no plain file of ours, comes twice, or has another hash than the manifest says
is refused, and nothing is written outside an empty folder.
"""

from __future__ import annotations

import io
import json
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import IO

from extraction.domain.progress import Progress
from extraction.engines import digests
from extraction.services.operation.backup.manifest import FILES, MANIFEST, Damaged, Entry, Manifest, is_safe

CHUNK = 2**20
# The manifest of a million documents.
LARGEST_MANIFEST = 2**30
PLAIN = (tarfile.REGTYPE, tarfile.AREGTYPE)


class Writer:
    """Adds files to an archive and keeps their hashes."""

    def __init__(self, archive: tarfile.TarFile) -> None:
        self.archive = archive
        self.entries: dict[str, Entry] = {}

    def add(self, name: str, path: Path) -> None:
        """Raises `FileNotFoundError`. The file may be replaced meanwhile: it is read through one descriptor."""
        with path.open("rb") as file:
            hashing = digests.Hashing(file)
            self.archive.addfile(_member(name, os.fstat(file.fileno()).st_size), hashing)
        self.entries[name] = Entry(hashing.sha256, hashing.bytes)

    def finish(self, manifest: Manifest) -> None:
        content = json.dumps(manifest.to_json(), ensure_ascii=False).encode()
        self.archive.addfile(_member(MANIFEST, len(content)), io.BytesIO(content))


@contextmanager
def writing(path: Path) -> Iterator[Writer]:
    """A new archive, for its owner's eyes alone, on the disk when the block ends."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as archive:
            yield Writer(archive)
        file.flush()
        os.fsync(file.fileno())


def read(path: Path, progress: Progress, into: Path, *, files: bool = True) -> Manifest:
    """The manifest, after every file was compared with its hash and written below the empty folder `into`; without
    `files` those of rows are compared only.

    Raises `Damaged`.
    """
    found: dict[str, Entry] = {}
    manifest = None
    size = path.stat().st_size
    try:
        with tarfile.open(path, "r:") as archive:
            for member in archive:
                if member.name in found or manifest or not _is_plain(member):
                    raise Damaged("The archive holds something that no backup of kdweb holds.")
                content = archive.extractfile(member)
                assert content is not None  # noqa: S101  # it is a plain file
                if member.name == MANIFEST:
                    manifest = _manifest(content, member.size)
                else:
                    written = files or not member.name.startswith(f"{FILES}/")
                    found[member.name] = _hashed(content, into / member.name if written else None)
                progress.report(min(archive.offset, size), size)
    except (tarfile.TarError, EOFError, UnicodeError, OverflowError, FileExistsError, NotADirectoryError):
        raise Damaged(f"{path.name} is damaged, or no backup of kdweb.") from None
    if manifest is None:
        raise Damaged(f"{path.name} is damaged, or no backup of kdweb: it has no manifest.")
    differing = sorted(name for name in {*found, *manifest.files} if found.get(name) != manifest.files.get(name))
    if differing:
        raise Damaged(f"{path.name} is damaged: {differing[0]} is not what was backed up.")
    progress.report(size, size)
    return manifest


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member


def _is_plain(member: tarfile.TarInfo) -> bool:
    return member.type in PLAIN and not member.issparse() and is_safe(member.name)


def _manifest(content: IO[bytes], size: int) -> Manifest:
    if size > LARGEST_MANIFEST:
        raise Damaged("The manifest of the archive is too large.")
    try:
        return Manifest.from_json(json.loads(content.read()))
    except (ValueError, RecursionError):
        raise Damaged("The manifest of the archive cannot be read.") from None


def _hashed(content: IO[bytes], target: Path | None) -> Entry:
    """Read a file to its end, and write it where a target is given."""
    hashing = digests.Hashing(content)
    if target is not None:
        target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("xb") if target is not None else nullcontext() as file:
        while chunk := hashing.read(CHUNK):
            if file is not None:
                file.write(chunk)
    return Entry(hashing.sha256, hashing.bytes)
