"""The state of a project's escalation as one value, for pages, commands and programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from extraction.domain.errors import UserError
from extraction.domain.escalation.curve import Curve
from extraction.domain.escalation.outcomes import Outcome
from extraction.domain.escalation.pacing import Pace, month_start
from extraction.domain.json_types import JsonObject
from extraction.models import Escalation, EscalationChange, Extraction, Project
from extraction.services.serving.escalation import budget, keeping, messages, settings
from extraction.services.serving.escalation import teacher as asked_teacher
from extraction.services.serving.escalation.settings import Settings
from extraction.services.teaching import teachers
from extraction.services.teaching.estimates import Consent

# Seconds of a month, for the traffic.
MONTH = 30 * 24 * 3600
# The newest extractions of the month whose outcomes are counted, and the newest changes that are listed.
MOST_COUNTED, LISTED = 10_000, 20


@dataclass(frozen=True, slots=True)
class State:
    """`problem`: why the teacher cannot be asked here, empty where it can. `consent` is needed before it is switched
    on, `agreed`: it is on, and somebody did. `price`: dollars a document (`None`: not known), `accuracies` those of the
    teacher by field. `outcomes` are those of this month's extractions, `unsure` how many of these a person should look
    at, `documents` the traffic of a month. `kept_waiting`: files kept for review that wait for it."""

    settings: Settings
    teacher: str
    problem: str
    consent: Consent | None
    agreed: bool
    price: float | None
    accuracies: Mapping[str, float]
    spent: Decimal
    outcomes: Mapping[Outcome, int]
    unsure: int
    kept_waiting: int
    documents: float
    pace: Pace | None
    curve: Curve | None
    measuring: bool
    curve_problem: str
    changes: list[EscalationChange]

    def to_json(self) -> JsonObject:
        """As `escalate --json` prints it and the API answers."""
        return {
            "settings": self.settings.to_json(),
            "teacher": self.teacher,
            "problem": self.problem or None,
            "consent": {"provider": self.consent.provider, "sentence": self.consent.sentence} if self.consent else None,
            "agreed": self.agreed,
            "price_usd": self.price,
            "accuracy": {name: round(share, 4) for name, share in self.accuracies.items()},
            "month": {
                "usd": float(self.spent),
                "outcomes": {outcome.value: count for outcome, count in self.outcomes.items()},
                "documents_expected": round(self.documents, 1),
                "unsure": self.unsure,
            },
            "kept_waiting": self.kept_waiting,
            "share": None if self.pace is None else round(self.pace.share, 4),
            "threshold": None if self.pace is None else self.pace.threshold,
            "curve": self.curve.to_json() if self.curve else None,
            "measuring": self.measuring,
            "curve_problem": self.curve_problem or None,
            "changes": [_change(change) for change in self.changes],
        }


def of(project: Project) -> State:
    row = settings.of(project)
    row.project = project
    teacher, problem, consent, price = _teacher(project)
    outcomes, doubted = _month(project)
    return State(
        Settings.of(row),
        teacher,
        problem,
        consent,
        agreed=row.active and row.consented_provider == (consent.provider if consent else ""),
        price=price,
        accuracies=asked_teacher.accuracies(project, teacher) if project.schema_version else {},
        spent=budget.spent(project),
        outcomes=outcomes,
        unsure=doubted,
        kept_waiting=keeping.waiting(project),
        documents=traffic(row),
        pace=budget.pace_of(row, price) if row.active and price is not None else None,
        curve=curve_of(row),
        measuring=row.measuring,
        curve_problem=row.problem,
        changes=list(project.escalation_changes.select_related("author")[:LISTED]),
    )


def traffic(row: Escalation) -> float:
    """Documents expected in 30 days at the current rate."""
    return budget.gains_of(row).at(timezone.now()).rate * MONTH


def curve_of(row: Escalation) -> Curve | None:
    return Curve.from_json(row.curve) if row.curve else None


def _teacher(project: Project) -> tuple[str, str, Consent | None, float | None]:
    """Its name, why it cannot be asked, the consent that it needs, and its price."""
    try:
        teacher = asked_teacher.find(project)
    except UserError as problem:
        return project.teacher, str(problem), None, None
    price = asked_teacher.price(project, teacher.name)
    if price is None and project.schema_version is not None:
        estimated = asked_teacher.estimate(teacher, project.schema)
        price = None if estimated is None else float(estimated)
    return teacher.name, "", teachers.consent(teacher), price


def _month(project: Project) -> tuple[dict[Outcome, int], int]:
    """The outcomes of this month's extractions, and how many of these are unsure."""
    rows = project.extractions.filter(state=Extraction.State.DONE, created__gte=month_start(timezone.now()))
    newest = list(rows.order_by("-id").values_list("escalated", "unsure")[:MOST_COUNTED])
    counts = Counter(escalated for escalated, _ in newest)
    found = {outcome: counts[outcome.value] for outcome in Outcome if counts[outcome.value]}
    return found, sum(bool(doubted) for _, doubted in newest)


def _change(change: EscalationChange) -> JsonObject:
    return {
        "settings": change.value,
        "sentence": messages.of_change(change),
        "by": change.author.username if change.author else None,
        "created": change.created.isoformat(),
    }
