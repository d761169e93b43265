"""Settings of a project's automation: off until an owner switches it on."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Self

from django.db import transaction

from extraction.domain.errors import gettext_noop
from extraction.domain.json_types import JsonObject
from extraction.models import AuditAction, Automation, AutomationStep, Project, User
from extraction.services.audit_log import log as audit_log
from extraction.services.automation import history
from extraction.services.errors import Invalid

MOST_COUNT, MOST_MINUTES, MOST_WEEKLY, MOST_USD = 1_000_000, 24 * 60, 7 * 24 * 60, Decimal(100_000)


@dataclass(frozen=True, slots=True)
class Settings:
    """What an owner chooses; the fields are columns of `Automation`, which says what they mean."""

    active: bool = False
    promotion: Automation.Promotion = Automation.Promotion.ASK
    corrections: int = 30
    labels: int = 200
    minutes: float = 20
    weekly_minutes: float = 120
    margin: float = 0.005
    field_margin: float = 0.02
    monthly_usd: Decimal = Decimal(1)

    @classmethod
    def of(cls, row: Automation) -> Self:
        values = {name: getattr(row, name) for name in cls.__dataclass_fields__}
        return cls(**{**values, "promotion": Automation.Promotion(row.promotion)})

    def columns(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}

    def to_json(self) -> JsonObject:
        """As the command and the API show it."""
        return {**self.columns(), "promotion": self.promotion.value, "monthly_usd": float(self.monthly_usd)}


def of(project: Project) -> Automation:
    """The project's row; one that is not stored, with the defaults, where nobody has chosen anything."""
    return Automation.objects.filter(project=project).first() or Automation(project=project)


def change(project: Project, wanted: Settings, *, actor: User | None = None) -> Automation:
    """Store settings; switching on or off becomes a step of the history. Nothing that goes on is cancelled.

    Raises `Invalid`.
    """
    _check(wanted)
    with transaction.atomic():
        Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        row = of(project)
        before = Settings.of(row)
        for name, value in wanted.columns().items():
            setattr(row, name, value)
        # Counted at once with the new numbers.
        row.counted = None
        row.save()
        if before.active != wanted.active:
            kind = AutomationStep.Kind.SWITCHED_ON if wanted.active else AutomationStep.Kind.SWITCHED_OFF
            history.add(project, kind, actor=actor)
        if changes := audit_log.changed(before.to_json(), wanted.to_json()):
            audit_log.record(AuditAction.AUTOMATION_CHANGED, row, project=project, changes=changes)
    return row


def on_labels_written(project: Project, **kwargs: Any) -> None:
    """Have the labels counted soon. Without this they are counted too, but later."""
    rows = Automation.objects.filter(project=project, active=True, changed=False)
    # Read first: a review writes labels all the time, and each write waits for the others.
    if rows.exists():
        rows.update(changed=True)


def _check(wanted: Settings) -> None:
    if wanted.promotion not in Automation.Promotion.values:
        raise Invalid(
            gettext_noop("Promotion is one of {choices}, not {given!r}."),
            choices=", ".join(Automation.Promotion.values),
            given=wanted.promotion,
        )
    for count in (wanted.corrections, wanted.labels):
        if not 1 <= count <= MOST_COUNT:
            raise Invalid(
                gettext_noop("It trains after 1 to {most} labels, not {number}."), most=MOST_COUNT, number=count
            )
    if not 0 < wanted.minutes <= MOST_MINUTES:
        raise Invalid(
            gettext_noop("Training takes more than 0 and at most 1,440 minutes, not {minutes}."),
            minutes=f"{wanted.minutes:g}",
        )
    if not wanted.minutes <= wanted.weekly_minutes <= MOST_WEEKLY:
        raise Invalid(
            gettext_noop("The minutes of a week must be enough for one training, and a week has {most}."),
            most=MOST_WEEKLY,
        )
    for share in (wanted.margin, wanted.field_margin):
        if not (math.isfinite(share) and 0 <= share <= 1):
            raise Invalid(gettext_noop("A margin is from 0 to 100 points."))
    if not (wanted.monthly_usd.is_finite() and 0 <= wanted.monthly_usd <= MOST_USD):
        raise Invalid(gettext_noop("The dollars of a month are from 0 to {most}."), most=f"{MOST_USD:,}")
