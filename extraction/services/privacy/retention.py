"""What is kept too long goes: which documents that are now and next, and their deletion at night.

Nothing under a legal hold goes. The work is done in portions and begins again where it was killed: it deletes what is
due, and says so in the row only when nothing is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import transaction
from django.db.models import Min, Q, QuerySet
from django.utils import timezone

from extraction.domain.json_types import JsonObject
from extraction.domain.progress import Progress, check
from extraction.models import Deletion, Document, Job, Project, Retention
from extraction.services.documents import intake
from extraction.services.errors import Conflict
from extraction.services.jobs import queue
from extraction.services.privacy import settings
from extraction.services.privacy.jobs import SWEEP
from extraction.services.privacy.settings import Settings
from extraction.services.serving import extractions
from extraction.services.serving.batches import batches

# Documents between two looks at whether the job was cancelled, and those that a page names.
PORTION, NAMED = 100, 20


class Rule(StrEnum):
    """What a period is about, by the name of its setting."""

    UNREVIEWED = "unreviewed"
    REJECTED = "rejected"
    DOCUMENTS = "documents"
    ANSWERS = "answers"


# The column from which a rule about documents counts.
_SINCE = {Rule.UNREVIEWED: "created", Rule.REJECTED: "reviewed", Rule.DOCUMENTS: "created"}


@dataclass(frozen=True, slots=True)
class Upcoming:
    """What one rule takes: `number` things in the next night, and the one after them at `later` (`None`: none is left
    that it could take). `days`: how long they are kept; `None`: for ever."""

    rule: Rule
    days: int | None
    number: int = 0
    later: datetime | None = None

    def to_json(self) -> JsonObject:
        return {
            "rule": self.rule.value,
            "days": self.days,
            "number": self.number,
            "later": self.later.isoformat() if self.later else None,
        }


@dataclass(frozen=True, slots=True)
class Plan:
    """What goes at `night`; `documents` are the first of those documents, and `held` are kept by a legal hold."""

    held: bool
    night: datetime
    settings: Settings
    rules: Sequence[Upcoming]
    documents: Sequence[Document]
    held_documents: int

    def to_json(self) -> JsonObject:
        return {
            "held": self.held,
            "settings": self.settings.to_json(),
            "night": self.night.isoformat(),
            "next": [rule.to_json() for rule in self.rules],
            "held_documents": self.held_documents,
        }


def plan(project: Project) -> Plan:
    """What goes next, and when; a fixed number of queries."""
    chosen, night = settings.of(project), settings.next_night()
    rules = [_upcoming(project, rule, getattr(chosen, rule.value), night) for rule in _SINCE]
    first = () if project.held else due(project, chosen, night).order_by("created", "pk")[:NAMED]
    held = project.documents.filter(held=True).count()
    return Plan(project.held, night, chosen, [*rules, _answers(project, chosen, night)], list(first), held)


def due(project: Project, chosen: Settings, at: datetime) -> QuerySet[Document]:
    """The documents that the periods no longer keep at that time; none of a project under a legal hold."""
    taken = Q(pk__in=())
    for rule, since in _SINCE.items():
        days = getattr(chosen, rule.value)
        if days is not None:
            rows = _about(project, rule).filter(**{f"{since}__lte": at - timedelta(days=days)})
            taken |= Q(pk__in=rows.values("pk"))
    kept_no_longer = project.documents.filter(taken)
    return kept_no_longer.none() if project.held else kept_no_longer


def enqueue() -> int:
    """Give a job to each project whose night has come; how many. Several processes may do it at once."""
    now = timezone.now()
    night = settings.next_night(now) - timedelta(days=1)
    # A time in the future was written before the clock was set back.
    rows = Retention.objects.filter(Q(swept=None) | Q(swept__lt=night) | Q(swept__gt=now + timedelta(days=1)))
    return sum(_enqueue(pk) for pk in rows.filter(project__held=False).values_list("project", flat=True))


def run(project: int, progress: Progress) -> None:
    """Delete what is due; the work of a SWEEP job. Raises `Cancelled`; what was deleted stays so."""
    row = Retention.objects.select_related("project").filter(project=project).first()
    if row is None:
        return
    chosen, now, count = Settings.of(row), timezone.now(), 0
    if not row.project.held:
        days = settings.answer_days(chosen)
        batches.expire(row.project, days)
        extractions.expire(row.project, days)
    total = due(row.project, chosen, now).count()
    while portion := list(due(row.project, chosen, now).order_by("pk")[:PORTION]):
        check(progress)
        if not sum(map(_delete, portion)):
            break  # a hold was put on them at this moment
        count += len(portion)
        progress.report(count, max(total, count))
        row.project.refresh_from_db(fields=["held"])
    Retention.objects.filter(pk=row.pk).update(swept=timezone.now())


def give_up(project: int) -> None:
    """Leave what is left to the next night."""
    Retention.objects.filter(project=project).update(swept=timezone.now())


def _delete(document: Document) -> bool:
    try:
        intake.delete(document, cause=Deletion.Cause.RETENTION)
    except Conflict:
        return False
    return True


def _enqueue(project: int) -> bool:
    with transaction.atomic():
        locked = Project.objects.select_for_update(no_key=True).filter(pk=project).first()
        if locked is None or Job.objects.filter(kind=SWEEP.name, subject=project, state__in=Job.ACTIVE).exists():
            return False
        queue.enqueue(SWEEP, project=locked, subject=project)
    return True


def _about(project: Project, rule: Rule) -> QuerySet[Document]:
    """The documents that a rule is about."""
    rows = project.documents.filter(held=False)
    match rule:
        case Rule.UNREVIEWED:
            return rows.filter(review__in=(Document.Review.UNLABELLED, Document.Review.WAITING))
        case Rule.REJECTED:
            return rows.filter(review=Document.Review.REJECTED)
    return rows


def _upcoming(project: Project, rule: Rule, days: int | None, night: datetime) -> Upcoming:
    if days is None or project.held:
        return Upcoming(rule, days)
    rows, since, limit = _about(project, rule), _SINCE[rule], night - timedelta(days=days)
    later = rows.filter(**{f"{since}__gt": limit}).aggregate(first=Min(since))["first"]
    number = rows.filter(**{f"{since}__lte": limit}).count()
    return Upcoming(rule, days, number, later and settings.next_night(later + timedelta(days=days)))


def _answers(project: Project, chosen: Settings, night: datetime) -> Upcoming:
    days = settings.answer_days(chosen)
    if project.held:
        return Upcoming(Rule.ANSWERS, days)
    limit = night - timedelta(days=days)
    later = project.extractions.filter(created__gt=limit).aggregate(first=Min("created"))["first"]
    number = project.extractions.filter(created__lte=limit).count()
    return Upcoming(Rule.ANSWERS, days, number, later and later + timedelta(days=days))
