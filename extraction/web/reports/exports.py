"""Downloads of a project's labels, of answers to programs and of its reports, in every registered format."""

from __future__ import annotations

from typing import TypeVar

from django import forms
from django.http import StreamingHttpResponse
from django.views.decorators.http import require_safe

from extraction.domain.errors import gettext_noop
from extraction.models import Project
from extraction.services.documents.filters import Filter
from extraction.services.documents.ordering import OLDEST, Order
from extraction.services.errors import Invalid
from extraction.services.reports import reports
from extraction.services.reports.export import recording
from extraction.services.reports.export.answers.given import Given
from extraction.services.reports.export.labelled_documents import Selected
from extraction.services.reports.export.registry import ANSWER_EXPORTERS, PROJECT_EXPORTERS, REPORT_EXPORTERS, find
from extraction.services.reports.export.report_files import PricedReport
from extraction.services.serving.answers.listing import Filter as AnswerFilter
from extraction.services.serving.batches import batches
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


class AnswersForm(forms.Form):
    """Which answers are asked for in the address; empty: any."""

    batch = forms.UUIDField(required=False)
    since = forms.DateField(required=False, input_formats=["%Y-%m-%d"])
    until = forms.DateField(required=False, input_formats=["%Y-%m-%d"])

    def condition(self, project: Project) -> AnswerFilter:
        """Raises `Invalid`, and `NotFound` for a batch of another project."""
        if not self.is_valid():
            raise Invalid(gettext_noop("A day is written such as 2026-12-31, and a batch is named by its id."))
        batch = self.cleaned_data["batch"]
        return AnswerFilter(
            batch=batches.find(project, batch) if batch else None,
            since=self.cleaned_data["since"],
            until=self.cleaned_data["until"],
        )


@require_safe
@project_view()
def answers(request: ProjectRequest, project: Project, format: str) -> StreamingHttpResponse:
    """What programs were answered, of a batch or of the days that the query names."""
    exporter = find(ANSWER_EXPORTERS, format)
    subject = Given(project, AnswersForm(request.GET).condition(project))
    recording.record_answers(exporter, subject)
    return stream(exporter, subject)


@require_safe
@project_view()
def report(request: ProjectRequest, project: Project, report: int, format: str) -> StreamingHttpResponse:
    """A written report, priced as the query says."""
    exporter, row = find(REPORT_EXPORTERS, format), reports.find(project, report)
    subject = PricedReport.of(project, row, PricesForm(request.GET).prices())
    recording.record(exporter, project, row)
    return stream(exporter, subject)
