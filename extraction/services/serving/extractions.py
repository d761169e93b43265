"""Extractions of callers' files, done at once in the web process or later by a worker.

The row is the truth. A file waits in the data folder only until it is read; rows go after `KD_EXTRACTION_DAYS` days.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext, suppress
from copy import copy
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from extraction.domain.errors import gettext_noop
from extraction.domain.escalation.outcomes import Outcome
from extraction.domain.json_types import JsonObject
from extraction.domain.pages import Page
from extraction.domain.progress import Progress, check
from extraction.domain.results.extraction import Fields, fields_to_json, unsure
from extraction.models import ApiToken, AuditAction, Canary, Extraction, IdempotentCall, ModelVersion, Project, User
from extraction.services import events, leftovers, storage
from extraction.services.audit_log import log as audit_log
from extraction.services.documents import intake, staging
from extraction.services.errors import Conflict, NotFound
from extraction.services.jobs import queue
from extraction.services.projects import idempotency, projects, token_usage
from extraction.services.serving import answering, field_extraction, registry
from extraction.services.serving.canaries import lifecycle, traffic
from extraction.services.serving.escalation.consulting import Consulted
from extraction.services.serving.jobs import EXTRACT
from extraction.services.serving.slots import Busy, Slots

if TYPE_CHECKING:
    from extraction.engines.ingest.reading import ReadPage

# The web process holds the pictures of no more pages than these; longer documents go to a worker.
PAGES = 20
# Extractions of one project that may wait for the worker: files that nobody gets to would fill the disk.
WAITING = 1000
# Files read in the web process, for programs and for people who preview a model alike.
slots = Slots(waiting=3, timeout=30)


def extract_in_slot(
    project: Project,
    name: str,
    path: Path,
    *,
    model: ModelVersion,
    canary: Canary | None = None,
    author: User | None = None,
    on_page: Callable[[ReadPage], object] = lambda page: None,
) -> Consulted:
    """Read a file in this process once its slot is free; `on_page` is called with each page.

    Raises `Refused` for the file, `slots.Busy`, and `Conflict` for a model without files and a missing OCR engine.
    """
    from extraction.engines.ingest.files import inspect
    from extraction.engines.ingest.ocr.base import OcrUnavailable

    # What cannot be read is refused before a slot is taken for it.
    pages = inspect(path, staging.LIMITS).pages
    if pages > PAGES:
        raise intake.Refused(
            gettext_noop("The file has {pages} pages; at most {most} are read while somebody waits."),
            pages=pages,
            most=PAGES,
        )
    try:
        answered = answering.answer(
            project,
            name,
            path,
            model=model,
            canary=canary,
            author=author,
            on_page=on_page,
            seconds=field_extraction.SECONDS_WAITING,
            slot=slots.acquire(),
        )
    except OcrUnavailable as error:
        raise Conflict(str(error)) from None
    if answered.result.error:
        raise intake.Refused(answered.result.error)
    return answered


def extract_now(
    project: Project,
    name: str,
    file: Path | staging.Upload,
    *,
    model: str | None = None,
    token: ApiToken | None = None,
    author: User | None = None,
    call: IdempotentCall | None = None,
) -> Extraction:
    """A finished extraction. Raises as `extract_in_slot`, and `NotFound` for an unknown model; nothing is kept then.

    A `call` that was interrupted finds what it made.
    """
    if made := _made_by(call):
        return made
    chosen = usable_model(project, model)
    name = staging.clean_name(name)
    pages: list[Page] = []
    with token_usage.spending(token, 1), staging.stage(file) as (staged, sha256):
        route = traffic.route(chosen, sha256, None if model else lifecycle.running(project))
        answered = extract_in_slot(
            project,
            name,
            staged,
            model=route.model,
            canary=route.canary,
            author=author,
            on_page=lambda read: pages.append(read.page),
        )
    row = Extraction(project=project, token=token, author=author, call=call, name=name, sha256=sha256)
    row.model, row.canary = route.model, route.canary
    fill(row, answered, len(pages))
    with transaction.atomic():
        row.save(force_insert=True)
        events.send_now(events.extraction_done, extraction=row)
    return row


def start(
    project: Project,
    name: str,
    file: Path | staging.Upload,
    *,
    model: str | None = None,
    token: ApiToken | None = None,
    author: User | None = None,
    call: IdempotentCall | None = None,
) -> Extraction:
    """An extraction that waits for a worker. Raises `Refused`, `slots.Busy`, `Conflict` and `NotFound`.

    A `call` that was interrupted finds what it made.
    """
    from extraction.engines.ingest.files import inspect

    if made := _made_by(call):
        return made
    if project.extractions.filter(state=Extraction.State.QUEUED).count() >= WAITING:
        raise Busy(f"{WAITING} files of this project wait for a worker already; try again in a minute.", 60)
    row = Extraction(project=project, token=token, author=author, call=call, name=staging.clean_name(name))
    chosen = usable_model(project, model)
    with token_usage.spending(token, 1), staging.stage(file) as (staged, row.sha256):
        route = traffic.route(chosen, row.sha256, None if model else lifecycle.running(project))
        row.model, row.canary = route.model, route.canary
        row.pages = inspect(staged, staging.LIMITS).pages
        kept = storage.extraction_folder(project) / row.public_id.hex
        row.file = storage.relative(kept)
        with leftovers.changing(kept), transaction.atomic():
            row.save(force_insert=True)
            row.job = queue.enqueue(EXTRACT, project=project, subject=row.pk, author=author)
            row.save(update_fields=["job"])
            storage.keep(staged, kept)
    return row


def _made_by(call: IdempotentCall | None) -> Extraction | None:
    return None if call is None else Extraction.objects.select_related("model").filter(call=call).first()


def run(extraction_id: int, progress: Progress) -> None:
    """Read the file of an extraction; the work of an EXTRACT job, and harmless to repeat.

    A file that cannot be read leaves the extraction failed with one sentence. Raises `OcrUnavailable` and `Cancelled`.
    """
    rows = Extraction.objects.select_related(
        "project__schema_version", "project__prompt_version", "model", "canary__candidate", "canary__serving", "author"
    ).filter(pk=extraction_id)
    row = rows.first()
    if row is None:
        return
    if row.state == Extraction.State.QUEUED:
        check(progress)
        pages: list[Page] = []
        answered = answering.answer(
            row.project,
            row.name,
            storage.fetch(row.file),
            model=registry.present(row.model),
            canary=row.canary,
            author=row.author,
            came=row.created,
            on_page=lambda read: pages.append(read.page),
        )
        if answered.result.error:
            fail(row.pk, answered.result.error)
        else:
            _end(row.pk, state=Extraction.State.DONE, pages=len(pages), **_columns(answered))
    _drop_files(rows)


def fail(extraction_id: int, error: str) -> None:
    """End an extraction that still waits with `error`, one sentence; any other stays as it is."""
    _end(extraction_id, state=Extraction.State.FAILED, error=error[:500])


def _end(extraction_id: int, **columns: object) -> None:
    """Write how a waiting extraction ended, and send the event; nothing for one that has ended or is deleted."""
    waiting = Extraction.objects.filter(pk=extraction_id, state=Extraction.State.QUEUED)
    with transaction.atomic():
        if waiting.update(**columns):
            row = Extraction.objects.select_related("project", "model").get(pk=extraction_id)
            events.send_now(events.extraction_done, extraction=row)


def fill(row: Extraction, answered: Consulted, pages: int) -> None:
    """Set on a new row how its file was answered."""
    error = answered.result.error
    row.state = Extraction.State.FAILED if error else Extraction.State.DONE
    row.error, row.pages = (error or "")[:500], None if error else pages
    for column, value in _columns(answered).items():
        setattr(row, column, value)


def _columns(answered: Consulted) -> dict[str, Any]:
    """The stored columns of a result."""
    result = answered.result
    return {
        **({} if answered.model is None else {"model": answered.model}),
        "fields": _json(result.fields),
        "timing_ms": None if result.timing is None else result.timing.to_json(),
        "escalated": result.escalated or Outcome.OFF,
        "gain": answered.gain,
        "student": _json(answered.student),
        "teacher": _json(answered.teacher),
        "usd": Decimal(str(result.usd)),
        "unsure": None if result.fields is None else unsure(result.fields),
    }


def _json(fields: Fields | None) -> JsonObject | None:
    return None if fields is None else fields_to_json(fields)


def find(project: Project, public_id: UUID) -> Extraction:
    """Raises `NotFound`."""
    row = project.extractions.select_related("model", "project", "job").filter(public_id=public_id).first()
    if row is None:
        raise NotFound(gettext_noop("There is no such extraction; it may have been deleted."))
    return row


def delete(extraction: Extraction, *, expired: bool = False) -> None:
    """Delete the extraction, then its file, and cancel its job. `expired`: its time is over, and nobody asked for it.

    Raises `Conflict` under a legal hold.
    """
    job, gone = extraction.job, copy(extraction)
    # The row first: the end of its job would else be told as a failed extraction.
    with (
        leftovers.changing(storage.path(extraction.file)) if extraction.file else nullcontext(),
        transaction.atomic(),
    ):
        projects.check_not_held(extraction.project)
        extraction.delete()
        if not expired:
            audit_log.record(AuditAction.ANSWERS_DELETED, gone, project=gone.project)
    idempotency.forget_answer(extraction.call_id)
    if job is not None and job.active:
        queue.cancel(job)


def expire(project: Project | None = None, days: int | None = None) -> int:
    """Delete what is older than `KD_EXTRACTION_DAYS` days, of one project older than `days`, and files that a killed
    worker left; how many rows went. What is under a legal hold stays."""
    _drop_files(Extraction.objects.exclude(state=Extraction.State.QUEUED))
    oldest = timezone.now() - timedelta(days=days or settings.KD_EXTRACTION_DAYS)
    expired = Extraction.objects.select_related("job", "project").filter(created__lt=oldest, project__held=False)
    if project is not None:
        expired = expired.filter(project=project)
    count = 0
    for row in expired.iterator():
        with suppress(Conflict):  # a hold was put on it at this moment
            delete(row, expired=True)
            count += 1
    return count


def usable_model(project: Project, name: str | None = None) -> ModelVersion:
    """The model called `name`, else the serving one, with its files; raises `NotFound` and `Conflict`."""
    model = field_extraction.model_for(project, name)
    if not registry.has_files(model):
        raise Conflict(gettext_noop("The files of the model {model} are gone."), model=model)
    return model


def _drop_files(rows: QuerySet[Extraction]) -> None:
    """The path is forgotten after the file is gone: a kill between the two leaves something to find."""
    for pk, file in rows.exclude(file="").values_list("pk", "file"):
        storage.remove(storage.path(file))
        Extraction.objects.filter(pk=pk).update(file="")
