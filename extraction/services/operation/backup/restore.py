"""Bringing a backup back: everything is compared before anything of the installation is touched."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import Error, connection, connections

from extraction.domain.json_types import JsonObject
from extraction.domain.progress import Progress, Silent
from extraction.models import AuditAction, Project, User
from extraction.services import object_store, storage
from extraction.services.audit_log import log as audit_log
from extraction.services.errors import Conflict, Invalid
from extraction.services.operation import files_upload, occupancy
from extraction.services.operation.backup import archives, databases, rows
from extraction.services.operation.backup.manifest import DATABASE, FILES, SECRET, Manifest, Secret


@dataclass(frozen=True, slots=True)
class Restored:
    """An installation that was brought back; `missing` are files that rows name and that are not there."""

    path: Path
    created: datetime
    version: str
    documents: int
    files: int
    secret: Secret
    missing: tuple[str, ...]

    def to_json(self) -> JsonObject:
        return {
            "path": str(self.path),
            "created": self.created.isoformat(),
            "version": self.version,
            "documents": self.documents,
            "files": self.files,
            "secret": self.secret.value,
            "missing": list(self.missing),
        }


def restore(path: Path, progress: Progress, *, replace: bool = False) -> Restored:
    """Put a backup in the place of the installation, which must be empty unless `replace` is given.

    Raises `Conflict` for an installation that is in use or not empty, `Damaged` and `Invalid` for an archive that does
    not do, and leaves everything as it was then.
    """
    if not path.is_file():
        raise Invalid(f"There is no file {path}.")
    data = Path(settings.DATA_DIR)
    with occupancy.alone():
        if not replace and not is_empty():
            raise Conflict("This installation is not empty; with --replace the backup takes its place.")
        with tempfile.TemporaryDirectory(dir=data, prefix=".restore-") as folder:
            manifest = _checked(path, progress, Path(folder))
            with occupancy.changing(), _in_place(manifest, Path(folder), data):
                _migrate()
                audit_log.record(AuditAction.RESTORED, changes={"created": manifest.created.isoformat()})
                if object_store.configured():
                    files_upload.upload(Silent(), anew=True)
        missing = rows.missing(rows.live)
    files = sum(name.startswith(f"{FILES}/") for name in manifest.files)
    return Restored(path, manifest.created, manifest.version, manifest.documents, files, manifest.secret, missing)


def is_empty() -> bool:
    """Whether nobody has put anything into the installation: no account, no project, no file of a project."""
    if any((storage.root() / "projects").glob("*")):
        return False
    try:
        return not (User.objects.exists() or Project.objects.exists())
    except Error:
        # No tables yet; what else a database may be is not empty.
        return not connection.introspection.table_names()


def _checked(path: Path, progress: Progress, folder: Path) -> Manifest:
    """The content of the archive in `folder`, every part of it looked at."""
    manifest = archives.read(path, progress, folder)
    database = databases.of_vendor(manifest.vendor)
    if unknown := databases.unknown_migrations(manifest.migrations):
        raise Invalid(f"The backup was made by a newer version of kdweb, {manifest.version}; it has {unknown[0]}.")
    if DATABASE not in manifest.files:
        raise Invalid("The backup holds no database.")
    database.check(folder / DATABASE)
    os.sync()
    return manifest


@contextmanager
def _in_place(manifest: Manifest, folder: Path, data: Path) -> Iterator[None]:
    """Database, files and secret where they belong; where the block raises, the earlier ones again."""
    with ExitStack() as stack:
        stack.enter_context(databases.of_vendor(manifest.vendor).put_back(folder / DATABASE))
        aside = folder / "before"
        aside.mkdir()
        (folder / FILES).mkdir(exist_ok=True)
        stack.enter_context(_swapped(folder / FILES, storage.root(), aside))
        # Messages of the earlier installation name other rows.
        stack.enter_context(_swapped(None, data / "broker", aside))
        if SECRET in manifest.files:
            (folder / SECRET).chmod(0o600)
            stack.enter_context(_swapped(folder / SECRET, data / "secret", aside))
        yield


@contextmanager
def _swapped(new: Path | None, place: Path, aside: Path) -> Iterator[None]:
    """`new` in the place of what was there, or nothing; where the block raises, what was there."""
    earlier = aside / place.name
    existed = place.exists()
    if existed:
        place.replace(earlier)
    try:
        if new is not None:
            new.replace(place)
        yield
    except BaseException:
        shutil.rmtree(place, ignore_errors=True) if place.is_dir() else place.unlink(missing_ok=True)
        if existed:
            earlier.replace(place)
        raise


def _migrate() -> None:
    call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
    call_command("createcachetable", verbosity=0)
    # Signs of life of the workers that ran then.
    cache.clear()
    connections.close_all()
