"""What a teacher did not answer, how long it took, and what it costs that callers' files are escalated to it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Sum

from extraction.domain.results.system_facts import SystemFacts, Timing
from extraction.models import Escalation, Extraction, Project, Response
from extraction.services.reports.systems import System, lineage_of

# Documents about which responses are looked up at a time.
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Responses:
    """Documents that a teacher refused or answered off the format in the end, and seconds of those that it answered."""

    refusals: int
    malformed: int
    seconds: tuple[float, ...]


def facts_of(project: Project, system: System, documents: Collection[int], seconds: list[float]) -> SystemFacts:
    """Of a system whose speed was measured now by `seconds`, none where it could not be asked."""
    timing = Timing.of(seconds, now=True) if seconds else None
    lineage = lineage_of(project, system.kind, system.name)
    if system.kind == "student":
        return SystemFacts(timing, lineage=lineage, escalated_usd=_escalated_usd(project, system.name))
    found = _responses(project, system.name, documents)
    if timing is None and found.seconds:
        timing = Timing.of(found.seconds, now=False)
    return SystemFacts(timing, found.refusals, found.malformed, lineage)


def _responses(project: Project, teacher: str, documents: Collection[int]) -> Responses:
    """By the last response to each document; one of several fields alone counts as the whole document's."""
    keys, last = sorted(documents), dict[int, tuple[bool, bool, float]]()
    for start in range(0, len(keys), CHUNK):
        rows = Response.objects.filter(
            run__project=project, document__in=keys[start : start + CHUNK], teacher=teacher
        ).order_by("pk")
        for document, refusal, malformed, taken in rows.values_list("document", "refusal", "malformed", "seconds"):
            last[document] = bool(refusal), malformed, taken
    return Responses(
        sum(refused for refused, _, _ in last.values()),
        sum(malformed and not refused for refused, malformed, _ in last.values()),
        tuple(taken for refused, malformed, taken in last.values() if taken and not refused and not malformed),
    )


def _escalated_usd(project: Project, student: str) -> Decimal:
    """What a document that the student read for a caller cost so far because the teacher was asked too; 0 where nothing
    is escalated any more."""
    if not Escalation.objects.filter(project=project, active=True).exists():
        return Decimal(0)
    rows = Extraction.objects.filter(project=project, model__name=student, state=Extraction.State.DONE)
    totals = rows.aggregate(count=Count("pk"), usd=Sum("usd"))
    return Decimal(totals["usd"] or 0) / totals["count"] if totals["count"] else Decimal(0)
