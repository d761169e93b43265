"""Bulk runs: an action done to many documents, in the request where these are few, else in a job."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F, Q, QuerySet

from extraction.domain.progress import Progress, Silent, check
from extraction.models import BulkRun, Job, Project, User
from extraction.services.documents import messages
from extraction.services.documents.bulk import actions
from extraction.services.documents.bulk.actions import BulkAction, Values
from extraction.services.documents.bulk.selection import Chosen
from extraction.services.documents.jobs import BULK
from extraction.services.errors import Invalid
from extraction.services.jobs import queue

# Documents between two looks at whether the job was cancelled.
BATCH = 100


def start(project: Project, action: BulkAction, chosen: Chosen, values: Values, *, actor: User) -> BulkRun:
    """Do it now where the documents are few enough for a request, else in the background. Raises `Invalid`."""
    checked = dict(action.check(project, values))
    with transaction.atomic():
        row = BulkRun.objects.create(
            project=project,
            action=action.name,
            values=checked,
            documents=list(chosen.keys),
            total=len(chosen.keys),
            author=actor,
        )
        if row.total > action.at_once:
            row.job = queue.enqueue(BULK, project=project, subject=row.pk, author=actor)
            row.save(update_fields=["job"])
    if row.job is None:
        run(row.pk, Silent())
        row.refresh_from_db()
    return row


def run(run_id: int, progress: Progress) -> None:
    """Go on with a run where it stands; the work of a BULK job. Raises `Cancelled`; what was done stays."""
    row = BulkRun.objects.select_related("project__schema_version", "author").filter(pk=run_id).first()
    if row is None:
        return
    action = actions.find(row.action)
    if not isinstance(action, BulkAction) or row.author is None:
        raise Invalid(messages.ACTOR_GONE)
    progress.report(row.done, row.total)
    while batch := row.documents[row.done : row.done + BATCH]:
        check(progress)
        documents = list(row.project.documents.filter(pk__in=batch).order_by("pk"))
        changed = action.apply(documents, row.values, row.author)
        BulkRun.objects.filter(pk=row.pk).update(done=F("done") + len(batch), changed=F("changed") + changed)
        row.done += len(batch)
        progress.report(row.done, row.total)
    # Only an unfinished run needs the keys.
    BulkRun.objects.filter(pk=row.pk).update(documents=[])


def outcome(row: BulkRun) -> str:
    """What a run has brought so far, in one sentence."""
    action = actions.find(row.action)
    return action.outcome(row.changed, row.total, row.values) if isinstance(action, BulkAction) else ""


def shown(project: Project, run_id: int | None) -> QuerySet[BulkRun]:
    """The runs under way, and the one of that primary key; newest first."""
    rows = BulkRun.objects.filter(project=project).filter(Q(job__state__in=Job.ACTIVE) | Q(pk=run_id))
    return rows.select_related("job", "author").defer("documents").order_by("-pk")
