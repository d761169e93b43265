"""The state of a project's canary as one value, for pages, commands and programs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from extraction.domain.canaries.verdicts import Doubt, Figures, Verdict, verdict, worse_fields
from extraction.domain.json_types import JsonObject
from extraction.models import Canary, Document, Project
from extraction.services.serving.canaries import evidence, lifecycle

# Documents to check that are named; more come up once these are checked.
LISTED = 50
HISTORY = 20
# An end by itself is told for so long.
NOTICED = timedelta(days=7)
BY_ITSELF = (Canary.Ending.NOT_WORSE, Canary.Ending.WORSE, Canary.Ending.FAILURES, Canary.Ending.GONE)


@dataclass(frozen=True, slots=True)
class ToCheck:
    """A document, and the fields in which the two differ and that nobody has checked."""

    document: Document
    fields: tuple[str, ...]

    def to_json(self) -> JsonObject:
        return {"document": self.document.pk, "fields": list(self.fields)}


@dataclass(frozen=True, slots=True)
class State:
    """The running canary, else the last one (`None`: there was none), with its figures, what they say, and what speaks
    against a promotion by itself. `worse` names the fields that lost too much. `to_check` are the first of `unchecked`
    documents. `reversible`: it was promoted and can be taken back."""

    canary: Canary | None
    figures: Figures
    verdict: Verdict
    doubts: tuple[Doubt, ...]
    worse: tuple[str, ...]
    to_check: tuple[ToCheck, ...]
    unchecked: int
    reversible: bool

    def to_json(self) -> JsonObject:
        """As `canary --json` prints it and the API answers."""
        return {
            "canary": None if self.canary is None else _canary(self.canary),
            "verdict": self.verdict.value,
            "doubts": [doubt.value for doubt in self.doubts],
            "worse_fields": list(self.worse),
            "figures": self.figures.to_json(),
            "to_check": [each.to_json() for each in self.to_check],
            "unchecked": self.unchecked,
            "reversible": self.reversible,
        }


def of(project: Project) -> State:
    """A fixed number of queries."""
    row = project.canaries.select_related("candidate", "serving", "author", "ended_by").first()
    if row is None:
        return State(None, Figures(), Verdict.OPEN, (), (), (), 0, reversible=False)
    figures = row.as_figures()
    said, doubts = verdict(figures, row.rule, row.failures)
    unchecked = evidence.unchecked(row) if row.running else {}
    shown = Document.objects.filter(pk__in=list(unchecked)[:LISTED]).order_by("pk")
    return State(
        row,
        figures,
        said,
        doubts,
        tuple(worse_fields(figures, row.rule)),
        tuple(ToCheck(document, tuple(unchecked[document.pk])) for document in shown),
        len(unchecked),
        reversible=lifecycle.reversible(project) is not None,
    )


def noticed(project: Project) -> Canary | None:
    """What members should know: the canary that runs, or that ended by itself in the last days. One query."""
    last = project.canaries.select_related("candidate", "serving", "project").first()
    if last is None or last.running:
        return last
    recent = last.ended is not None and timezone.now() - last.ended < NOTICED
    return last if recent and last.ending in BY_ITSELF else None


def history(project: Project) -> list[Canary]:
    """Those that ended, the newest first."""
    rows = project.canaries.exclude(state=Canary.State.RUNNING)
    return list(rows.select_related("candidate", "serving", "author", "ended_by")[:HISTORY])


def _canary(row: Canary) -> JsonObject:
    return {
        "id": row.pk,
        "candidate": row.candidate.name,
        "serving": row.serving.name,
        "share": row.share,
        "margin": row.margin,
        "documents": row.documents,
        "promotes": row.promotes,
        "state": row.state,
        "ending": row.ending or None,
        "failures": row.failures,
        "started": row.started.isoformat(),
        "started_by": row.author.username if row.author else None,
        "ended": row.ended.isoformat() if row.ended else None,
        "ended_by": row.ended_by.username if row.ended_by else None,
    }
