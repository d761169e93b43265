"""Teachers at work: label runs. Labels from files are read in `label_files`, whose names are offered here too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet

from extraction.domain.progress import Progress, check
from extraction.models import Document, Job, LabelRun, Project, Source, User, as_domain_pages
from extraction.services import jobs, labels, storage
from extraction.services.errors import Conflict, Invalid
from extraction.services.label_files import RECORDED, LabelFile, LoadResult, load_labels, parse, store
from extraction.services.labels import Statement
from extraction.teacher.factory import UnknownTeacher, teacher
from extraction.teacher.protocol import Reading, Reply, Teacher

__all__ = [
    "RECORDED",
    "LabelFile",
    "LoadResult",
    "estimate",
    "load_labels",
    "parse",
    "run",
    "start",
    "store",
    "summary",
    "summary_of",
    "teacher_name",
]

# So many documents of a teacher on this machine are written at once; what an outside one said is kept at once.
AT_ONCE = 16
TRIES = 3


def teacher_name(name: str | None) -> str:
    """The teacher that is meant; the installation's where none is named. Raises `Invalid`."""
    return _teacher(name or settings.KD_TEACHER).name


def estimate(project: Project, teacher: str, limit: int | None = None) -> dict[str, Any]:
    """What a run would take: `{"documents", "tokens": {"input", "output"}, "usd"}`. Raises `Invalid`."""
    asked = _teacher(teacher)
    documents = _unlabelled(project, asked.name).count()
    documents = documents if limit is None else min(documents, limit)
    usage = asked.estimate(project.schema, documents)
    tokens = {"input": usage.input_tokens, "output": usage.output_tokens}
    return {"documents": documents, "tokens": tokens, "usd": float(usage.usd)}


def start(
    project: Project,
    *,
    teacher: str,
    limit: int | None = None,
    budget: Decimal | None = None,
    actor: User | None = None,
    enqueue: bool = True,
) -> LabelRun:
    """A new run over what this teacher has not labelled; `enqueue=False` is for a caller that calls `run` itself.

    Raises `Invalid` for an unknown teacher and `Conflict` while another run of the project waits or goes on.
    """
    asked = _teacher(teacher)
    if project.schema_version is None:
        raise Invalid(f"Project {project} has no fields.")
    with transaction.atomic():
        if project.label_runs.filter(job__state__in=Job.ACTIVE).exists():
            raise Conflict("A label run of this project is still going on.")
        row = LabelRun.objects.create(
            project=project,
            schema_version=project.schema_version,
            teacher=asked.name,
            limit=limit,
            budget_usd=budget,
            author=actor,
        )
        if enqueue:
            row.job = jobs.enqueue(Job.Kind.LABEL, project=project, subject=row.pk, author=actor)
            row.save(update_fields=["job"])
    return row


def run(run_id: int, progress: Progress) -> None:
    """Label what the teacher has not labelled yet; the work of a LABEL job.

    Stops at the run's limit and budget. Going on after a crash, it neither asks nor writes twice for a document whose
    labels are stored. Raises `Cancelled`; what was answered before stays.
    """
    held = LabelRun.objects.select_related("project__schema_version").filter(pk=run_id).first()
    if held is None:
        return
    asked = _teacher(held.teacher)
    _count(held)
    waiting = _unlabelled(held.project, asked.name).order_by("id")
    if held.limit is not None:
        waiting = waiting[: max(0, held.limit - held.documents - held.refusals)]
    _work(held, asked, list(waiting.values_list("pk", flat=True)), progress)
    labels.settle(held.project)


def summary(
    teacher: str,
    documents: int,
    tokens: dict[str, int],
    usd: float,
    *,
    labels: int = 0,
    refusals: int = 0,
    malformed: int = 0,
) -> dict[str, Any]:
    """What `label --json` prints."""
    return {
        "teacher": teacher,
        "documents": documents,
        "labels": labels,
        "refusals": refusals,
        "malformed": malformed,
        "tokens": tokens,
        "usd": usd,
    }


