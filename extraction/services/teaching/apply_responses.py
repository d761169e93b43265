"""Labels from a teacher's answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from django.conf import settings
from django.db import IntegrityError
from django.db.models import F

from extraction.domain.fields import Schema
from extraction.domain.progress import Progress, check
from extraction.domain.work import deadlines
from extraction.engines.teacher.protocol import Answer, Reading, Teacher
from extraction.models import Document, LabelRun, Response, Source, as_domain_pages
from extraction.services.labels import store
from extraction.services.labels.store import LabelInput
from extraction.services.projects import schema_versions
from extraction.services.teaching import dispatch, responses
from extraction.services.teaching.missing import Question

# Documents whose labels are written at once.
BATCH = 16
MAX_TRIES = 3

Answered = tuple[Document, Mapping[str, Answer]]


def label_directly(run: LabelRun, teacher: Teacher, waiting: Sequence[Question], progress: Progress) -> None:
    """Labels by a teacher that runs in this program. Its answers cost nothing and can be repeated, so that only labels
    are stored. A document that takes too long gets none and counts as a failure. Raises `Cancelled`; earlier labels
    stay."""
    _update_counts(run)
    done, total = 0, sum(len(question.documents) for question in waiting)
    for schema, keys in _batches(waiting):
        group: list[Answered] = []
        try:
            rows = Document.objects.filter(pk__in=keys).order_by("id")
            for document in rows.prefetch_related("pages"):
                check(progress)
                try:
                    with deadlines.within(settings.KD_DOCUMENT_SECONDS):
                        reply = dispatch.reply_of(teacher, Reading(as_domain_pages(document.pages.all())), schema)
                    group.append((document, reply.answers))
                except deadlines.TooSlow:
                    LabelRun.objects.filter(pk=run.pk).update(failures=F("failures") + 1)
                done += 1
                progress.report(done, total, document.name)
        finally:
            _write(run, group)
            _update_counts(run)
    progress.report(done, total)


def _batches(waiting: Sequence[Question]) -> Iterator[tuple[Schema, Sequence[int]]]:
    for question in waiting:
        for start in range(0, len(question.documents), BATCH):
            yield question.schema, question.documents[start : start + BATCH]


def label_unlabelled(run: LabelRun, progress: Progress | None = None) -> None:
    """Make labels of the run's responses without any: those reused, and those that a crash left behind."""
    if run.trial:
        return
    for rows in responses.unlabelled(run):
        if progress is not None:
            check(progress)
        apply(run, rows)


def apply(run: LabelRun, rows: Sequence[Response]) -> None:
    """Make labels of the usable ones among `rows`; none for a trial."""
    if run.trial:
        return
    usable = [(row.document, responses.answers(row)) for row in rows if row.usable]
    for start in range(0, len(usable), BATCH):
        _write(run, usable[start : start + BATCH])
    if usable:
        LabelRun.objects.filter(pk=run.pk).update(labels=run.label_rows.count())


def _write(run: LabelRun, group: Sequence[Answered]) -> None:
    """Store the answers for documents that still exist, save where the run has a label of one of their fields.

    A field that was renamed since the run began gets them under its present name. A worker that lost its claim may
    write the same at this moment; the labels stored first stay.
    """
    schema, names_now = run.project.schema, schema_versions.translation(run.schema_version)
    keys = [document.pk for document, _ in group]
    for last in (False,) * (MAX_TRIES - 1) + (True,):
        present = set(run.project.documents.filter(pk__in=keys).values_list("pk", flat=True))
        labelled = responses.labelled_pairs(run, keys)
        inputs = [
            _label_input(run, document, name, answer)
            for document, answers in group
            if document.pk in present and not any((document.pk, names_now.get(old)) in labelled for old in answers)
            for name, answer in ((names_now.get(old, ""), answer) for old, answer in answers.items())
            # An answer of that length is none of a field: the teacher copied the page.
            if name in schema and len(answer.value or "") <= schema[name].kind.longest
        ]
        try:
            if inputs:
                store.write_many(run.project, inputs)
            return
        except IntegrityError:
            if last:
                raise


def _label_input(run: LabelRun, document: Document, name: str, answer: Answer) -> LabelInput:
    return LabelInput(
        document,
        name,
        answer.value,
        Source.TEACHER,
        confidence=answer.confidence,
        unsure=answer.unsure,
        teacher=run.teacher,
        run=run,
    )


def _update_counts(run: LabelRun) -> None:
    """Set the counts from the labels themselves, so that a crash cannot make them wrong."""
    rows = run.label_rows
    counts = {"documents": rows.values("document").distinct().count(), "labels": rows.count()}
    LabelRun.objects.filter(pk=run.pk).update(**counts)
    run.refresh_from_db()
