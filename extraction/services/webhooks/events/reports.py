"""Reports that ended."""

from __future__ import annotations

from extraction.domain.errors import gettext_noop
from extraction.models import Job, Report
from extraction.services import events
from extraction.services.reports.jobs import REPORT
from extraction.services.webhooks.events.base import JobEnd, Notice, data


class ReportEnded(JobEnd):
    name = "report.ended"
    title = gettext_noop("Report ended")
    signals = (events.job_ended,)
    job_kind = REPORT.name

    def about(self, subject: int) -> Notice | None:
        report = Report.objects.select_related("project", "job").filter(pk=subject).first()
        if report is None:
            return None
        path = f"/projects/{report.project.slug}/reports/{report.pk}"
        state = report.job.state if report.job else Job.State.CANCELLED
        return Notice(report.project, data(report.project, path, state=state, report=report.pk))


REPORT_ENDED = ReportEnded()
