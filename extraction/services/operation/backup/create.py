"""Making a backup of an installation that may be running."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from extraction.domain.json_types import JsonObject
from extraction.domain.progress import Progress
from extraction.engines.atomic import atomic_write
from extraction.models import AuditAction, Document
from extraction.services import storage, version
from extraction.services.audit_log import log as audit_log
from extraction.services.errors import Invalid
from extraction.services.operation.backup import archives, databases, record, rows
from extraction.services.operation.backup.archives import Writer
from extraction.services.operation.backup.manifest import DATABASE, FILES, SECRET, Manifest, Secret

# A document that is deleted after the database was copied lacks its files: then the database is copied anew.
ATTEMPTS = 3
# Files after which the position is told.
REPORT_EVERY = 50


@dataclass(frozen=True, slots=True)
class Backup:
    """A finished backup; `missing` are files of rows that were not there."""

    path: Path
    bytes: int
    documents: int
    files: int
    secret: Secret
    missing: tuple[str, ...]

    def to_json(self) -> JsonObject:
        return {
            "path": str(self.path),
            "bytes": self.bytes,
            "documents": self.documents,
            "files": self.files,
            "secret": self.secret.value,
            "verified": True,
            "missing": list(self.missing),
        }


def create(target: Path | None, progress: Progress, *, with_secret: bool = True) -> Backup:
    """Write an archive to `target`: a new file, or a folder; without it `backups/` in the data folder.

    It gets its name when it was read back and compared. Raises `Invalid`, `OSError`.
    """
    path = _path(target)
    with atomic_write(path) as draft:
        manifest = _write(draft, progress, with_secret)
        _verify(draft, progress)
    files = sum(name.startswith(f"{FILES}/") for name in manifest.files)
    size = path.stat().st_size
    record.write(record.LastBackup(timezone.now(), str(path), size, files, not manifest.missing))
    audit_log.record(AuditAction.BACKUP_MADE, changes={"documents": manifest.documents, "files": files})
    return Backup(path, size, manifest.documents, files, manifest.secret, manifest.missing)


def _path(target: Path | None) -> Path:
    name = f"kdweb-{timezone.now():%Y%m%d-%H%M%S}.tar"
    folder = Path(settings.DATA_DIR) / "backups"
    if target is None:
        folder.mkdir(mode=0o700, exist_ok=True)
    path = (target or folder).absolute()
    path = path / name if path.is_dir() else path
    if path.exists():
        raise Invalid(f"There is already a file {path}; a backup replaces none.")
    if not path.parent.is_dir():
        raise Invalid(f"There is no folder {path.parent}.")
    return path


def _write(draft: Path, progress: Progress, with_secret: bool) -> Manifest:
    """The whole archive; once more where documents were deleted after the database was copied."""
    for _ in range(ATTEMPTS):
        with archives.writing(draft) as writer:
            manifest = _fill(writer, draft.with_name(f"{draft.name}.database"), progress, with_secret)
            writer.finish(manifest)
        if not manifest.missing:
            break
    return manifest


def _fill(writer: Writer, copy: Path, progress: Progress, with_secret: bool) -> Manifest:
    """First the database, then the files of its rows: files that come later belong to no row of the copy."""
    database = databases.of_vendor(connection.vendor)
    try:
        with database.copy(copy) as query:
            names, applied = list(rows.files(query)), rows.migrations(query)
            documents = int(query(f"SELECT COUNT(*) FROM {Document._meta.db_table}")[0][0])  # noqa: S608
        writer.add(DATABASE, copy)
    finally:
        copy.unlink(missing_ok=True)
    missing = tuple(_add_files(writer, names, progress))
    return Manifest(
        created=timezone.now(),
        version=version.version(),
        vendor=connection.vendor,
        migrations=applied,
        secret=_add_secret(writer, with_secret),
        documents=documents,
        files=writer.entries,
        missing=missing,
    )


def _add_files(writer: Writer, names: Sequence[str], progress: Progress) -> Iterator[str]:
    """Add what rows name; yields what is not there."""
    for number, name in enumerate(names, 1):
        try:
            writer.add(f"{FILES}/{name}", storage.fetch(name))
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            yield name
        if number % REPORT_EVERY == 0 or number == len(names):
            progress.report(number, len(names), "files copied")


def _add_secret(writer: Writer, wanted: bool) -> Secret:
    path = Path(settings.DATA_DIR) / "secret"
    if os.environ.get("SECRET_KEY") or os.environ.get("SECRET_KEY_FILE") or not path.is_file():
        return Secret.ELSEWHERE
    if not wanted:
        return Secret.LEFT_OUT
    writer.add(SECRET, path)
    return Secret.INCLUDED


def _verify(draft: Path, progress: Progress) -> None:
    """Read the archive back: every hash, and whether the database is sound."""
    with tempfile.TemporaryDirectory(dir=draft.parent, prefix=".kdweb-verify-") as folder:
        manifest = archives.read(draft, progress, Path(folder), files=False)
        databases.of_vendor(manifest.vendor).check(Path(folder) / DATABASE)