def summary_of(held: LabelRun) -> dict[str, Any]:
    return summary(
        held.teacher,
        held.documents,
        {"input": held.input_tokens, "output": held.output_tokens},
        float(held.usd),
        labels=held.labels,
        refusals=held.refusals,
        malformed=held.malformed,
    )


def _teacher(name: str) -> Teacher:
    try:
        return teacher(name)
    except UnknownTeacher as error:
        raise Invalid(str(error)) from None


def _unlabelled(project: Project, teacher: str) -> QuerySet[Document]:
    """Documents that were read and of which this teacher has said nothing."""
    said = project.documents.filter(labels__source=Source.TEACHER, labels__teacher=teacher)
    return project.documents.filter(state=Document.State.READY).exclude(pk__in=said.values("pk"))


def _work(held: LabelRun, asked: Teacher, waiting: Sequence[int], progress: Progress) -> None:
    """Ask for one document after the other and store the answers in small groups, also when told to stop."""
    size = 1 if asked.outside else AT_ONCE
    done = held.documents + held.refusals
    total = done + len(waiting)
    answered: list[tuple[Document, Reply]] = []
    try:
        for document in _documents(waiting):
            check(progress)
            if _spent(held):
                break
            answered.append((document, _ask(held, asked, document)))
            if len(answered) == size:
                group, answered = answered, []
                _keep(held, group)
            done += 1
            progress.report(done, total, document.name)
    finally:
        _keep(held, answered)
    progress.report(done, total)


def _documents(keys: Sequence[int]) -> Iterator[Document]:
    """The documents, those that were deleted meanwhile left out, a group of them in memory at a time."""
    for start in range(0, len(keys), AT_ONCE):
        rows = Document.objects.filter(pk__in=keys[start : start + AT_ONCE]).order_by("id")
        yield from rows.select_related("project__schema_version").prefetch_related("pages")


def _spent(held: LabelRun) -> bool:
    return held.budget_usd is not None and held.usd > 0 and held.usd >= held.budget_usd


def _ask(held: LabelRun, asked: Teacher, document: Document) -> Reply:
    """The teacher's reply; what it cost is counted at once, whatever happens to the labels."""
    rows = document.pages.all()
    images = tuple(storage.path(row.image) for row in rows)
    reply = asked.label(Reading(as_domain_pages(rows), images), held.project.schema)
    LabelRun.objects.filter(pk=held.pk).update(
        refusals=F("refusals") + int(reply.refusal is not None),
        malformed=F("malformed") + int(reply.malformed),
        input_tokens=F("input_tokens") + reply.usage.input_tokens,
        output_tokens=F("output_tokens") + reply.usage.output_tokens,
        usd=F("usd") + reply.usage.usd,
    )
    held.usd += reply.usage.usd
    return reply


def _keep(held: LabelRun, answered: Sequence[tuple[Document, Reply]]) -> None:
    """Store the answers for documents that still exist and have none of this run.

    A worker that was taken for dead may be doing the same at this moment: what it stored first stands.
    """
    for last in (False,) * (TRIES - 1) + (True,):
        present = held.project.documents.filter(pk__in=[document.pk for document, _ in answered])
        missing = set(present.exclude(labels__run=held).values_list("pk", flat=True))
        statements = [
            Statement(
                document,
                name,
                answer.value,
                Source.TEACHER,
                confidence=answer.confidence,
                unsure=answer.unsure,
                teacher=held.teacher,
                run=held,
            )
            for document, reply in answered
            if document.pk in missing
            for name, answer in reply.answers.items()
            if name in held.project.schema
        ]
        try:
            if statements:
                labels.write_many(held.project, statements)
            break
        except IntegrityError:
            if last:
                raise
    _count(held)


def _count(held: LabelRun) -> None:
    """Set the counts that the labels themselves tell, so that a crash cannot make them wrong."""
    rows = held.label_rows
    counts = {"documents": rows.values("document").distinct().count(), "labels": rows.count()}
    LabelRun.objects.filter(pk=held.pk).update(**counts)
    held.refresh_from_db()
