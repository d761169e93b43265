"""Reports of a project: asked for, written by a job, and found again."""

from __future__ import annotations

from django.db import transaction

from extraction.domain.progress import Progress, Silent
from extraction.domain.results.reports import ReportValue
from extraction.models import Project, Report, Split, User
from extraction.services.errors import NotFound
from extraction.services.jobs import queue
from extraction.services.reports.corpus import select
from extraction.services.reports.costs import teacher_usage
from extraction.services.reports.evaluate import Evaluator
from extraction.services.reports.jobs import REPORT
from extraction.services.reports.systems import compared_systems


def start(
    project: Project,
    *,
    split: str = Split.TEST,
    against: str = "truth",
    actor: User | None = None,
    send: bool = True,
) -> Report:
    """Enqueue a report on the project's teacher, its serving student and the rules.

    `send=False` is for a caller that executes its job itself. Raises `Invalid` where nothing can be compared.
    """
    select(project, split, against)
    with transaction.atomic():
        report = Report.objects.create(project=project, split=split, against=against, author=actor)
        report.job = queue.enqueue(REPORT, project=project, subject=report.pk, author=actor, send=send)
        report.save(update_fields=["job"])
    return report


def run(report: int, progress: Progress) -> Report:
    """Compute and store a report; the work of a REPORT job."""
    row = Report.objects.select_related("project__schema_version").get(pk=report)
    value = compare(row.project, split=row.split, against=row.against, progress=progress)
    row.value = value.to_json()
    row.save(update_fields=["value"])
    return row


def compare(
    project: Project, *, split: str = Split.TEST, against: str = "truth", progress: Progress | None = None
) -> ReportValue:
    """Evaluate every compared system on the same documents. Raises `Invalid` and `NotFound`."""
    corpus = select(project, split, against)
    evaluator = Evaluator(corpus, progress or Silent())
    return ReportValue(
        project=project.slug,
        split=split,
        against=against,
        note=corpus.note,
        documents=len(corpus.documents),
        systems=tuple(evaluator.report(system) for system in compared_systems(corpus)),
        teacher_usage=teacher_usage(project),
    )


def find(project: Project, pk: int) -> Report:
    """Raises `NotFound`."""
    row = project.reports.select_related("job", "author").filter(pk=pk).first()
    if row is None:
        raise NotFound(f"The project has no report {pk}.")
    return row


def latest(project: Project) -> ReportValue | None:
    """The newest written report."""
    row = project.reports.exclude(value={}).first()
    return row.as_domain() if row else None
