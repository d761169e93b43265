"""The work on a batch: one extraction for each of its files, in order; those that have one are passed over."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from extraction.domain.pages import Page
from extraction.domain.progress import Progress, PutOff, check
from extraction.domain.results.extraction import BatchUpload, FileResult
from extraction.engines.ingest.files import is_archive
from extraction.engines.ingest.limits import Refused
from extraction.models import Canary, Extraction, ExtractionBatch
from extraction.services import events, storage
from extraction.services.documents import staging
from extraction.services.jobs import queue
from extraction.services.serving import answering, extractions, messages, registry
from extraction.services.serving.batches import manifests
from extraction.services.serving.batches.batches import drop_files, upload_path
from extraction.services.serving.canaries import lifecycle, traffic
from extraction.services.serving.escalation.consulting import Consulted
from extraction.services.serving.jobs import BATCH

# Characters of a file's name within its archive, whose end is kept.
NAME = 255
# Seconds after which other work of the worker has its turn: webhooks, extractions of programs, other batches.
TURN = 30.0


def run(batch_id: int, progress: Progress) -> None:
    """Read the files of a batch that have no answer; the work of a BATCH job, and harmless to repeat.

    Raises `PutOff` after a turn while other work waits, `OcrUnavailable`, `Conflict` for a model that cannot be used,
    and `Cancelled`.
    """
    rows = ExtractionBatch.objects.select_related("project__schema_version", "model").filter(pk=batch_id)
    batch = rows.first()
    if batch is None:
        return
    if rows.filter(state__in=ExtractionBatch.ACTIVE).update(state=ExtractionBatch.State.RUNNING):
        _read(batch, progress)
        running = rows.filter(state=ExtractionBatch.State.RUNNING)
        running.update(state=ExtractionBatch.State.DONE, finished=timezone.now())
    drop_files(rows.filter(state=ExtractionBatch.State.DONE))


def _read(batch: ExtractionBatch, progress: Progress) -> None:
    until = time.monotonic() + TURN
    # They come in order: one before the last that has no answer had one that somebody deleted.
    last = batch.extractions.aggregate(last=Max("position"))["last"]
    for position, (name, source) in enumerate(_files(batch)):
        if last is None or position > last:
            check(progress)
            progress.report(position, batch.total, name)
            _answer(batch, position, name, source)
            if time.monotonic() >= until and queue.others_wait(BATCH, batch.pk):
                progress.report(position + 1, batch.total)
                raise PutOff(0, messages.OTHERS_FIRST)
    progress.report(batch.total, batch.total)


def _files(batch: ExtractionBatch) -> Iterator[tuple[str, Path | staging.Upload | str]]:
    """Name and content of each file in order, in place of the content the reason why there is none.

    An archive and a manifest have the same files in the same order each time; none is unpacked or fetched before it is
    read.
    """
    folder = storage.path(batch.folder)
    for number, upload in enumerate(batch.as_uploads()):
        if upload.error is not None:
            yield upload.name, upload.error
            continue
        path = storage.fetch(storage.relative(upload_path(folder, number)))
        if upload.manifest:
            yield from ((name[-NAME:], source) for name, source in manifests.files(path, batch.project))
        else:
            yield from _files_of(upload, path)


def _files_of(upload: BatchUpload, path: Path) -> Iterator[tuple[str, Path | staging.Upload]]:
    from extraction.engines.ingest import unpacking

    if not is_archive(path):
        yield upload.name, path
        return
    for member in unpacking.members(path, staging.ARCHIVE):
        yield f"{upload.name}/{member.name}"[-NAME:], member


def _answer(batch: ExtractionBatch, position: int, name: str, source: Path | staging.Upload | str) -> None:
    """The extraction of one file, which is written when it has ended: a kill leaves no half of it."""
    row = Extraction(
        project=batch.project,
        model=batch.model,
        token_id=batch.token_id,
        author_id=batch.author_id,
        batch=batch,
        position=position,
        name=name,
    )
    pages: list[Page] = []
    if isinstance(source, str):
        answered = Consulted(FileResult(name, error=source))
    else:
        try:
            with staging.stage(source) as (staged, row.sha256):
                route = traffic.route(registry.present(batch.model), row.sha256, _canary(batch))
                row.model, row.canary = route.model, route.canary
                answered = answering.answer(
                    batch.project,
                    name,
                    staged,
                    model=route.model,
                    canary=route.canary,
                    author=batch.author,
                    came=batch.created,
                    on_page=lambda read: pages.append(read.page),
                )
        except Refused as refusal:
            answered = Consulted(FileResult(name, error=str(refusal)))
    extractions.fill(row, answered, len(pages))
    # Another worker had the batch while this one seemed dead, and answered the same.
    with suppress(IntegrityError), transaction.atomic():
        row.save(force_insert=True)
        events.send_now(events.extraction_done, extraction=row)


def _canary(batch: ExtractionBatch) -> Canary | None:
    """That of the batch, as long as it runs."""
    running = lifecycle.running(batch.project)
    return running if running and running.pk == batch.canary_id else None
