"""Downloads of a project's labels and of its reports, in every registered format."""

from __future__ import annotations

from typing import TypeVar

from django.http import StreamingHttpResponse
from django.views.decorators.http import require_safe

from extraction.models import Project
from extraction.services.documents.filters import Filter
from extraction.services.documents.ordering import OLDEST, Order
from extraction.services.reports import reports
from extraction.services.reports.export import recording
from extraction.services.reports.export.labelled_documents import Selected
from extraction.services.reports.export.registry import PROJECT_EXPORTERS, REPORT_EXPORTERS, find
from extraction.services.reports.export.report_files import PricedReport
from extraction.web.access import ProjectRequest, project_view
from extraction.web.downloads import stream
from extraction.web.reports.prices import PricesForm

Subject = TypeVar("Subject")


@require_safe
@project_view()
def labels(request: ProjectRequest, project: Project, format: str) -> StreamingHttpResponse:
    """Of the documents that the list's filter leaves, in its order; `group` names the one whose rows are wanted."""
    condition = Filter.parse(request.GET.dict(), project.schema)
    order = Order.parse(request.GET.get("sort", ""), project.schema) or OLDEST
    subject = Selected(project, condition, order, request.GET.get("group", ""))
    exporter = find(PROJECT_EXPORTERS, format)
    recording.record(exporter, project)
    return stream(exporter, subject)


@require_safe
@project_view()
def report(request: ProjectRequest, project: Project, report: int, format: str) -> StreamingHttpResponse:
    """A written report, priced as the query says."""
    exporter, row = find(REPORT_EXPORTERS, format), reports.find(project, report)
    subject = PricedReport.of(project, row, PricesForm(request.GET).prices())
    recording.record(exporter, project, row)
    return stream(exporter, subject)
