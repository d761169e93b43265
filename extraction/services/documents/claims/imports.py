"""Imports of claims: the table comes in, its columns are chosen, and the work is begun, gone on with or taken back."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from django.db import transaction
from django.db.models import QuerySet

from extraction.domain.claims.mapping import ColumnMapping
from extraction.domain.errors import gettext_noop
from extraction.engines.ingest.limits import Refused
from extraction.engines.tables.limits import UnreadableTable
from extraction.engines.tables.tables import Table, open_table
from extraction.models import AuditAction, ClaimImport, Project, User
from extraction.services import leftovers, storage
from extraction.services.audit_log import log as audit_log
from extraction.services.documents import staging
from extraction.services.documents.claims import mappings, messages
from extraction.services.documents.claims.jobs import CLAIMS
from extraction.services.documents.imports.document_names import DocumentNames
from extraction.services.documents.staging import Upload
from extraction.services.errors import Conflict, Invalid
from extraction.services.jobs import queue
from extraction.services.projects import projects

State = ClaimImport.State
# Those whose table is read no more.
FINISHED = (State.IMPORTED, State.UNDONE)
# Characters of a name and of a cell of the first lines.
CELL = 200
# Imports that pages list.
LISTED = 50


def add(project: Project, name: str, file: Path | Upload, *, actor: User | None = None) -> ClaimImport:
    """Store a table and propose what its columns mean. Raises `Invalid` for a file that is no such table."""
    try:
        with staging.stage(file) as (staged, sha256):
            table = open_table(staged)
            documents = DocumentNames.of(project)
            if any(len(documents.find(column)) == 1 for column in table.columns):
                raise Invalid(messages.NO_HEADER)
            mapping = mappings.propose(project, table.columns, table.first, documents)
            return _store(project, staging.clean_name(name), sha256, staged, table, mapping, actor)
    except (Refused, UnreadableTable) as refusal:
        raise Invalid(*refusal.args) from None


def _store(
    project: Project,
    name: str,
    sha256: str,
    staged: Path,
    table: Table,
    mapping: ColumnMapping,
    actor: User | None,
) -> ClaimImport:
    place = storage.claims_folder(project) / uuid.uuid4().hex
    with leftovers.changing(place), transaction.atomic():
        row = ClaimImport.objects.create(
            project=project,
            name=name,
            sha256=sha256,
            file=storage.relative(place),
            columns=[column[:CELL] for column in table.columns],
            first_lines=[[cell.text[:CELL] for cell in line.cells[: len(table.columns)]] for line in table.first],
            mapping=mapping.to_json(),
            author=actor,
        )
        storage.keep(staged, place)
    return row


def start(row: ClaimImport, mapping: ColumnMapping, *, actor: User | None = None, send: bool = True) -> ClaimImport:
    """Import the table by that mapping, in the background unless `send` is false. Raises `Invalid` and `Conflict`."""
    mappings.check(row, mapping)
    with _locked(row, State.MAPPING, into=State.IMPORTING) as held:
        held.mapping = mapping.to_json()
        held.job = queue.enqueue(CLAIMS, project=held.project, subject=held.pk, author=actor, send=send)
    return held


def go_on(row: ClaimImport, *, actor: User | None = None) -> ClaimImport:
    """Go on with an import that was stopped or failed. Raises `Conflict`."""
    with _locked(row, State.IMPORT_STOPPED, into=State.IMPORTING) as held:
        held.job = queue.enqueue(CLAIMS, project=held.project, subject=held.pk, author=actor)
    return held


def undo(row: ClaimImport, *, actor: User | None = None, send: bool = True) -> ClaimImport:
    """Take back claims and labels of an import, so that what was claimed before holds again. Raises `Conflict`."""
    states = State.IMPORTED, State.IMPORT_STOPPED, State.UNDO_STOPPED
    with _locked(row, *states, into=State.UNDOING) as held:
        held.job = queue.enqueue(CLAIMS, project=held.project, subject=held.pk, author=actor, send=send)
        audit_log.record(AuditAction.LABELS_WITHDRAWN, held, project=held.project)
    return held


def remove(row: ClaimImport) -> None:
    """Delete an import of which nothing counts, with file and claims. Raises `Conflict`, also under a legal hold."""
    around = leftovers.changing(storage.path(row.file)) if row.file else nullcontext()
    with around, _locked(row, State.MAPPING, State.UNDONE) as held:
        projects.check_not_held(held.project)
        held.delete()


def forget_table(row: ClaimImport) -> None:
    """Delete the table of a finished import, and what is quoted of it; its labels stay. Raises `Conflict`."""
    with leftovers.changing(storage.path(row.file)), _locked(row, *FINISHED) as held:
        held.file, held.first_lines = "", []
        held.remarks.update(text="")
        held.save(update_fields=["file", "first_lines"])


def listing(project: Project) -> QuerySet[ClaimImport]:
    """The newest imports first."""
    rows = project.claim_imports.select_related("job", "author").defer("columns", "first_lines", "mapping")
    return rows.order_by("-pk")[:LISTED]


def earlier(row: ClaimImport) -> ClaimImport | None:
    """The import of the same file that counts already."""
    same = ClaimImport.objects.filter(project=row.project_id, sha256=row.sha256, state=State.IMPORTED)
    return same.exclude(pk=row.pk).order_by("-pk").first()


@contextmanager
def _locked(row: ClaimImport, *states: State, into: State | None = None) -> Iterator[ClaimImport]:
    """The row as it is now, in one of `states`, held until it is changed. Raises `Conflict` in any other state."""
    with transaction.atomic():
        held = (
            ClaimImport.objects.select_for_update(of=("self",))
            .select_related("project__schema_version")
            .filter(pk=row.pk)
            .first()
        )
        if held is None or held.state not in states:
            raise Conflict(gettext_noop("This import has gone on meanwhile: look at it again."))
        yield held
        if into is not None:
            held.state = into
            held.save(update_fields=["mapping", "job", "state"])
