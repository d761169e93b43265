"""PostgreSQL: its own programs, which must be as new as the server."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection, connections, transaction

from extraction.services.errors import Invalid
from extraction.services.operation.backup import rows
from extraction.services.operation.backup.manifest import Damaged
from extraction.services.operation.backup.rows import Query

# libpq's variables by Django's settings.
CONNECTION = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD", "NAME": "PGDATABASE"}
OPTIONS = {"sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT", "sslkey": "PGSSLKEY"}


class Postgresql:
    @contextmanager
    def copy(self, target: Path) -> Iterator[Query]:
        """The dump and the query see one snapshot of the server."""
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            [[snapshot]] = rows.live("SELECT pg_export_snapshot()")
            _run("pg_dump", "--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={target}")
            yield rows.live

    def check(self, copy: Path) -> None:
        try:
            _run("pg_restore", "--list", str(copy))
        except Invalid as error:
            if "is not installed" in str(error):
                raise
            raise Damaged("The database in the archive is damaged.") from None

    @contextmanager
    def put_back(self, copy: Path) -> Iterator[None]:
        """In one transaction of the server: all of it or nothing. It cannot be taken back afterwards."""
        connections.close_all()
        options = ("--clean", "--if-exists", "--no-owner", "--single-transaction")
        _run("pg_restore", *options, f"--dbname={connection.settings_dict['NAME']}", str(copy))
        yield


def _run(program: str, *arguments: str) -> None:
    """Raises `Invalid` with the program's own reason."""
    try:
        done = subprocess.run([program, *arguments], env=_environment(), capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise Invalid(f"{program} is not installed; install the system package postgresql-client.") from None
    if done.returncode:
        reason = next((line for line in done.stderr.splitlines() if "error" in line.lower()), "no reason given")
        raise Invalid(f"{program} failed: {reason.strip()}")


def _environment() -> dict[str, str]:
    """How to reach the server: no password is in an argument, which others on the machine could read."""
    held = connection.settings_dict
    values = {name: held.get(key) for key, name in CONNECTION.items()}
    values |= {name: held.get("OPTIONS", {}).get(key) for key, name in OPTIONS.items()}
    return {**os.environ, **{name: str(value) for name, value in values.items() if value}}
