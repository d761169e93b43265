"""Comparison of a canary's documents: the other version's answer, documents for people to check, and the verdict."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence

from django.db import transaction
from django.db.models import QuerySet

from extraction.domain.canaries.answers import answers_from_json, differing
from extraction.domain.canaries.verdicts import Verdict, verdict
from extraction.domain.errors import UserError, gettext_noop
from extraction.domain.json_types import JsonObject
from extraction.domain.pages import Page
from extraction.domain.progress import Progress, PutOff, Silent, check
from extraction.domain.work import deadlines
from extraction.models import Canary, CanaryDocument, Document, ModelVersion, Project, Source, Split
from extraction.services import storage
from extraction.services.documents import intake, reading
from extraction.services.jobs import queue
from extraction.services.serving import messages, prelabel, registry
from extraction.services.serving.canaries import evidence, lifecycle, recording, traffic
from extraction.services.serving.field_extraction import by_the_projects_order
from extraction.services.serving.jobs import CANARY

logger = logging.getLogger(__name__)

# Seconds after which other work of the worker has its turn.
TURN = 30.0
State = CanaryDocument.State


def run(canary_id: int, progress: Progress) -> None:
    """Compare what waits and decide; the work of a CANARY job, and harmless to repeat. Of a canary that has ended what
    waits is dropped. Raises `PutOff` after a turn while other work waits, and `Cancelled`."""
    canary = find(canary_id)
    if canary is None:
        return
    waiting = canary.compared.filter(state=State.WAITING)
    if canary.running:
        until, keys = time.monotonic() + TURN, list(waiting.values_list("pk", flat=True))
        for done, pk in enumerate(keys):
            check(progress)
            progress.report(done, len(keys), gettext_noop("Comparing models"))
            running = waiting.filter(pk=pk, canary__state=Canary.State.RUNNING)
            if (row := running.first()) is not None:
                _compare(canary, row)
            if time.monotonic() >= until and queue.others_wait(CANARY, canary.pk):
                raise PutOff(0, messages.OTHERS_FIRST)
        decide(canary)
    else:
        recording.leave_out(waiting)
    _drop_files(canary.compared.exclude(state=State.WAITING))


def find(pk: int) -> Canary | None:
    """With what the predictors of both versions need."""
    return (
        Canary.objects.select_related(
            "project__schema_version",
            "candidate__project__schema_version",
            "candidate__run__snapshot__schema_version",
            "serving__project__schema_version",
            "serving__run__snapshot__schema_version",
        )
        .filter(pk=pk)
        .first()
    )


def decide(canary: Canary) -> None:
    """Keep the figures and end the canary where they decide it."""
    figures = evidence.figures(canary)
    with transaction.atomic():
        Project.objects.select_for_update(no_key=True).get(pk=canary.project_id)
        row = find(canary.pk)
        if row is None or not row.running:
            return
        row.figures = figures.to_json()
        row.save(update_fields=["figures"])
        said, doubts = verdict(figures, row.rule, row.failures)
        if said is Verdict.WORSE:
            lifecycle.end(row, Canary.State.ROLLED_BACK, Canary.Ending.WORSE)
        elif said is Verdict.NOT_WORSE and row.promotes and not doubts:
            lifecycle.end(row, Canary.State.PROMOTED, Canary.Ending.NOT_WORSE)


def _compare(canary: Canary, row: CanaryDocument) -> None:
    document = canary.project.documents.filter(sha256=row.sha256).first()
    if document is not None and document.pk in _learned(canary):
        recording.leave_out(CanaryDocument.objects.filter(pk=row.pk))
        return
    pages = [Page.from_json(page) for page in row.pages or ()]
    answers = {"candidate": row.candidate, "serving": row.serving}
    taken = {"candidate": row.candidate_ms, "serving": row.serving_ms}
    for side, model in (("candidate", canary.candidate), ("serving", canary.serving)):
        if answers[side] is None:
            answers[side], taken[side] = _answer(canary, model, pages)
    if answers["serving"] is None:
        recording.leave_out(CanaryDocument.objects.filter(pk=row.pk))
        return
    # A candidate that fails has answered nothing.
    first, second = answers_from_json(answers["candidate"] or {}), answers_from_json(answers["serving"])
    found = differing(canary.project.schema.names, first, second)
    _settle(
        row,
        state=State.COMPARED,
        # Values are kept only where people are to choose between them.
        **(answers if found else {"candidate": None, "serving": None, "name": ""}),
        candidate_ms=taken["candidate"],
        serving_ms=taken["serving"],
        differing=found,
        differs=bool(found),
        document=_document(canary, row) if found else None,
    )


def _answer(canary: Canary, model: ModelVersion, pages: Sequence[Page]) -> tuple[JsonObject | None, float | None]:
    """The answers of a version and its milliseconds; `None` where it fails."""
    started = time.perf_counter()
    try:
        with deadlines.within(traffic.seconds(pages)):
            answers = by_the_projects_order(canary.project, registry.predictor(model).predict(pages))
    except MemoryError:
        raise
    except Exception:  # a model's own errors have nothing in common
        logger.exception("The version %s could not answer a document of canary %s.", model.pk, canary.pk)
        return None, None
    return recording.as_json(answers), round(1000 * (time.perf_counter() - started), 1)


def _learned(canary: Canary) -> set[int]:
    """Documents of the project that either version was trained on."""
    snapshots = [model.run.snapshot for model in (canary.candidate, canary.serving)]
    return {item.document for snapshot in snapshots if snapshot for item in snapshot.documents}


def _document(canary: Canary, row: CanaryDocument) -> Document | None:
    """The file in the project, with the answers of both versions as labels; `None` where it cannot be added: nobody can
    check it then, and it counts as the worst.

    A new one is for training: it was chosen for its difficulty, and measures nothing but this canary.
    """
    project = canary.project
    known = project.documents.filter(sha256=row.sha256).first()
    try:
        if known is None:
            known, _ = intake.add_document(
                project,
                row.name,
                storage.fetch(row.file),
                split=Split.TRAIN,
                origin=Document.Origin.CANARY,
                enqueue=False,
            )
        if known.state != Document.State.READY:
            reading.read(known.pk, Silent())
            known.refresh_from_db()
    except (UserError, OSError):
        logger.exception("A document of canary %s could not become one of the project.", canary.pk)
        return None
    versions = [canary.candidate, canary.serving]
    # The newer label stands in the field that people check: by turns, so that neither version is favoured.
    for model in versions if int(row.sha256[-1], 16) % 2 else reversed(versions):
        _write_labels(model, known)
    return known


def _write_labels(model: ModelVersion, document: Document) -> None:
    """Once; a version that fails has none."""
    if document.labels.filter(source=Source.STUDENT, teacher=model.name).exists():
        return
    try:
        prelabel.write(model, [document.pk])
    except MemoryError:
        raise
    except Exception:  # a model's own errors have nothing in common
        logger.exception("The version %s could not label document %s.", model.pk, document.pk)


def _settle(row: CanaryDocument, **columns: object) -> None:
    """Unless the document was deleted meanwhile."""
    CanaryDocument.objects.filter(pk=row.pk, state=State.WAITING).update(pages=None, **columns)


def _drop_files(rows: QuerySet[CanaryDocument]) -> None:
    """The path is forgotten after the file is gone: a kill between the two leaves something to find."""
    for pk, file in rows.exclude(file="").values_list("pk", "file"):
        storage.remove(storage.path(file))
        CanaryDocument.objects.filter(pk=pk).update(file="", pages=None)
