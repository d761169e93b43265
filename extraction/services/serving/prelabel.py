"""Prelabelling: the serving student's answers on unlabelled documents, so that review starts from them."""

import logging
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet

from extraction.domain import label_sources
from extraction.domain.errors import gettext_noop
from extraction.domain.progress import Progress, check
from extraction.domain.work import deadlines
from extraction.models import Document, Job, Label, ModelVersion, Project, Source
from extraction.services.jobs import queue
from extraction.services.labels import store
from extraction.services.labels.store import LabelInput
from extraction.services.serving import registry
from extraction.services.serving.field_extraction import by_the_projects_order
from extraction.services.serving.jobs import PREDICT

logger = logging.getLogger(__name__)

BATCH = 20
# Documents of one look for those without a reading.
LOOKED_AT = 400
SETTLED = (Document.Review.ACCEPTED, Document.Review.REJECTED)
READING = gettext_noop("Reading fields")


def on_document_read(document: Document, **kwargs: Any) -> None:
    """Enqueue the serving student's answers on newly read documents, unless a job for them waits already."""
    project = document.project
    model = registry.serving(project)
    if model is None:
        return
    waiting = Job.objects.filter(kind=PREDICT.name, subject=model.pk, state=Job.State.QUEUED)
    if not waiting.exists():
        queue.enqueue(PREDICT, project=project, subject=model.pk)


def run(model: int, progress: Progress) -> int:
    """Write student labels for the documents that have no other; the work of a PREDICT job.

    Returns the number of documents that were answered. Once another model is promoted, which answers them all itself,
    the rest is dropped.
    """
    row = _find(model)
    documents = list(_waiting(row).values_list("pk", flat=True))
    for start in range(0, len(documents), BATCH):
        check(progress)
        if registry.serving(row.project) != row:
            return start
        progress.report(start, len(documents), READING)
        write(_find(model), documents[start : start + BATCH])
    progress.report(len(documents), len(documents))
    return len(documents)


def read_claimed(project: Project, documents: Sequence[int], progress: Progress) -> None:
    """Write the serving student's labels on those of the documents, named by primary key, about which nothing is known
    but what was claimed; nothing without a student. They stay unread by `run`, as claims are learned from.

    Raises `Cancelled`, and `Conflict` where the files of the student cannot be used; what was written by then stays.
    """
    model = registry.serving(project)
    if model is None:
        return
    for start in range(0, len(documents), LOOKED_AT):
        check(progress)
        unread = list(_unread(project, documents[start : start + LOOKED_AT]).values_list("pk", flat=True))
        for first in range(0, len(unread), BATCH):
            check(progress)
            if registry.serving(project) != model:
                return
            progress.report(start + first, len(documents), READING)
            write(_find(model.pk), unread[first : first + BATCH])


def _unread(project: Project, numbers: Sequence[int]) -> QuerySet[Document]:
    known = Label.objects.filter(document=OuterRef("pk")).exclude(source=Source.CLAIM)
    rows = project.documents.filter(pk__in=numbers, state=Document.State.READY)
    return rows.exclude(review__in=SETTLED).filter(~Exists(known)).order_by("pk")


def _find(model: int) -> ModelVersion:
    """With the fields in force, by whose names it answers."""
    rows = ModelVersion.objects.select_related("project__schema_version", "run__snapshot__schema_version")
    return rows.get(pk=model)


def _waiting(model: ModelVersion) -> QuerySet[Document]:
    others = label_sources.names(learned_from=True)
    return (
        model.project.documents.filter(state=Document.State.READY)
        .exclude(review__in=SETTLED)
        .exclude(labels__source__in=others)
        .exclude(labels__source=Source.STUDENT, labels__teacher=model.name)
        .order_by("id")
    )


def write(model: ModelVersion, documents: list[int]) -> None:
    """Write the answers of `model` as labels of documents, which are named by primary key. Raises `Conflict` where its
    files cannot be used."""
    predictor = registry.predictor(model)
    statements = []
    names = set(model.project.schema.names)
    for document in Document.objects.filter(pk__in=documents).select_related("project").prefetch_related("pages"):
        try:
            with deadlines.within(settings.KD_DOCUMENT_SECONDS):
                predicted = predictor.predict(document.domain_pages())
        except deadlines.TooSlow:
            logger.warning("The student takes too long over document %s, which stays without its labels.", document.pk)
            continue
        answers = by_the_projects_order(model.project, predicted)
        statements += [
            LabelInput(
                document,
                name,
                answer.value,
                Source.STUDENT,
                spans=answer.spans,
                normalized=answer.normalized,
                confidence=answer.confidence,
                teacher=model.name,
                rows=answer.rows,
            )
            for name, answer in answers.items()
            if name in names
        ]
    store.write_many(model.project, statements)
