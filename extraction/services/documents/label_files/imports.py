"""Imports of label files: the file comes in, names are chosen where they have to be, and loading is begun or gone on
with."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.db.models import QuerySet

from extraction.domain.errors import gettext_noop
from extraction.engines.ingest.limits import Refused
from extraction.models import AuditAction, LabelImport, Project, User
from extraction.services import leftovers, storage
from extraction.services.audit_log import log as audit_log
from extraction.services.documents import staging
from extraction.services.documents.label_files import formats
from extraction.services.documents.label_files.jobs import LOAD_LABELS
from extraction.services.documents.staging import Upload
from extraction.services.errors import Conflict, Invalid
from extraction.services.jobs import queue
from extraction.services.labels.label_files.formats.conversion import FieldNames

State = LabelImport.State
# Imports that pages list.
LISTED = 50
# Whose file is read no more, and those that wait for a person.
ENDED, WAITING = (State.LOADED, State.REFUSED), (State.MAPPING, State.STOPPED)
GIVEN_UP = gettext_noop("A document was deleted before the file was loaded, and the file with it: load it again.")
GONE_ON = gettext_noop("This import has gone on meanwhile: look at it again.")


def add(
    project: Project,
    name: str,
    file: Path | Upload,
    *,
    format: str,
    source: str,
    names: Mapping[str, str] | None = None,
    confirmed: bool = False,
    actor: User | None = None,
) -> LabelImport:
    """Store a label file, or a ZIP archive of such, and begin to load it.

    `names`: fields by names of the file. `confirmed`: other names that fill no field are passed over; else loading
    stops to have them chosen. Raises `Invalid`.
    """
    formats.check(format, source)
    FieldNames(project.schema, names or {})
    try:
        with staging.stage(file, archives=True) as (staged, _):
            place = storage.label_files_folder(project) / uuid.uuid4().hex
            with leftovers.changing(place), transaction.atomic():
                row = LabelImport.objects.create(
                    project=project,
                    name=staging.clean_name(name),
                    file=storage.relative(place),
                    format=format,
                    source=source,
                    names=dict(names or {}),
                    confirmed=confirmed,
                    author=actor,
                )
                storage.keep(staged, place)
                _begin(row, actor)
                audit_log.record(AuditAction.LABELS_LOADED, row, project=project, changes={"source": source})
    except Refused as refusal:
        raise Invalid(*refusal.args) from None
    return row


def choose(row: LabelImport, names: Mapping[str, str], *, actor: User | None = None) -> LabelImport:
    """Load the file with fields for its names; others are passed over. Raises `Invalid` and `Conflict`."""
    FieldNames(row.project.schema, names)
    with _locked(row, State.MAPPING) as held:
        held.names = {**held.names, **names}
        held.confirmed, held.state, held.passed_over = True, State.LOADING, {}
        _begin(held, actor)
    return held


def go_on(row: LabelImport, *, actor: User | None = None) -> LabelImport:
    """Go on with an import that was stopped or failed. Raises `Conflict`."""
    with _locked(row, State.STOPPED) as held:
        held.state = State.LOADING
        _begin(held, actor)
    return held


def remove(row: LabelImport) -> None:
    """Forget an import with its file; its labels stay. Raises `Conflict` while it goes on."""
    around = leftovers.changing(storage.path(row.file)) if row.file else nullcontext()
    with around, _locked(row, *WAITING, *ENDED) as held:
        held.delete()


def of_before(project: Project, moment: datetime) -> QuerySet[LabelImport]:
    """Imports that may hold or name a document that was deleted at that moment, unless they are being loaded."""
    rows = project.label_imports.filter(created__lt=moment).exclude(state=State.LOADING)
    return rows.exclude(file="", lines=[])


def forget(row: LabelImport) -> None:
    """Delete what an import holds of documents: its file, with which it is refused, and the lines of an ended one. Its
    labels stay."""
    around = leftovers.changing(storage.path(row.file)) if row.file else nullcontext()
    with around, transaction.atomic():
        rows = LabelImport.objects.filter(pk=row.pk)
        rows.filter(state__in=WAITING).update(state=State.REFUSED, reason=GIVEN_UP)
        rows.filter(state__in=ENDED).update(file="", lines=[])


def listing(project: Project) -> QuerySet[LabelImport]:
    """The newest imports first."""
    rows = project.label_imports.select_related("job", "author").defer("names", "lines", "passed_over")
    return rows.order_by("-pk")[:LISTED]


def _begin(row: LabelImport, actor: User | None) -> None:
    row.job = queue.enqueue(LOAD_LABELS, project=row.project, subject=row.pk, author=actor)
    row.save()


@contextmanager
def _locked(row: LabelImport, *states: State) -> Iterator[LabelImport]:
    """The row as it is now, in one of `states`, held until it is changed. Raises `Conflict` in any other state."""
    with transaction.atomic():
        rows = LabelImport.objects.select_for_update(of=("self",)).select_related("project__schema_version")
        held = rows.filter(pk=row.pk).first()
        if held is None or held.state not in states:
            raise Conflict(GONE_ON)
        yield held
