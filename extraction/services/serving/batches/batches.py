"""Extraction batches from outside: started, found, cancelled, deleted.

The row is the truth. The files wait in a folder of the batch until all of them are read; rows go after
`KD_EXTRACTION_DAYS` days.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack, nullcontext, suppress
from copy import copy
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from extraction.domain.errors import gettext_noop
from extraction.domain.results.extraction import BatchUpload
from extraction.engines.ingest.files import is_archive
from extraction.engines.ingest.limits import Refused
from extraction.models import ApiToken, AuditAction, Extraction, ExtractionBatch, IdempotentCall, Job, Project, User
from extraction.services import leftovers, storage
from extraction.services.audit_log import log as audit_log
from extraction.services.documents import staging
from extraction.services.errors import Conflict, Invalid, NotFound
from extraction.services.jobs import queue
from extraction.services.projects import idempotency, projects, token_usage
from extraction.services.serving import extractions
from extraction.services.serving.batches import manifests
from extraction.services.serving.batches.manifests import Manifest
from extraction.services.serving.canaries import lifecycle
from extraction.services.serving.jobs import BATCH
from extraction.services.serving.slots import Busy

State = ExtractionBatch.State
# Batches of one project that may wait for the worker: files that nobody gets to would fill the disk.
WAITING = 20

# A file of a caller with its name.
NamedFile = tuple[str, staging.Upload]


def start(
    project: Project,
    files: Sequence[NamedFile | Manifest],
    *,
    model: str | None = None,
    token: ApiToken | None = None,
    author: User | None = None,
    call: IdempotentCall | None = None,
) -> ExtractionBatch:
    """A batch that waits for a worker. A refused file has an error of its own and harms no other.

    A `call` that was interrupted finds what it made. Raises `Invalid` without files and for a manifest without keys or
    with too many, `Refused` for one that is too large, `slots.Busy`, `Conflict` and `NotFound`.
    """
    if made := call and of_project(project).filter(call=call).first():
        return made
    if not files:
        raise Invalid(gettext_noop("No file came with the request."))
    if project.extraction_batches.filter(state__in=ExtractionBatch.ACTIVE).count() >= WAITING:
        sentence = gettext("%(number)s batches of this project wait for a worker already; try again in a minute.")
        raise Busy(sentence % {"number": WAITING}, 60)
    names = [sent.name if isinstance(sent, Manifest) else sent[0] for sent in files]
    batch = ExtractionBatch(
        project=project,
        model=extractions.usable_model(project, model),
        canary=None if model else lifecycle.running(project),
        token=token,
        author=author,
        call=call,
        name=staging.clean_name(names[0]),
    )
    with ExitStack() as held:
        staged = [_stage_manifest(held, sent) if isinstance(sent, Manifest) else _stage(held, *sent) for sent in files]
        with token_usage.spending(token, sum(upload.files for upload, _ in staged)):
            _store(batch, [upload for upload, _ in staged], [path for _, path in staged])
    return of_project(project).get(pk=batch.pk)


def _stage(held: ExitStack, name: str, file: staging.Upload) -> tuple[BatchUpload, Path | None]:
    """The file as it is noted in the row, and its copy, which `held` removes unless it is moved."""
    from extraction.engines.ingest import unpacking

    name = staging.clean_name(name)
    try:
        path, _ = held.enter_context(staging.stage(file, archives=True))
        return BatchUpload(name, unpacking.count(path, staging.ARCHIVE) if is_archive(path) else 1), path
    except Refused as refusal:
        return BatchUpload(name, 1, str(refusal)), None


def _stage_manifest(held: ExitStack, manifest: Manifest) -> tuple[BatchUpload, Path]:
    """As `_stage`; one that cannot be used has nothing that could be answered, and is refused."""
    manifests.check_offered()
    path, _ = held.enter_context(staging.stage(manifest.file))
    return BatchUpload(staging.clean_name(manifest.name), manifests.count(path), manifest=True), path


def _store(batch: ExtractionBatch, uploads: Sequence[BatchUpload], paths: Sequence[Path | None]) -> None:
    folder = storage.extraction_batches_folder(batch.project) / batch.public_id.hex
    batch.uploads = [upload.to_json() for upload in uploads]
    batch.total = sum(upload.files for upload in uploads)
    batch.folder = storage.relative(folder) if any(paths) else ""
    with leftovers.changing(folder), transaction.atomic():
        batch.save(force_insert=True)
        batch.job = queue.enqueue(BATCH, project=batch.project, subject=batch.pk, author=batch.author)
        batch.save(update_fields=["job"])
        for number, path in enumerate(paths):
            if path is not None:
                storage.keep(path, upload_path(folder, number))


def upload_path(folder: Path, number: int) -> Path:
    """The place of a batch's upload, counted from 0."""
    return folder / str(number)


