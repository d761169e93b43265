"""From a teacher's answers to labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import IntegrityError

from extraction.domain.progress import Progress, check
from extraction.engines.teacher.protocol import Answer, Reading, Teacher
from extraction.models import Document, LabelRun, Response, Source, as_domain_pages
from extraction.services.labels import store
from extraction.services.labels.store import LabelInput
from extraction.services.teaching import responses

# Documents whose labels are written at once.
AT_ONCE = 16
TRIES = 3

Answered = tuple[Document, Mapping[str, Answer]]


def label_here(held: LabelRun, asked: Teacher, waiting: Sequence[int], progress: Progress) -> None:
    """Let a teacher label that is part of this program: what it says costs nothing and can be had again at any time,
    so nothing of it is kept but the labels. Raises `Cancelled`; what was said before stays."""
    _count(held)
    done, total, schema = 0, len(waiting), held.schema_version.as_domain()
    for start in range(0, len(waiting), AT_ONCE):
        group: list[Answered] = []
        try:
            rows = Document.objects.filter(pk__in=waiting[start : start + AT_ONCE]).order_by("id")
            for document in rows.prefetch_related("pages"):
                check(progress)
                reply = asked.label(Reading(as_domain_pages(document.pages.all())), schema)
                group.append((document, reply.answers))
                done += 1
                progress.report(done, total, document.name)
        finally:
            _write(held, group)
            _count(held)
    progress.report(done, total)


def label_stored(held: LabelRun, progress: Progress | None = None) -> None:
    """Make labels of the run's responses that have none yet: a crash came between the two, or they are used again."""
    if held.trial:
        return
    for rows in responses.unlabelled(held):
        if progress is not None:
            check(progress)
        label(held, rows)


def label(held: LabelRun, rows: Sequence[Response]) -> None:
    """Make labels of responses, those that are usable; a trial's become none."""
    if held.trial:
        return
    usable = [(row.document, responses.answers(row)) for row in rows if row.usable]
    for start in range(0, len(usable), AT_ONCE):
        _write(held, usable[start : start + AT_ONCE])
    if usable:
        LabelRun.objects.filter(pk=held.pk).update(labels=held.label_rows.count())


def _write(held: LabelRun, group: Sequence[Answered]) -> None:
    """Store the answers for documents that still exist and have none of this run.

    A worker that was taken for dead may be doing the same at this moment: what it stored first stands.
    """
    for last in (False,) * (TRIES - 1) + (True,):
        present = held.project.documents.filter(pk__in=[document.pk for document, _ in group])
        missing = set(present.exclude(labels__run=held).values_list("pk", flat=True))
        statements = [
            _statement(held, document, name, answer)
            for document, answers in group
            if document.pk in missing
            for name, answer in answers.items()
            if name in held.project.schema
        ]
        try:
            if statements:
                store.write_many(held.project, statements)
            return
        except IntegrityError:
            if last:
                raise


def _statement(held: LabelRun, document: Document, name: str, answer: Answer) -> LabelInput:
    return LabelInput(
        document,
        name,
        answer.value,
        Source.TEACHER,
        confidence=answer.confidence,
        unsure=answer.unsure,
        teacher=held.teacher,
        run=held,
    )


def _count(held: LabelRun) -> None:
    """Set the counts that the labels themselves tell, so that a crash cannot make them wrong."""
    rows = held.label_rows
    counts = {"documents": rows.values("document").distinct().count(), "labels": rows.count()}
    LabelRun.objects.filter(pk=held.pk).update(**counts)
    held.refresh_from_db()
