"""Audit runs of a project: started, carried out by a job, found again, and repeated."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from extraction.domain.auditing import finding as domain
from extraction.domain.auditing import running
from extraction.domain.auditing.reading.roles import Roles
from extraction.domain.progress import Progress, Silent
from extraction.models import AuditAction, AuditRun, Claim, Finding, Job, Match, Project, User
from extraction.services import events
from extraction.services.audit_log import log as audit_log
from extraction.services.auditing import messages, policies, unread
from extraction.services.auditing.findings.leading import lead
from extraction.services.auditing.jobs import AUDIT
from extraction.services.auditing.runs import comparing, readings
from extraction.services.errors import Conflict, Invalid, NotFound
from extraction.services.jobs import queue

BATCH = 500
# Columns that a run which finds the same again brings up to date; the decision stays.
RENEWED = (
    *("severity", "claim", "document", "employee", "month", "probability", "at_risk", "expected", "currency"),
    *("doubtful", "value", "current", "run"),
)


def start(project: Project, *, actor: User | None = None, send: bool = True) -> AuditRun:
    """Enqueue a run under the policy in force; the one that waits already, where there is one.

    `send=False`: the caller executes its job itself. Raises `Invalid` where there is nothing to compare.
    """
    if project.schema_version is None or not Roles.of(project.schema).complete:
        raise Invalid(messages.NO_AMOUNT_FIELD)
    if not Claim.objects.filter(project=project, withdrawn=False).exists():
        raise Invalid(messages.NO_CLAIMS_YET)
    with transaction.atomic():
        # Of two that start at once the second finds the run of the first.
        Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        waiting = project.audit_runs.filter(job__state=Job.State.QUEUED, inputs=[]).first()
        if waiting is not None and send:
            return waiting
        policy = policies.ensure(project, actor)
        run = AuditRun.objects.create(project=project, policy=policy, today=timezone.localdate(), author=actor)
        run.job = queue.enqueue(AUDIT, project=project, subject=run.pk, author=actor, send=send)
        run.save(update_fields=["job"])
        audit_log.record(AuditAction.AUDIT_STARTED, run, project=project, name=str(run.pk), by=actor)
    return run


def carry_out(number: int, progress: Progress) -> None:
    """Collect, compare, store; the work of a job, which continues where it was killed."""
    run = AuditRun.objects.select_related("project__schema_version", "policy").filter(pk=number).first()
    if run is None or run.finished:
        return
    if not run.inputs:
        run.inputs = _inputs(run.project, progress)
        run.save(update_fields=["inputs"])
    _store(run, comparing.findings(run, progress))


def runs(project: Project) -> QuerySet[AuditRun]:
    """The newest first, without what they compared."""
    return project.audit_runs.select_related("policy", "job", "author").defer("inputs")


def find(project: Project, number: int) -> AuditRun:
    """Raises `NotFound`."""
    row = runs(project).filter(pk=number).first()
    if row is None:
        raise NotFound(messages.NO_RUN, number=number)
    return row


def newest(project: Project) -> AuditRun | None:
    """The newest run that is over."""
    return runs(project).filter(finished__isnull=False).first()


def newest_job(project: Project) -> Job | None:
    """The job of the newest run: of one that waits or goes on, failed, or is over."""
    return Job.objects.filter(kind=AUDIT.name, project=project).order_by("-pk").first()


def is_repeated(project: Project, number: int, progress: Progress | None = None) -> bool:
    """Whether comparing the same again comes to the same findings. Raises `NotFound` and `Conflict`."""
    run = find(project, number)
    if not run.finished:
        raise Conflict(messages.RUN_GOES_ON)
    return comparing.digest(comparing.findings(run, progress or Silent())) == run.digest


def _inputs(project: Project, progress: Progress) -> list[list[object]]:
    rows = Claim.objects.filter(project=project, withdrawn=False).order_by("pk")
    claims = list(rows.values_list("pk", "document", "match", "probability"))
    documents = sorted({document for _, document, _, _ in claims if document is not None})
    unread.read(project, documents, progress)
    read = readings.refresh(project, documents, progress)
    return [
        [pk, read.get(document), match or Match.FILE.value, 1.0 if sure is None else sure]
        for pk, document, match, sure in claims
    ]


def _store(run: AuditRun, found: Sequence[domain.Finding]) -> None:
    """Findings, what the run came to, and the events about them, all at once."""
    with transaction.atomic():
        Project.objects.select_for_update(no_key=True).get(pk=run.project_id)
        # A worker that was taken for dead may have done it.
        if AuditRun.objects.filter(pk=run.pk, finished__isnull=False).exists():
            return
        made = 0
        if not AuditRun.objects.filter(project=run.project_id, pk__gt=run.pk, finished__isnull=False).exists():
            made = _write(run, found)
        held = [finding for finding in found if not finding.doubtful]
        run.claims, run.receipts = len(run.inputs), len({row[1] for row in run.inputs if row[1] is not None})
        run.findings, run.made, run.doubtful = len(found), made, len(found) - len(held)
        run.at_risk, run.currency = running.at_risk(held), run.policy.as_domain().base
        run.digest, run.finished = comparing.digest(found), timezone.now()
        run.save()
        if made:
            events.send_now(events.findings_made, run=run)


def _write(run: AuditRun, found: Sequence[domain.Finding]) -> int:
    """Bring the rows of the project up to date; how many were made."""
    claims: dict[int, Claim] = {}
    numbers = sorted({int(finding.claim) for finding in found})
    for start in range(0, len(numbers), BATCH):
        claims |= Claim.objects.in_bulk(numbers[start : start + BATCH])
    # Of a claim that was taken back or deleted while the run went on nothing is new: once it counts again, it is.
    standing = {pk: claim for pk, claim in claims.items() if not claim.withdrawn}
    rows = [_row(run, each, standing[int(each.claim)]) for each in found if int(each.claim) in standing]
    Finding.objects.bulk_create(
        rows, batch_size=BATCH, update_conflicts=True, unique_fields=["project", "key"], update_fields=RENEWED
    )
    Finding.objects.filter(project=run.project_id, current=True).exclude(run=run).update(current=False)
    lead(run.project)
    return Finding.objects.filter(first_run=run).count()


def _row(run: AuditRun, finding: domain.Finding, claim: Claim) -> Finding:
    return Finding(
        project=run.project,
        key=finding.key,
        check_name=finding.check,
        severity=finding.severity.value,
        claim=claim,
        document_id=int(finding.document) if finding.document else None,
        employee=claim.employee,
        month=claim.date.replace(day=1) if claim.date else None,
        probability=finding.probability,
        at_risk=finding.at_risk,
        expected=finding.expected_loss.quantize(Decimal("0.001")),
        currency=finding.currency,
        doubtful=finding.doubtful,
        value=finding.to_json(),
        current=True,
        first_run=run,
        run=run,
    )
