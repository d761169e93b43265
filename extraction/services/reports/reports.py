"""Reports of a project: asked for, written by a job, and found again."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from extraction.domain.errors import gettext_noop
from extraction.domain.progress import Progress, Silent
from extraction.domain.results.reports import ReportValue
from extraction.models import Project, Report, Split, User
from extraction.services.errors import Invalid, NotFound
from extraction.services.jobs import queue
from extraction.services.reports.corpus import select
from extraction.services.reports.jobs import REPORT
from extraction.services.reports.systems import unknown
from extraction.services.reports.tables import writing
from extraction.services.reports.trust.recording import Recorder

MOST_SYSTEMS = 6


def start(
    project: Project,
    *,
    split: str = Split.TEST,
    against: str = "truth",
    systems: Sequence[str] = (),
    stored: bool = False,
    actor: User | None = None,
    send: bool = True,
) -> Report:
    """Enqueue a report on `systems` by name, without any on the project's teacher, its serving student and the rules.

    `stored`: of students the answers that they gave before count, where there are any.
    `send=False` is for a caller that executes its job itself. Raises `Invalid` where nothing can be compared, and
    `NotFound` for an unknown system.
    """
    if len(systems) > MOST_SYSTEMS:
        raise Invalid(gettext_noop("A report compares at most {number} systems."), number=MOST_SYSTEMS)
    select(project, split, against)
    if others := unknown(project, systems):
        raise NotFound(
            gettext_noop("Project {project} has no system named {name!r}."), project=project, name=min(others)
        )
    with transaction.atomic():
        report = Report.objects.create(
            project=project, split=split, against=against, systems=list(systems), stored=stored, author=actor
        )
        report.job = queue.enqueue(REPORT, project=project, subject=report.pk, author=actor, send=send)
        report.save(update_fields=["job"])
    return report


def run(report: int, progress: Progress) -> Report:
    """Compute, freeze and store a report; the work of a REPORT job. A repetition begins anew."""
    row = Report.objects.select_related("project__schema_version").get(pk=report)
    row.rows.all().delete()
    recorder = Recorder(row)
    recorder.begin()
    written = writing.write(row.project, row.split, row.against, row.systems, row.stored, progress, row, recorder.keep)
    recorder.finish()
    row.value, row.frozen = written.value.to_json(), written.provenance.to_json()
    row.save(update_fields=["value", "frozen"])
    return row


def compare(
    project: Project,
    *,
    split: str = Split.TEST,
    against: str = "truth",
    systems: Sequence[str] = (),
    stored: bool = False,
    progress: Progress | None = None,
) -> ReportValue:
    """Evaluate every compared system on the same documents, and store nothing. Raises `Invalid` and `NotFound`."""
    return writing.write(project, split, against, systems, stored, progress or Silent()).value


def find(project: Project, pk: int) -> Report:
    """Raises `NotFound`."""
    row = project.reports.select_related("job", "recount_job", "author").filter(pk=pk).first()
    if row is None:
        raise NotFound(gettext_noop("The project has no report {number}."), number=str(pk))
    return row


def written(row: Report) -> ReportValue:
    """Its value. Raises `NotFound` for a report that is not written yet."""
    value = row.as_domain()
    if value is None:
        raise NotFound(gettext_noop("The report {number} is not written yet."), number=str(row.pk))
    return value


def find_written(project: Project, pk: int) -> tuple[Report, ReportValue]:
    """A report and its value. Raises `NotFound`, also while it is not written."""
    row = find(project, pk)
    return row, written(row)


def newest(project: Project, count: int) -> list[ReportValue]:
    """At most `count` written reports, the newest first."""
    rows = project.reports.exclude(value={})[:count]
    return [value for row in rows if (value := row.as_domain())]


def latest(project: Project) -> ReportValue | None:
    """The newest written report."""
    row = project.reports.exclude(value={}).first()
    return row.as_domain() if row else None
