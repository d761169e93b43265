"""The job kinds of auditing, and the matching that follows an import of claims and the reading of documents."""

from __future__ import annotations

from typing import Any

from extraction.domain.errors import gettext_noop
from extraction.domain.progress import Progress
from extraction.models import Claim, ClaimImport, Job, Match, Project, User
from extraction.services.documents.claims.jobs import CLAIMS
from extraction.services.documents.jobs import READ, READ_AGAIN
from extraction.services.jobs import queue
from extraction.services.jobs.kinds import JobKind
from extraction.services.serving.jobs import PREDICT
from extraction.services.teaching.jobs import COLLECT, LABEL


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
# What reads documents, so that claims which wait may find their receipts.
READERS = frozenset(kind.name for kind in (READ, READ_AGAIN, PREDICT, LABEL, COLLECT))


def start_matching(project: Project, *, author: User | None = None, send: bool = True) -> Job:
    """Enqueue the matching of a project; one that waits already does it. `send=False`: one that the caller executes."""
    if not send:
        return queue.enqueue(MATCH, project=project, subject=project.pk, author=author, send=False)
    waiting = Job.objects.filter(kind=MATCH.name, project=project, state=Job.State.QUEUED).order_by("-pk").first()
    return waiting or queue.enqueue(MATCH, project=project, subject=project.pk, author=author)


def matching_of(project: Project) -> Job | None:
    """The newest matching of the project."""
    return Job.objects.filter(kind=MATCH.name, project=project).order_by("-pk").first()


def on_job_ended(job: Job, **kwargs: Any) -> None:
    """Match once claims were imported, and once the last of several jobs that read documents is over where claims wait
    for a receipt; in the transaction that ends the job."""
    if job.kind in READERS:
        _match_waiting(job)
    elif job.kind == CLAIMS.name and job.state == Job.State.DONE:
        _match_imported(job)


def _match_waiting(job: Job) -> None:
    waiting = Claim.objects.filter(project=job.project_id, withdrawn=False, document=None).exclude(match=Match.PERSON)
    if not waiting.exists():
        return
    # Of two jobs that end at once the second sees that the first is over.
    Project.objects.select_for_update(no_key=True).get(pk=job.project_id)
    if not Job.objects.filter(project=job.project_id, kind__in=READERS, state__in=Job.ACTIVE).exists():
        start_matching(job.project)


def _match_imported(job: Job) -> None:
    row = ClaimImport.objects.select_related("project").filter(pk=job.subject).first()
    if row is not None and row.state == ClaimImport.State.IMPORTED and row.column_mapping().claim:
        start_matching(row.project, author=row.author)
