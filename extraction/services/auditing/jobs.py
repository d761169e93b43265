"""The job kinds of auditing, and the matching that follows an import of claims."""

from __future__ import annotations

from typing import Any

from extraction.domain.errors import gettext_noop
from extraction.domain.progress import Progress
from extraction.models import ClaimImport, Job, Project, User
from extraction.services.documents.claims.jobs import CLAIMS
from extraction.services.jobs import queue
from extraction.services.jobs.kinds import JobKind


class MatchClaims(JobKind):
    """Receipts for the claims of the project `subject`."""

    name = "match"
    title = gettext_noop("Match claims to documents")
    holds_field_names = True

    def handle(self, subject: int, progress: Progress) -> None:
        from extraction.services.auditing import matching

        matching.run(subject, progress)


class AuditClaims(JobKind):
    """The audit run `subject`."""

    name = "audit"
    title = gettext_noop("Audit claims")
    holds_field_names = True

    def handle(self, subject: int, progress: Progress) -> None:
        from extraction.services.auditing.runs import runs

        runs.carry_out(subject, progress)


MATCH = MatchClaims()
AUDIT = AuditClaims()


def start_matching(project: Project, *, author: User | None = None) -> Job:
    """Enqueue the matching of a project; one that waits already does it."""
    waiting = Job.objects.filter(kind=MATCH.name, project=project, state=Job.State.QUEUED).order_by("-pk").first()
    return waiting or queue.enqueue(MATCH, project=project, subject=project.pk, author=author)


def matching_of(project: Project) -> Job | None:
    """The newest matching of the project."""
    return Job.objects.filter(kind=MATCH.name, project=project).order_by("-pk").first()


def on_job_ended(job: Job, **kwargs: Any) -> None:
    """Match once claims were imported, in the transaction that ends the import."""
    if job.kind != CLAIMS.name or job.state != Job.State.DONE:
        return
    row = ClaimImport.objects.select_related("project").filter(pk=job.subject).first()
    if row is not None and row.state == ClaimImport.State.IMPORTED and row.column_mapping().claim:
        start_matching(row.project, author=row.author)
