"""Assessment of labels: what is known about each is collected once, how probably it is right follows from that.

Collecting reads pages and other labels, so it is the work of a job. The estimator is fitted anew whenever people have
judged some more labels; the stored signals then give new probabilities without reading a page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from extraction.domain import label_sources
from extraction.domain.errors import gettext_noop
from extraction.domain.label_quality.estimator import Estimator, Judged
from extraction.domain.progress import Progress, check
from extraction.models import Document, Job, Label, LabelEstimator, LabelQuality, OutOfFoldReading, Project
from extraction.services.jobs import queue
from extraction.services.labels import ranking
from extraction.services.quality import collecting
from extraction.services.quality.jobs import ASSESS

# Documents whose pages are in memory at once, and rows that are written at once.
BATCH, ROWS = 20, 400
# Labels of people after which the estimator is fitted anew.
REFIT = 10
# The newest judged labels that it is fitted on.
MOST_JUDGED = 5000


def on_labels_written(project: Project, documents: frozenset[int], **kwargs: Any) -> None:
    """Enqueue the assessment of new labels, and of all once people have judged some more of them."""
    if _unassessed(project).filter(document__in=documents).exists() or _judged_since(project) >= REFIT:
        _enqueue(project)


def on_document_read(document: Document, **kwargs: Any) -> None:
    """Collect anew what the words of a document say about the labels that it has."""
    LabelQuality.objects.filter(label__document=document).delete()
    if _unassessed(document.project).filter(document=document).exists():
        _enqueue(document.project)


def on_schema_changed(project: Project, **kwargs: Any) -> None:
    """Values may mean something else under other fields."""
    LabelQuality.objects.filter(project=project).delete()
    if _unassessed(project).exists():
        _enqueue(project)


def learn_more(project: Project, documents: Iterable[int]) -> None:
    """Have labels assessed and the estimator fitted anew, because more is known about these documents.

    Until then the labels keep their probabilities. To be called in the transaction that stores what is known, which
    has locked the documents.
    """
    LabelQuality.objects.filter(label__document__in=list(documents)).update(stale=True)
    LabelEstimator.objects.filter(project=project).update(newest=0)
    # A job of its own: one that waits may begin before this transaction ends, and not see it.
    queue.enqueue(ASSESS, project=project, subject=project.pk)


def run(project: int, progress: Progress) -> None:
    """Assess what has not been assessed, judge by what people said, and fit the estimator; the work of an ASSESS job.

    Harmless to repeat: labels that were assessed before a crash are not collected again. Raises `Cancelled`.
    """
    row = Project.objects.select_related("schema_version").get(pk=project)
    if row.schema_version is None:
        return
    documents = list(_unassessed(row).order_by("document_id").values_list("document_id", flat=True).distinct())
    estimator = estimator_of(row)
    for start in range(0, len(documents), BATCH):
        check(progress)
        progress.report(start, len(documents), gettext_noop("Assessing labels"))
        _assess(row, documents[start : start + BATCH], estimator)
    _fit(row, progress)
    progress.report(len(documents), len(documents))


def estimator_of(project: Project) -> Estimator:
    """As it was fitted last; the prior before that."""
    row = LabelEstimator.objects.filter(project=project).first()
    return Estimator.from_json(row.value) if row else Estimator.prior()


def _enqueue(project: Project) -> None:
    """Unless a job waits already, which will find the labels."""
    if not Job.objects.filter(kind=ASSESS.name, subject=project.pk, state=Job.State.QUEUED).exists():
        queue.enqueue(ASSESS, project=project, subject=project.pk)


def _unassessed(project: Project) -> QuerySet[Label]:
    labels = Label.objects.filter(
        document__project=project,
        document__state=Document.State.READY,
        source__in=collecting.sources(),
        field__in=project.schema.names,
        withdrawn=False,
    )
    return labels.filter(~Exists(LabelQuality.objects.filter(label=OuterRef("pk"), stale=False))).order_by()


def _judged_since(project: Project) -> int:
    """Labels of people that the estimator does not know, at most `REFIT`."""
    newest = LabelEstimator.objects.filter(project=project).values_list("newest", flat=True).first() or 0
    people = label_sources.names(by_people=True)
    rows = Label.objects.filter(pk__gt=newest, document__project=project, source__in=people).order_by("pk")
    return rows[:REFIT].count()


def _assess(project: Project, documents: Sequence[int], estimator: Estimator) -> None:
    """Collect for all current labels of the documents: a new one is evidence about the others, too."""
    readings = _readings(documents)
    rows = [
        LabelQuality(
            project=project,
            label=each.label,
            signals=each.signals,
            probability=estimator.probability(each.label.field, source_of(each.label), each.signals),
            right=each.right,
            student=each.student and each.student.to_json(),
        )
        for each in collecting.collect(project, documents)
    ]
    with transaction.atomic():
        # Locked, as by those who store readings: none come while this is written. What came since is for another job.
        locked = Document.objects.select_for_update(no_key=True).filter(pk__in=documents).order_by("pk")
        present = set(locked.values_list("pk", flat=True))
        late = {document for document, _ in readings ^ _readings(documents)}
        for row in rows:
            row.stale = row.label.document_id in late
        LabelQuality.objects.bulk_create(
            [row for row in rows if row.label.document_id in present],
            batch_size=ROWS,
            update_conflicts=True,
            unique_fields=["label"],
            update_fields=["signals", "probability", "right", "student", "stale"],
        )
        # Labels that newer ones replaced were not collected, and need not be.
        done = LabelQuality.objects.filter(label__document__in=present - late, stale=True)
        done.update(stale=False)
        ranking.refresh(project, present)


def _readings(documents: Sequence[int]) -> set[tuple[int, int]]:
    """Keys of the documents and of what students read on them that did not learn from them."""
    return set(OutOfFoldReading.objects.filter(document__in=documents).values_list("document", "pk"))


def source_of(label: Label) -> str:
    """The name by which an estimator knows who gave the label."""
    return label.teacher or label.source


def _fit(project: Project, progress: Progress) -> None:
    """Judge the labels of documents about which people said something since, fit, and give all their probabilities."""
    if _judged_since(project) < REFIT and LabelEstimator.objects.filter(project=project).exists():
        return
    newest = Label.objects.filter(document__project=project).order_by("-pk").values_list("pk", flat=True).first()
    if newest is None:
        return
    _judge(project, progress)
    judged = LabelQuality.objects.filter(project=project, right__isnull=False).select_related("label")
    rows = judged.order_by("-label_id")[:MOST_JUDGED]
    estimator = Estimator.fit(
        [Judged(row.label.field, source_of(row.label), row.signals, bool(row.right)) for row in rows]
    )
    _update(project, estimator, progress)
    # Last: a crash before this repeats the fit.
    LabelEstimator.objects.update_or_create(project=project, defaults={"value": estimator.to_json(), "newest": newest})


def _judge(project: Project, progress: Progress) -> None:
    """Compare the assessed labels of documents that people have said something about since with what they said."""
    newest = LabelEstimator.objects.filter(project=project).values_list("newest", flat=True).first() or 0
    people = label_sources.names(by_people=True)
    said = Label.objects.filter(pk__gt=newest, document__project=project, source__in=people)
    documents = list(said.order_by("document_id").values_list("document_id", flat=True).distinct())
    for start in range(0, len(documents), BATCH):
        check(progress)
        changed = collecting.judge(project, documents[start : start + BATCH])
        LabelQuality.objects.bulk_update(changed, ["right"], batch_size=ROWS)


def _update(project: Project, estimator: Estimator, progress: Progress) -> None:
    """Give every assessed label the probability that the estimator finds, and the documents what follows from it."""
    for rows in _batches(project):
        check(progress)
        changed = []
        for row in rows:
            probability = estimator.probability(row.label.field, source_of(row.label), row.signals)
            if abs(probability - row.probability) > 1e-6:
                row.probability = probability
                changed.append(row)
        if changed:
            LabelQuality.objects.bulk_update(changed, ["probability"], batch_size=ROWS)
            ranking.refresh(project, {row.label.document_id for row in changed})


def _batches(project: Project) -> Iterator[list[LabelQuality]]:
    last = 0
    rows = LabelQuality.objects.filter(project=project).select_related("label").order_by("pk")
    while batch := list(rows.filter(pk__gt=last)[:ROWS]):
        last = batch[-1].pk
        yield batch
