"""How well teacher, student and rules read, side by side."""

from __future__ import annotations

from typing import Any

from ninja import Query, Router

from extraction.api.auth import ApiRequest, Token
from extraction.api.openapi import problems
from extraction.api.pagination import Cursor, page
from extraction.api.routes.parameters import Id, Slug
from extraction.api.schemas.reports import ReportDetail, ReportsOut
from extraction.models import Report, Scope
from extraction.services.reports import reports

router = Router(tags=["reports"])


@router.get(
    "/projects/{slug:slug}/reports",
    auth=Token(Scope.READ),
    response={200: ReportsOut, **problems()},
    operation_id="list_reports",
    summary="List reports",
)
def list_reports(request: ApiRequest, slug: Slug, part: Query[Cursor]) -> dict[str, Any]:
    """Newest first."""
    return page(request.auth.project.reports.select_related("job"), part)


@router.get(
    "/projects/{slug:slug}/reports/{int:id}",
    auth=Token(Scope.READ),
    response={200: ReportDetail, **problems()},
    operation_id="report",
    summary="A report with its worst answers",
)
def report(request: ApiRequest, slug: Slug, id: Id) -> Report:
    return reports.find(request.auth.project, id)
