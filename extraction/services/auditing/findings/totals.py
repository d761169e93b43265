"""Amounts at risk: of all open findings, by check, employee and month."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Max, QuerySet, Sum

from extraction.domain.json_types import JsonObject
from extraction.models import Finding, FindingState, Project


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
    """Of the findings of the newest run that are held against claims and not decided; a fixed number of queries."""
    found = Finding.objects.filter(project=project, current=True)
    leading = found.filter(leading=True)
    confirmed = found.filter(doubtful=False, state=FindingState.CONFIRMED)
    by_claim = confirmed.order_by().values("claim").annotate(worst=Max("at_risk"))
    by_check = _parts(leading, "check_name")
    return Totals(
        leading.values_list("currency", flat=True).first() or "",
        sum((part.at_risk for part in by_check), Decimal(0)).normalize() + 0,
        sum(part.claims for part in by_check),
        sum((row["worst"] or Decimal(0) for row in by_claim), Decimal(0)).normalize() + 0,
        by_check,
        _parts(leading, "employee"),
        _parts(leading, "month"),
    )


def _parts(leading: QuerySet[Finding], column: str) -> tuple[Part, ...]:
    """The largest first."""
    rows = leading.order_by().values_list(column).annotate(Sum("expected"), Count("pk"))
    parts = [Part(_name(value), at_risk.normalize() + 0, claims) for value, at_risk, claims in rows]
    return tuple(sorted(parts, key=lambda part: (-part.at_risk, part.name)))


def _name(value: str | datetime.date | None) -> str:
    return f"{value:%Y-%m}" if isinstance(value, datetime.date) else value or ""
