"""Trust in a report: misses with their causes, confidences, two systems side by side."""

from __future__ import annotations

from typing import Any

from ninja import P, Query, QueryEx, Router

from extraction.api.auth import ApiRequest, Token
from extraction.api.openapi import problems
from extraction.api.pagination import Cursor, Part, page
from extraction.api.routes.parameters import Id, Slug
from extraction.api.schemas.trust.of_reports import MissesOut, SystemsComparedOut, TrustOut
from extraction.domain.json_types import JsonObject
from extraction.domain.trust.causes import Cause
from extraction.models import Scope
from extraction.services.reports import reports
from extraction.services.reports.trust import comparing, curves, misses
from extraction.services.reports.trust.comparing import Pair, Shown
from extraction.services.reports.trust.misses import Condition

System = QueryEx[str, P(description="The student by default, else the first.", max_length=200)]
OneField = QueryEx[str, P(description="All fields by default.", max_length=50)]
Left = QueryEx[str, P(description="The student by default, else the first system.", max_length=200)]
Right = QueryEx[str, P(description="The first other system by default.", max_length=200)]
Target = QueryEx[float, P(description="Share of wrong answers that may be accepted.", ge=0.001, le=0.5)]

router = Router()


@router.get(
    "/projects/{slug:slug}/reports/{int:id}/misses",
    auth=Token(Scope.READ),
    response={200: MissesOut, **problems()},
    operation_id="report_misses",
    summary="List the misses of a system",
    tags=["trust"],
)
def report_misses(
    request: ApiRequest,
    slug: Slug,
    id: Id,
    part: Query[Cursor],
    system: System = "",
    field: OneField = "",
    cause: Cause | None = None,
) -> Part[Any]:
    """Every answer that is not right, with what went wrong and what became of the label since."""
    project = request.auth.project
    row, value = reports.find_written(project, id)
    condition = Condition.parse(value, system, field, cause or "")
    listed = page(condition.of(row).select_related("document", "label"), part)
    return Part(list(misses.shown(project, listed.results)), listed.next)


@router.get(
    "/projects/{slug:slug}/reports/{int:id}/trust",
    auth=Token(Scope.READ),
    response={200: TrustOut, **problems()},
    operation_id="report_trust",
    summary="How far confidences come true",
    tags=["trust"],
)
def report_trust(
    request: ApiRequest, slug: Slug, id: Id, system: System = "", field: OneField = "", target: Target = curves.USUAL
) -> JsonObject:
    """Reliability, accuracy at coverage, and the threshold for a share of wrong answers."""
    row, value = reports.find_written(request.auth.project, id)
    return curves.of(row, value, system, field, target).to_json()


@router.get(
    "/projects/{slug:slug}/reports/{int:id}/compare",
    auth=Token(Scope.READ),
    response={200: SystemsComparedOut, **problems()},
    operation_id="compare_systems",
    summary="Two systems side by side",
    tags=["trust"],
)
def compare_systems(
    request: ApiRequest,
    slug: Slug,
    id: Id,
    part: Query[Cursor],
    left: Left = "",
    right: Right = "",
    field: OneField = "",
    show: Shown = Shown.ALL,
) -> JsonObject:
    """Document by document, the newest first."""
    row, value = reports.find_written(request.auth.project, id)
    pair = Pair.choose(value, left, right, field)
    listed = page(comparing.rows(row, pair, show).select_related("document"), part)
    return {
        "left": pair.left,
        "right": pair.right,
        "field": pair.field or None,
        "counts": comparing.counts(row, pair).to_json(),
        "results": [each.to_json() for each in comparing.compared(row, pair, listed.results)],
        "next": listed.next,
    }
