"""What is owed and when: debts get their jobs once they can go on."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from extraction.domain.errors import gettext_noop
from extraction.models import AuditAction, Forgetting, Job, ModelVersion, Project
from extraction.services.audit_log import log as audit_log
from extraction.services.errors import NotFound
from extraction.services.jobs import queue
from extraction.services.privacy.jobs import FORGET

State = Forgetting.State
# Rows that get a job at once, and the time after which a step that failed is tried again.
PORTION, PAUSE = 100, timedelta(hours=1)
# After so many failures, which take a month, nothing is tried any more until somebody says so.
MOST_FAILURES = 6
# A time farther away was written before the clock was set back: the first time, and after failures.
FARTHEST, FARTHEST_AGAIN = timedelta(days=2), timedelta(days=2 ** (MOST_FAILURES - 2) + 1)


def enqueue() -> int:
    """Give a job to every debt that can go on and has none; how many. Several processes may do it at once."""
    return sum(_enqueue(*row) for row in _ready().values_list("pk", "project")[:PORTION])


def start(project: Project) -> int:
    """Let everything that a project owes begin now; how many debts there are."""
    with transaction.atomic():
        owed = Forgetting.objects.filter(project=project, state=State.OWED).update(due=timezone.now(), failures=0)
        if owed:
            audit_log.record(AuditAction.FORGETTING_STARTED, project, project=project, changes={"models": owed})
    enqueue()
    return owed


def find(project: Project, pk: int) -> Forgetting:
    """Raises `NotFound`."""
    row = project.forgettings.select_related("project", "run__model_version", "run__job").filter(pk=pk).first()
    if row is None:
        raise NotFound(gettext_noop("There is no such entry."))
    return row


def _ready() -> QuerySet[Forgetting]:
    now = timezone.now()
    siblings = Forgetting.objects.filter(run=OuterRef("run"), state__in=(State.RUNNING, State.DECISION))
    due = Q(due__lte=now) | Q(due__gt=now + FARTHEST, failures=0) | Q(due__gt=now + FARTHEST_AGAIN)
    begins = Q(due, ~Q(run__job__state__in=Job.ACTIVE), ~Exists(siblings), state=State.OWED)
    ended = Q(~Q(replacement__job__state__in=Job.ACTIVE), state=State.RUNNING)
    decided = Q(~Q(run__model_version__stage=ModelVersion.Stage.PRODUCTION), state=State.DECISION)
    jobs = Job.objects.filter(kind=FORGET.name, subject=OuterRef("pk"))
    busy = jobs.filter(Q(state__in=Job.ACTIVE) | Q(state=Job.State.FAILED, finished__gt=now - PAUSE))
    return Forgetting.objects.filter(begins | ended | decided).exclude(Exists(busy)).order_by("pk")


def _enqueue(forgetting: int, project: int) -> bool:
    with transaction.atomic():
        locked = Project.objects.select_for_update(no_key=True).filter(pk=project).first()
        if locked is None or queue.active(FORGET, forgetting).exists():
            return False
        queue.enqueue(FORGET, project=locked, subject=forgetting)
    return True