def of_project(project: Project) -> QuerySet[ExtractionBatch]:
    """The batches of a project, the newest first, with the numbers of files that were `answered` and `refused`."""
    counts = {
        name: Count("extractions", filter=Q(extractions__state=state))
        for name, state in (("answered", Extraction.State.DONE), ("refused", Extraction.State.FAILED))
    }
    rows = project.extraction_batches.select_related("model", "project", "job", "author", "token")
    return rows.annotate(**counts)


def find(project: Project, public_id: UUID) -> ExtractionBatch:
    """Raises `NotFound`."""
    row = of_project(project).filter(public_id=public_id).first()
    if row is None:
        raise NotFound(gettext_noop("There is no such batch; it may have been deleted."))
    return row


def cancel(batch: ExtractionBatch) -> None:
    """Ask for the end of a batch; the file that is being read may still get its answer, and answers stay.

    Raises `Conflict` for one that has ended.
    """
    if not batch.active:
        raise Conflict(gettext_noop("The batch has ended already."))
    _stop(batch.pk)


def _stop(pk: int) -> None:
    """Cancel the jobs of the batch with that primary key; where one was lost, another has taken its place."""
    for job in queue.active(BATCH, pk):
        queue.cancel(job)


def go_on(batch: ExtractionBatch) -> None:
    """Go on with a batch that stopped. Raises `Conflict` where it did not, or its files are gone."""
    job = Job.objects.filter(kind=BATCH.name, subject=batch.pk).order_by("-pk").first()
    if job is None:
        raise Conflict(gettext_noop("The files of this batch were deleted."))
    queue.retry(job)


def delete(batch: ExtractionBatch, *, expired: bool = False) -> None:
    """Delete the batch with its answers, then its files, and cancel its job. `expired`: its time is over, and nobody
    asked for it.

    Raises `Conflict` under a legal hold.
    """
    pk, gone = batch.pk, copy(batch)
    # The row first: the end of its job would else be told as a stopped batch.
    with leftovers.changing(storage.path(batch.folder)) if batch.folder else nullcontext(), transaction.atomic():
        projects.check_not_held(batch.project)
        batch.delete()
        if not expired:
            audit_log.record(AuditAction.ANSWERS_DELETED, gone, project=gone.project)
    idempotency.forget_answer(batch.call_id)
    _stop(pk)


def expire(project: Project | None = None, days: int | None = None) -> int:
    """Delete what is older than `KD_EXTRACTION_DAYS` days, of one project older than `days`, and files that nobody
    needs; how many rows went. What is under a legal hold stays."""
    drop_files(ExtractionBatch.objects.filter(state__in=(State.DONE, State.CANCELLED)))
    oldest = timezone.now() - timedelta(days=days or settings.KD_EXTRACTION_DAYS)
    expired = ExtractionBatch.objects.select_related("project").filter(created__lt=oldest, project__held=False)
    if project is not None:
        expired = expired.filter(project=project)
    count = 0
    for row in expired.iterator():
        with suppress(Conflict):  # a hold was put on it at this moment
            delete(row, expired=True)
            count += 1
    return count


def drop_files(rows: QuerySet[ExtractionBatch]) -> None:
    """The path is forgotten after the files are gone: a kill between the two leaves something to find."""
    for pk, folder in rows.exclude(folder="").values_list("pk", "folder"):
        storage.remove(storage.path(folder))
        ExtractionBatch.objects.filter(pk=pk).update(folder="")
