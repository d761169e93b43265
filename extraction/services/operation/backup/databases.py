"""A consistent copy of the database in use, and its way back. Each kind of database has its own."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from django.db import connection
from django.db.migrations.loader import MigrationLoader

from extraction.services.errors import Invalid
from extraction.services.operation.backup.postgresql import Postgresql
from extraction.services.operation.backup.rows import Query
from extraction.services.operation.backup.sqlite import Sqlite

NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


class Database(Protocol):
    """One kind of database."""

    def copy(self, target: Path) -> AbstractContextManager[Query]:
        """Write a copy that is consistent in itself; the query sees the rows that the copy holds."""

    def check(self, copy: Path) -> None:
        """Raises `Damaged` for a copy that cannot be brought back."""

    def put_back(self, copy: Path) -> AbstractContextManager[None]:
        """Replace the database in use by the copy; where the block raises, as far as possible by the one before."""


def of_vendor(vendor: str) -> Database:
    """Raises `Invalid` for another kind of database than the one in use."""
    if vendor != connection.vendor:
        raise Invalid(
            f"The backup holds a database of {NAMES.get(vendor, vendor)}, "
            f"but this installation uses {NAMES[connection.vendor]}."
        )
    return Sqlite() if vendor == "sqlite" else Postgresql()


def unknown_migrations(applied: tuple[str, ...]) -> list[str]:
    """Those that this version of kdweb does not have: a newer one made the database."""
    loader = MigrationLoader(None)
    known = {f"{app}.{name}" for app, name in loader.disk_migrations}
    return [name for name in applied if name.partition(".")[0] in loader.migrated_apps and name not in known]
