"""Settings of a project: how long it keeps what, and when its models forget what was deleted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from extraction.domain.errors import gettext_noop
from extraction.domain.json_types import JsonObject
from extraction.models import AuditAction, Document, Forgetting, Project, Retention
from extraction.services.audit_log import log as audit_log
from extraction.services.errors import Invalid, NotFound

MOST_DAYS = 36_500
# When the work of the night begins, by the clock of the installation.
NIGHT_HOUR = 2


@dataclass(frozen=True, slots=True)
class Settings:
    """What an owner chooses; the fields are columns of `Retention`, which says what they mean."""

    answers: int | None = None
    unreviewed: int | None = None
    rejected: int | None = None
    documents: int | None = None
    when: Retention.When = Retention.When.NIGHTLY
    versions: Retention.Versions = Retention.Versions.ALL

    @classmethod
    def of(cls, row: Retention) -> Self:
        values = {name: getattr(row, name) for name in cls.__dataclass_fields__}
        return replace(cls(**values), when=Retention.When(row.when), versions=Retention.Versions(row.versions))

    def columns(self) -> JsonObject:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}

    def to_json(self) -> JsonObject:
        """As the command and the API show it."""
        return {**self.columns(), "when": self.when.value, "versions": self.versions.value}


def of(project: Project) -> Settings:
    """The defaults where nobody has chosen anything."""
    return Settings.of(Retention.objects.filter(project=project).first() or Retention())


def change(project: Project, wanted: Settings) -> None:
    """Store settings; what is owed already is due as they say now. Nothing is deleted before the next night.

    Raises `Invalid`.
    """
    for days in (wanted.answers, wanted.unreviewed, wanted.rejected, wanted.documents):
        if days is not None and not 1 <= days <= MOST_DAYS:
            raise Invalid(gettext_noop("A period is 1 to {most} days, or none."), most=f"{MOST_DAYS:,}")
    with transaction.atomic():
        Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        before = of(project)
        row, _ = Retention.objects.get_or_create(project=project, defaults={"swept": timezone.now()})
        Retention.objects.filter(pk=row.pk).update(**wanted.columns())
        if wanted.when != before.when:
            owed = Forgetting.objects.filter(project=project, state=Forgetting.State.OWED)
            owed.update(due=due(wanted.when))
        if changes := audit_log.changed(before.to_json(), wanted.to_json()):
            audit_log.record(AuditAction.RETENTION_CHANGED, row, project=project, changes=changes)


def hold(project: Project, held: bool) -> None:
    """Put a project under a legal hold, or end it."""
    _hold(project, project, held)


def hold_document(document: Document, held: bool) -> None:
    """Put one document under a legal hold, or end it. Raises `NotFound` for one that was deleted meanwhile."""
    _hold(document, document.project, held)


def _hold(row: Project | Document, project: Project, held: bool) -> None:
    with transaction.atomic():
        # Who deletes holds the project meanwhile.
        Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        before = type(row).objects.filter(pk=row.pk).values_list("held", flat=True).first()
        if before is None:
            raise NotFound(gettext_noop("It was deleted meanwhile."))
        row.held = held
        if before != held:
            row.save(update_fields=["held"])
            changes = audit_log.changed({"held": before}, {"held": held})
            audit_log.record(AuditAction.HOLD_CHANGED, row, project=project, changes=changes)


def due(when: Retention.When, now: datetime | None = None) -> datetime | None:
    """When what is owed from now on is to be begun; None: not before somebody says so."""
    match when:
        case Retention.When.AT_ONCE:
            return now or timezone.now()
        case Retention.When.NIGHTLY:
            return next_night(now)
        case Retention.When.BY_HAND:
            return None


def next_night(now: datetime | None = None) -> datetime:
    """The next time at which the work of the night begins."""
    local = timezone.localtime(now)
    night = local.replace(hour=NIGHT_HOUR, minute=0, second=0, microsecond=0)
    return night if night > local else night + timedelta(days=1)


def answer_days(chosen: Settings) -> int:
    """Days for which extractions are kept: never longer than the installation allows."""
    most = int(settings.KD_EXTRACTION_DAYS)
    return most if chosen.answers is None else min(chosen.answers, most)
