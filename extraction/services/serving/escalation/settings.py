"""Settings of a project's escalation: off until an owner switches it on and agrees to whom the pictures go."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Self

from django.db import transaction
from django.utils import timezone

from extraction.domain.errors import gettext_noop
from extraction.domain.json_types import JsonObject
from extraction.models import AuditAction, Escalation, EscalationChange, Project, SchemaVersion, User
from extraction.services.audit_log import log as audit_log
from extraction.services.errors import Invalid
from extraction.services.projects import schema_versions
from extraction.services.serving.escalation import teacher as asked_teacher
from extraction.services.teaching import teachers
from extraction.services.teaching.label_runs import ConsentNeeded

MOST_USD, MOST_SECONDS, MOST_WEIGHT = Decimal(100_000), 300, 1000.0


@dataclass(frozen=True, slots=True)
class Settings:
    """What an owner chooses; the fields are columns of `Escalation`, which says what they mean."""

    active: bool = False
    monthly_usd: Decimal = Decimal(10)
    timeout_seconds: int = 30
    weights: Mapping[str, float] = field(default_factory=dict)
    keep_unsure: bool = False

    @classmethod
    def of(cls, row: Escalation) -> Self:
        return cls(**{name: getattr(row, name) for name in cls.__dataclass_fields__})

    def columns(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}

    def to_json(self) -> JsonObject:
        """As the command and the API show it."""
        return {**self.columns(), "monthly_usd": float(self.monthly_usd), "weights": dict(self.weights)}


def of(project: Project) -> Escalation:
    """The project's row; one that is not stored, with the defaults, where nobody has chosen anything."""
    return Escalation.objects.filter(project=project).first() or Escalation(project=project)


def change(project: Project, wanted: Settings, *, consent: str = "", actor: User | None = None) -> Escalation:
    """Store settings, and that they were set. `consent` identifies the provider that somebody agreed to, which holds
    until it is switched off.

    Raises `Invalid`, also where the project's teacher cannot be asked for money that is known before, and
    `ConsentNeeded`.
    """
    _check(project, wanted)
    with transaction.atomic():
        Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        row = of(project)
        before, agreed = Settings.of(row), row.consented_provider
        _agree(project, row, wanted, consent)
        for name, value in wanted.columns().items():
            setattr(row, name, value)
        row.measuring = row.measuring or (wanted.active and row.curve is None)
        # Not what extractions and the measurement write meanwhile.
        names = [*wanted.columns(), "consented", "consented_provider", "measuring"]
        row.save(update_fields=names if row.pk else None)
        if wanted != before or row.consented_provider != agreed:
            step = EscalationChange(project=project, author=actor)
            step.value = wanted.to_json()
            step.save()
            if row.consented_provider not in ("", agreed):
                given: dict[str, object] = {"provider": row.consented_provider}
                audit_log.record(AuditAction.CONSENT_GIVEN, row, project=project, changes=given)
            changes = audit_log.changed(before.to_json(), wanted.to_json())
            audit_log.record(AuditAction.ESCALATION_CHANGED, row, project=project, changes=changes)
    return row


def on_fields_replaced(before: SchemaVersion, after: SchemaVersion, **kwargs: Any) -> None:
    """Weights follow their fields to new names, and go with them."""
    row = of(after.project)
    if row.weights:
        names = schema_versions.carried(before, after)
        row.weights = {names[name]: weight for name, weight in row.weights.items() if name in names}
        row.save(update_fields=["weights"])


def _agree(project: Project, row: Escalation, wanted: Settings, consent: str) -> None:
    if not wanted.active:
        row.consented, row.consented_provider = None, ""
        return
    teacher = asked_teacher.find(project)
    if asked_teacher.estimate(teacher, project.schema) is None:
        raise Invalid(
            gettext_noop("The price of {teacher} is not known, so no budget in dollars can hold."),
            teacher=teacher.name,
        )
    needed = teachers.consent(teacher)
    provider = needed.provider if needed else ""
    if row.consented_provider == provider and (row.active or not provider):
        return
    if needed and consent != provider:
        raise ConsentNeeded(needed.sentence)
    row.consented, row.consented_provider = timezone.now(), provider


def _check(project: Project, wanted: Settings) -> None:
    if not (wanted.monthly_usd.is_finite() and 0 <= wanted.monthly_usd <= MOST_USD):
        raise Invalid(gettext_noop("The dollars of a month are from 0 to {most}."), most=f"{MOST_USD:,}")
    if not 1 <= wanted.timeout_seconds <= MOST_SECONDS:
        raise Invalid(
            gettext_noop("The teacher has 1 to {most} seconds, not {seconds}."),
            most=MOST_SECONDS,
            seconds=wanted.timeout_seconds,
        )
    names = project.schema.names if project.schema_version else ()
    for name, weight in wanted.weights.items():
        if name not in names:
            raise Invalid(gettext_noop("There is no field {name!r} to weigh."), name=name)
        if not (math.isfinite(weight) and 0 <= weight <= MOST_WEIGHT):
            raise Invalid(gettext_noop("A weight is from 0 to {most}."), most=f"{MOST_WEIGHT:g}")
