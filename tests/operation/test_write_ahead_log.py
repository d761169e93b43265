"""What was deleted does not stay in SQLite's write-ahead log, although web processes keep their connections."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection

from extraction import tasks
from extraction.models import Project, Source
from extraction.services.documents import intake
from extraction.services.labels import store
from extraction.services.operation import write_ahead_log
from tests.support import builders

SECRET = "Zebraphant Trading"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def kept() -> Iterator[sqlite3.Connection]:
    """The connection of another process."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL removes its log itself.")
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as kept:
        kept.execute("SELECT count(*) FROM extraction_document").fetchall()
        yield kept


def stored() -> int:
    """How often the files of the database hold the text."""
    place = Path(connection.settings_dict["NAME"])
    return sum(file.read_bytes().count(SECRET.encode()) for file in place.parent.glob(f"{place.name}*"))


def work(name: str) -> None:
    """What the scheduler does under that name."""
    next(entry for entry in tasks.PERIODIC if entry.name == name).work()


def test_what_was_deleted_is_gone_from_the_files_within_a_minute(kept: sqlite3.Connection, project: Project) -> None:
    document = builders.document(project, pages=(builders.page(SECRET),))
    store.write(document, "company", SECRET, source=Source.REVIEWER)
    assert stored() > 0
    intake.delete(document)
    work("forget deleted documents")
    connection.close()
    assert stored() > 0
    work("empty the log of the database")
    assert stored() == 0


def test_who_reads_for_long_is_not_waited_for(
    kept: sqlite3.Connection, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(write_ahead_log, "SECONDS", 0.05)
    kept.execute("BEGIN")
    kept.execute("SELECT count(*) FROM extraction_document").fetchall()
    builders.document(project)
    assert not write_ahead_log.empty()
    builders.document(project)
    kept.rollback()
    assert write_ahead_log.empty()
