"""Reports on teacher, student and rules, and exports of labels and reports as files."""

from __future__ import annotations

from typing import TypeVar

from django.http import HttpResponse, StreamingHttpResponse
from django.urls import reverse
from ninja import P, Query, QueryEx, Router, Status

from extraction.api.auth import ApiRequest, Token
from extraction.api.downloads import ExportFormat, stream
from extraction.api.openapi import problems
from extraction.api.pagination import Cursor, Part, page
from extraction.api.routes.parameters import Id, Slug
from extraction.api.schemas.reports import ReportDetail, ReportIn, ReportsOut
from extraction.domain.results.costs import USUAL
from extraction.models import Report, Scope
from extraction.services.reports import reports
from extraction.services.reports.export import recording
from extraction.services.reports.export.labelled_documents import Selected
from extraction.services.reports.export.registry import PROJECT_EXPORTERS, REPORT_EXPORTERS, find
from extraction.services.reports.export.report_files import PricedReport
from extraction.services.reports.tables import again

Subject = TypeVar("Subject")
Group = QueryEx[str, P(description="Whose rows, where the format has them; the first by default.", max_length=50)]

router = Router()


@router.get(
    "/projects/{slug:slug}/reports",
    auth=Token(Scope.READ),
    response={200: ReportsOut, **problems()},
    operation_id="list_reports",
    summary="List reports",
    tags=["reports"],
)
def list_reports(request: ApiRequest, slug: Slug, part: Query[Cursor]) -> Part[Report]:
    """Newest first."""
    return page(request.auth.project.reports.select_related("job"), part)


@router.get(
    "/projects/{slug:slug}/reports/{int:id}",
    auth=Token(Scope.READ),
    response={200: ReportDetail, **problems()},
    operation_id="report",
    summary="A report with its worst answers",
    tags=["reports"],
)
def report(request: ApiRequest, slug: Slug, id: Id) -> Report:
    return reports.find(request.auth.project, id)


@router.post(
    "/projects/{slug:slug}/reports",
    auth=Token(Scope.MANAGE),
    response={202: ReportDetail, **problems()},
    operation_id="write_report",
    summary="Write a report",
    tags=["reports"],
)
def write_report(request: ApiRequest, response: HttpResponse, slug: Slug, body: ReportIn) -> Status[Report]:
    """Queues the comparison; ask for the report until it is done."""
    project = request.auth.project
    row = reports.start(project, **body.dict(), actor=request.auth.user)
    response["Location"] = reverse("api:report", args=[project.slug, row.pk])
    return Status(202, row)


@router.post(
    "/projects/{slug:slug}/reports/{int:id}/recount",
    auth=Token(Scope.MANAGE),
    response={202: ReportDetail, **problems()},
    operation_id="recount_report",
    summary="Compute a report again",
    tags=["reports"],
)
def recount_report(request: ApiRequest, slug: Slug, id: Id) -> Status[Report]:
    """From the documents, labels and answers that were frozen with it; `recount` then says whether the numbers are the
    same."""
    row = reports.find(request.auth.project, id)
    return Status(202, again.start(row, actor=request.auth.user))


@router.get(
    "/projects/{slug:slug}/export",
    auth=Token(Scope.READ),
    response={200: str, **problems()},
    operation_id="export_labels",
    summary="Export labels",
    tags=["exports"],
)
def export_labels(
    request: ApiRequest, slug: Slug, group: Group = "", format: ExportFormat = None
) -> StreamingHttpResponse:
    """The best labels of all documents that are not rejected, streamed. `jsonl` is what `manage.py load` reads; `rows`
    and `rows-json` have a line for each row of a group, with the columns of its document; `coco` and `huggingface` have
    the places of values on the pages."""
    exporter, subject = find(PROJECT_EXPORTERS, format), Selected(request.auth.project, group=group)
    recording.record(exporter, request.auth.project)
    return stream(exporter, subject)


@router.get(
    "/projects/{slug:slug}/reports/{int:id}/export",
    auth=Token(Scope.READ),
    response={200: str, **problems()},
    operation_id="export_report",
    summary="Export a report",
    tags=["exports"],
)
def export_report(request: ApiRequest, slug: Slug, id: Id, format: ExportFormat = None) -> StreamingHttpResponse:
    """A written report; yearly costs are counted at usual prices."""
    project = request.auth.project
    exporter, report = find(REPORT_EXPORTERS, format), reports.find(project, id)
    subject = PricedReport.of(project, report, USUAL)
    recording.record(exporter, project, report)
    return stream(exporter, subject)
