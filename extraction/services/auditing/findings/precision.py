"""How often each check was right so far, and which tolerance would spare the findings that people dismiss."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count

from extraction.domain.auditing.checks import registry
from extraction.domain.auditing.checks.base import Check
from extraction.domain.auditing.policy import Policy, Tolerance, Unit, effective
from extraction.domain.json_types import JsonObject
from extraction.models import DismissalReason, Finding, FindingState, Project
from extraction.services.auditing import policies

# Before the first decision a check is as likely right as wrong, as after one of each (Beta(1, 1)).
PRIOR = 1
# Dismissals from which a tolerance is proposed, and the share of a check's decisions that they must be.
ENOUGH, MOST = 5, 0.5


@dataclass(frozen=True, slots=True)
class Proposal:
    """A tolerance under which `spared` findings that were dismissed as too small, and `lost` that were confirmed, would
    not have been made."""

    tolerance: str
    unit: Unit
    now: Decimal
    proposed: Decimal
    spared: int
    lost: int

    def to_json(self) -> JsonObject:
        return {
            "tolerance": self.tolerance,
            "unit": self.unit.value,
            "now": str(self.now),
            "proposed": str(self.proposed),
            "spared": self.spared,
            "lost": self.lost,
        }


@dataclass(frozen=True, slots=True)
class CheckPrecision:
    """Decisions about a check's findings. `precision` is the mean of the posterior, `low` and `high` hold 90 % of it.
    `reason` is why most of them are dismissed; empty where there is no such reason."""

    check: str
    open: int
    confirmed: int
    dismissed: int
    precision: float
    low: float
    high: float
    reason: str = ""
    proposal: Proposal | None = None

    @property
    def decided(self) -> int:
        return self.confirmed + self.dismissed

    def to_json(self) -> JsonObject:
        return {
            "check": self.check,
            "open": self.open,
            "confirmed": self.confirmed,
            "dismissed": self.dismissed,
            "precision": self.precision,
            "interval": [self.low, self.high],
            "reason": self.reason or None,
            "proposal": self.proposal.to_json() if self.proposal else None,
        }


def by_check(project: Project) -> list[CheckPrecision]:
    """Of all registered checks in their order, whichever run made the findings; four queries at most."""
    counts: dict[str, dict[tuple[str, str], int]] = defaultdict(dict)
    rows = Finding.objects.filter(project=project, doubtful=False).order_by()
    for name, state, reason, number in rows.values_list("check_name", "state", "reason").annotate(Count("pk")):
        counts[name][state, reason] = number
    small = [name for name, states in counts.items() if _main_reason(states) == DismissalReason.SMALL]
    decided = _decided(project, small)
    policy = policies.current(project)
    return [_precision(check, counts[check.name], decided.get(check.name, ()), policy) for check in registry.known()]


def _precision(
    check: Check, states: Mapping[tuple[str, str], int], decided: Sequence[Finding], policy: Policy
) -> CheckPrecision:
    confirmed = _count(states, FindingState.CONFIRMED)
    dismissed = _count(states, FindingState.DISMISSED)
    open_ = _count(states, FindingState.OPEN) + _count(states, FindingState.ASKED)
    # Takes a third of a second, and every process loads this module.
    from scipy.special import betaincinv

    right, wrong = PRIOR + confirmed, PRIOR + dismissed
    low, high = (float(betaincinv(right, wrong, share)) for share in (0.05, 0.95))
    proposal = _proposal(check, decided, policy) if decided else None
    return CheckPrecision(
        check.name, open_, confirmed, dismissed, right / (right + wrong), low, high, _main_reason(states), proposal
    )


def _count(states: Mapping[tuple[str, str], int], wanted: str) -> int:
    return sum(number for (state, _), number in states.items() if state == wanted)


def _main_reason(states: Mapping[tuple[str, str], int]) -> str:
    """Why most of the decided findings were dismissed."""
    dismissed = {reason: number for (state, reason), number in states.items() if state == FindingState.DISMISSED}
    total = sum(dismissed.values()) + _count(states, FindingState.CONFIRMED)
    reason = max(dismissed, key=lambda name: dismissed[name], default="")
    return reason if reason and dismissed[reason] >= ENOUGH and dismissed[reason] > MOST * total else ""


def _decided(project: Project, names: Sequence[str]) -> dict[str, list[Finding]]:
    found: dict[str, list[Finding]] = defaultdict(list)
    states = (FindingState.CONFIRMED, FindingState.DISMISSED)
    for row in Finding.objects.filter(project=project, check_name__in=names, doubtful=False, state__in=states):
        found[row.check_name].append(row)
    return found


def _proposal(check: Check, decided: Sequence[Finding], policy: Policy) -> Proposal | None:
    """The least tolerance above all findings that were dismissed as too small, those aside that exceed one that was
    confirmed."""
    measured = next((each for each in check.tolerances if each.unit in (Unit.MONEY, Unit.DAYS)), None)
    if measured is None:
        return None
    confirmed = [_size(row, measured) for row in decided if row.state == FindingState.CONFIRMED]
    small = [_size(row, measured) for row in decided if row.reason == DismissalReason.SMALL]
    least = min((size for size in confirmed if size is not None), default=None)
    spared = [size for size in small if size is not None and (least is None or size < least)]
    if len(spared) < ENOUGH:
        return None
    now = effective(policy, check.name, check.severity, check.tolerances)[measured.name]
    proposed = min(max(spared), measured.most)
    if proposed <= now:
        return None
    lost = sum(1 for size in confirmed if size is not None and size <= proposed)
    return Proposal(measured.name, measured.unit, now, proposed, len(spared), lost)


def _size(row: Finding, tolerance: Tolerance) -> Decimal | None:
    """What the tolerance is compared with: the difference in the base currency, or days."""
    if tolerance.unit is Unit.MONEY:
        return None if row.at_risk is None else row.at_risk.normalize() + 0
    days = row.value["facts"].get("age", row.value["facts"].get("days"))
    return Decimal(days) if isinstance(days, int) else None
