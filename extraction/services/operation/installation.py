"""Preparation of the database: the first command on a new data folder makes the tables."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from extraction.services.errors import Conflict
from extraction.services.operation import occupancy


@contextmanager
def prepared() -> Iterator[None]:
    """The tables are there, and no restore begins before the block ends. Raises `Conflict`."""
    with occupancy.shared():
        prepare()
        yield


def prepare() -> None:
    """Make the tables of an empty database; raises `Conflict` for one that does not answer or that an older version of
    kdweb made.

    A database in use is never changed behind the back of the processes that run on it.
    """
    try:
        connection.ensure_connection()
    except OperationalError:
        raise Conflict("The database does not answer; start it, or correct DATABASE_URL.") from None
    if not connection.introspection.table_names():
        call_command("migrate", verbosity=0)
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise Conflict("The database was made by an older version of kdweb; stop kdweb and run `make setup`.")
    # The one table that no migration makes; nothing is done where it is there or the cache is a server.
    call_command("createcachetable", verbosity=0)
