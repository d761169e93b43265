"""Budget of a month: what is spent, and the reservation of money before the teacher is asked.

The row of a call is the truth about its money: what is reserved counts as spent until the cost is known. Reservations
of a project follow one another, so that extractions at the same time cannot overspend.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from extraction.domain.escalation.outcomes import Outcome
from extraction.domain.escalation.pacing import Gains, Pace, month_start, pace
from extraction.models import Document, Escalation, ModelVersion, Project, TeacherCall

# A teacher may need so many answers until one follows the format, so that more than these is reserved for a file.
MOST_ANSWERS = 3
# Questions of so long that may be without an answer although nobody waits for it any more: with more of them the
# provider hangs, and each further question would keep a thread.
MOST_LATE, LATE = 5, timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file about which the teacher might be asked: `price` are dollars that this costs on average, `most` those that
    its requests may cost at most, the lost ones included."""

    model: ModelVersion
    sha256: str
    gain: float
    price: float
    most: Decimal


@dataclass(frozen=True, slots=True)
class Reserved:
    """A call with its money, or with `other` the call of somebody else about the same file; else why neither."""

    outcome: Outcome
    call: TeacherCall | None = None
    other: bool = False


def spent(project: Project, now: datetime | None = None) -> Decimal:
    """Dollars of this month, with what is reserved."""
    rows = TeacherCall.objects.filter(project=project, created__gte=month_start(now or timezone.now()))
    return rows.aggregate(sum=Sum(Coalesce("usd", "reserved_usd")))["sum"] or Decimal(0)


def gains_of(row: Escalation) -> Gains:
    return Gains.from_json(row.gains) if row.gains else Gains()


def pace_of(row: Escalation, price: float) -> Pace:
    """What the budget pays for now."""
    now = timezone.now()
    return pace(gains_of(row), left=float(row.monthly_usd - spent(row.project, now)), price=price, now=now)


def refused(row: Escalation, gain: float, sha256: str, price: float | None) -> Outcome | None:
    """Why the teacher is surely not asked about a file, which then counts among those of the month; `None` where it
    might be. `price` as paid lately: this asks for no teacher, whose client takes a while to build."""
    project, outcome = row.project, None
    if gain <= 0:
        outcome = Outcome.NOT_NEEDED
    elif price:
        if row.monthly_usd - spent(project) < MOST_ANSWERS * Decimal(price):
            outcome = Outcome.NO_BUDGET
        elif not pace_of(row, price).takes(gain, sha256):
            outcome = Outcome.NOT_NEEDED
    if outcome is not None:
        with transaction.atomic():
            _counted(project, gain, timezone.now())
    return outcome


def reserve(project: Project, wanted: Wanted) -> Reserved:
    """Count the file among those of the month, and reserve the money for it where it is worth it."""
    with transaction.atomic():
        now = timezone.now()
        row, gains = _counted(project, wanted.gain, now)
        outcome = _outcome(project, row, gains, wanted, now)
        if outcome is not Outcome.DONE:
            return Reserved(outcome)
        rows = TeacherCall.objects.filter(project=project, sha256=wanted.sha256, state=TeacherCall.State.ASKED)
        if other := rows.filter(deadline__gt=now).first():
            return Reserved(outcome, other, other=True)
        call = TeacherCall.objects.create(
            project=project,
            model=wanted.model,
            sha256=wanted.sha256,
            gain=wanted.gain,
            reserved_usd=wanted.most,
            deadline=now + timedelta(seconds=row.timeout_seconds),
        )
    return Reserved(outcome, call)


def release(call: TeacherCall, error: str) -> None:
    """End a call that was never sent: nothing was paid."""
    waiting = TeacherCall.objects.filter(pk=call.pk, state=TeacherCall.State.ASKED)
    waiting.update(state=TeacherCall.State.FAILED, usd=Decimal(0), error=error[:500])


def attach(call: TeacherCall, document: Document) -> None:
    TeacherCall.objects.filter(pk=call.pk).update(document=document, run=call.run)


def _counted(project: Project, gain: float, now: datetime) -> tuple[Escalation, Gains]:
    """The row, locked, and the gains with one more file."""
    row = Escalation.objects.select_for_update().get(project=project)
    gains = gains_of(row).plus(gain, now)
    row.gains = gains.to_json()
    row.save(update_fields=["gains"])
    return row, gains


def _outcome(project: Project, row: Escalation, gains: Gains, wanted: Wanted, now: datetime) -> Outcome:
    if not row.active:
        return Outcome.OFF
    if wanted.gain <= 0:
        return Outcome.NOT_NEEDED
    left = row.monthly_usd - spent(project, now)
    if wanted.most > max(left, Decimal(0)):
        return Outcome.NO_BUDGET
    if not pace(gains, left=float(left), price=wanted.price, now=now).takes(wanted.gain, wanted.sha256):
        return Outcome.NOT_NEEDED
    asked = TeacherCall.objects.filter(project=project, state=TeacherCall.State.ASKED)
    hanging = asked.filter(deadline__lt=now, created__gt=now - LATE).count() >= MOST_LATE
    return Outcome.FAILED if hanging else Outcome.DONE
