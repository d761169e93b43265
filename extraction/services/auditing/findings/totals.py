"""Amounts at risk: of all open findings, by check, employee and month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Max

from extraction.domain.json_types import JsonObject
from extraction.models import Finding, FindingState, Project
from extraction.services.auditing.findings.listing import UNDECIDED


@dataclass(frozen=True, slots=True)
class Part:
    """What falls to one check, employee or month, whose `name` it has."""

    name: str
    at_risk: Decimal
    claims: int

    def to_json(self) -> JsonObject:
        return {"name": self.name, "at_risk": str(self.at_risk), "claims": self.claims}


@dataclass(frozen=True, slots=True)
class Totals:
    """Expected losses in the base currency.

    A claim counts once, with its worst finding, so that `by_employee` and `by_month` come to the whole; by check it
    counts where its worst finding is. `confirmed` was confirmed by people, and is in none of the others.
    """

    currency: str
    at_risk: Decimal
    claims: int
    confirmed: Decimal
    by_check: tuple[Part, ...]
    by_employee: tuple[Part, ...]
    by_month: tuple[Part, ...]

    def to_json(self) -> JsonObject:
        return {
            "currency": self.currency,
            "at_risk": str(self.at_risk),
            "claims": self.claims,
            "confirmed": str(self.confirmed),
            "by_check": [part.to_json() for part in self.by_check],
            "by_employee": [part.to_json() for part in self.by_employee],
            "by_month": [part.to_json() for part in self.by_month],
        }


def totals(project: Project) -> Totals:
    """Of the findings of the newest run that are held against claims and not decided; two queries."""
    held = Finding.objects.filter(project=project, current=True, doubtful=False)
    rows = held.filter(state__in=UNDECIDED, expected__gt=0).order_by("-expected", "pk")
    worst: dict[int, tuple[Any, ...]] = {}
    for claim, *rest in rows.values_list("claim", "expected", "check_name", "employee", "month", "currency").iterator():
        worst.setdefault(claim, tuple(rest))
    currency = next((str(row[-1]) for row in worst.values()), "")
    confirmed = held.filter(state=FindingState.CONFIRMED).values("claim").annotate(worst=Max("at_risk"))
    return Totals(
        currency,
        sum((row[0] for row in worst.values()), Decimal(0)).normalize() + 0,
        len(worst),
        sum((row["worst"] or Decimal(0) for row in confirmed), Decimal(0)).normalize() + 0,
        _parts(worst, lambda row: str(row[1])),
        _parts(worst, lambda row: str(row[2])),
        _parts(worst, lambda row: row[3].strftime("%Y-%m") if row[3] else ""),
    )


def _parts(worst: Mapping[int, tuple[Any, ...]], key: Callable[[tuple[Any, ...]], str]) -> tuple[Part, ...]:
    """The largest first."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    counts: dict[str, int] = defaultdict(int)
    for row in worst.values():
        sums[key(row)] += row[0]
        counts[key(row)] += 1
    names = sorted(sums, key=lambda name: (-sums[name], name))
    return tuple(Part(name, sums[name].normalize() + 0, counts[name]) for name in names)
