"""Documents of a canary, kept from the answer to the caller until the other version has answered them too."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from extraction.domain.canaries.answers import VersionAnswer
from extraction.domain.json_types import JsonObject
from extraction.domain.pages import Page
from extraction.domain.prediction import FieldValue
from extraction.models import Canary, CanaryDocument, Document, Job, Project
from extraction.services import leftovers, storage
from extraction.services.documents import staging
from extraction.services.jobs import queue
from extraction.services.serving.jobs import CANARY

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answered:
    """A file that was answered: by the candidate, or where that failed by the serving version. `milliseconds` that the
    version took."""

    name: str
    path: Path
    sha256: str
    pages: Sequence[Page]
    answers: Mapping[str, FieldValue]
    milliseconds: float
    by_candidate: bool


def record(canary: Canary, answered: Answered) -> None:
    """Keep a file to be compared, once for its content. Whatever goes wrong is logged: the answer stands."""
    try:
        _record(canary, answered)
    except Exception:
        logger.exception("A document of canary %s could not be kept.", canary.pk)


def leave_out(rows: QuerySet[CanaryDocument]) -> None:
    """Compare them no more, and keep nothing of what they say; the job drops their files."""
    rows.update(state=CanaryDocument.State.LEFT_OUT, name="", pages=None, candidate=None, serving=None)


def kept_of(project: Project, sha256: str, until: datetime) -> QuerySet[CanaryDocument]:
    """What canaries keep of a file that came until then. Where both versions agreed only hash and times are left, which
    is not among it."""
    kept = Q(state=CanaryDocument.State.WAITING) | ~Q(name="") | ~Q(file="")
    kept |= Q(candidate__isnull=False) | Q(serving__isnull=False)
    return CanaryDocument.objects.filter(kept, canary__project=project, sha256=sha256, created__lte=until)


def on_document_deleting(document: Document, **kwargs: Any) -> None:
    """Empty what is kept of a file with the same bytes; its file goes afterwards. Rows that point to the document go
    with it."""
    kept = kept_of(document.project, document.sha256, timezone.now()).exclude(document=document.pk)
    for canary in Canary.objects.filter(pk__in=kept.values("canary")).select_related("project"):
        ask_for_comparison(canary)
    kept.filter(differs=True).update(differing=[], differs=False)
    leave_out(kept)


def forget(project: Project, sha256: str, until: datetime) -> None:
    """Delete `kept_of` the file, which no other version answers any more. Not inside a transaction."""
    for row in kept_of(project, sha256, until):
        with leftovers.changing(storage.path(row.file)) if row.file else nullcontext():
            row.delete()


def ask_for_comparison(canary: Canary) -> None:
    """Enqueue the comparison, unless a job for it waits already."""
    waiting = Job.objects.filter(kind=CANARY.name, subject=canary.pk, state=Job.State.QUEUED)
    if not waiting.exists():
        queue.enqueue(CANARY, project=canary.project, subject=canary.pk)


def as_json(answers: Mapping[str, FieldValue]) -> JsonObject:
    return {name: VersionAnswer.of(answer).to_json() for name, answer in answers.items()}


def _record(canary: Canary, answered: Answered) -> None:
    kept = storage.canary_folder(canary.project) / f"{canary.pk}-{answered.sha256}"
    side = "candidate" if answered.by_candidate else "serving"
    with leftovers.changing(kept), transaction.atomic():
        if not Canary.objects.filter(pk=canary.pk, state=Canary.State.RUNNING).exists():
            return
        _, new = CanaryDocument.objects.get_or_create(
            canary=canary,
            sha256=answered.sha256,
            defaults={
                "name": staging.clean_name(answered.name),
                "file": storage.relative(kept),
                "pages": [page.to_json() for page in answered.pages],
                side: as_json(answered.answers),
                f"{side}_ms": answered.milliseconds,
            },
        )
        if new:
            storage.keep_copy(answered.path, kept)
            ask_for_comparison(canary)
