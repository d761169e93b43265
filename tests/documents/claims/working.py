"""Imports carried out as a worker does it, and what came of them."""

from pathlib import Path

from extraction.domain.claims.mapping import ColumnMapping
from extraction.domain.progress import Silent
from extraction.models import ClaimImport, Project, Source
from extraction.services.documents.claims import imports
from extraction.services.jobs import execution
from extraction.services.labels import ranking


class Stopping(Silent):
    """Progress that is cancelled after so many looks."""

    def __init__(self, looks: int) -> None:
        self.looks = looks

    def cancelled(self) -> bool:
        self.looks -= 1
        return self.looks < 0


def imported(project: Project, path: Path, mapping: ColumnMapping | None = None) -> ClaimImport:
    """The import of a table, through its job."""
    row = imports.add(project, path.name, path)
    row = imports.start(row, mapping or row.column_mapping(), send=False)
    assert row.job is not None
    execution.run(row.job.pk)
    row.refresh_from_db()
    assert row.job is not None
    return row


def undone(row: ClaimImport) -> ClaimImport:
    row = imports.undo(row, send=False)
    assert row.job is not None
    execution.run(row.job.pk)
    row.refresh_from_db()
    return row


def claims(project: Project) -> dict[tuple[str, str], str | None]:
    """The claims that stand, by document and field."""
    standing = ranking.from_source(project.documents.all(), Source.CLAIM)
    names = dict(project.documents.values_list("pk", "name"))
    return {(names[pk], name): label.value for pk, labels in standing.items() for name, label in labels.items()}


def remarks(row: ClaimImport) -> list[tuple[int, int | None, str]]:
    return list(row.remarks.values_list("line", "column", "code"))
