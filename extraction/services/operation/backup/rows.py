"""Which files the rows of a database name, asked of a copy of it or of the database itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from django.db import connection, models

from extraction.models import (
    CanaryDocument,
    ClaimImport,
    Document,
    Extraction,
    ExtractionBatch,
    LabelImport,
    LabelRun,
    ModelVersion,
    Page,
    TeacherBatch,
)
from extraction.services import storage

# The rows of one query.
Query = Callable[[str], Sequence[Sequence[str]]]

# Columns with paths below `storage.root()`, of single files and of folders.
SINGLE: tuple[tuple[type[models.Model], str], ...] = (
    (Document, "original"),
    (Page, "image"),
    (Page, "thumbnail"),
    (Extraction, "file"),
    (ClaimImport, "file"),
    (LabelImport, "file"),
    (CanaryDocument, "file"),
)
FOLDERS: tuple[tuple[type[models.Model], str], ...] = ((ModelVersion, "folder"), (ExtractionBatch, "folder"))
# Project and primary key of each label run with batch files.
BATCHES = (
    f"SELECT DISTINCT project_id, run_id FROM {LabelRun._meta.db_table} AS runs "  # noqa: S608
    f"JOIN {TeacherBatch._meta.db_table} AS batches ON batches.run_id = runs.id ORDER BY run_id"
)


def live(sql: str) -> Sequence[Sequence[str]]:
    """The `Query` of the database in use."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def files(query: Query, below: Callable[[str], Sequence[str]] = storage.names) -> Iterator[str]:
    """Paths of the files that rows name, each once, and of all files in the folders that they name (told by `below`).

    A folder without a file counts as a missing file, but for those of label runs, whose batch files come and go.
    """
    yield from dict.fromkeys(path for column in SINGLE for path in _paths(query, *column))
    for folder in dict.fromkeys(path for column in FOLDERS for path in _paths(query, *column)):
        yield from below(folder) or (folder,)
    for project, run in query(BATCHES):
        yield from below(f"{storage.relative(storage.batches_folder(int(project)))}/{run}")


def missing(query: Query) -> tuple[str, ...]:
    """The files among them that are not there."""
    return tuple(path for path in files(query) if not storage.exists(path))


def migrations(query: Query) -> tuple[str, ...]:
    """The migrations that have been applied, as `app.name`."""
    return tuple(f"{app}.{name}" for app, name in query("SELECT app, name FROM django_migrations ORDER BY id"))


def _paths(query: Query, model: type[models.Model], column: str) -> Iterator[str]:
    table = model._meta.db_table
    return (row[0] for row in query(f"SELECT {column} FROM {table} WHERE {column} <> '' ORDER BY id"))  # noqa: S608
