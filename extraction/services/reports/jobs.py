"""The job kind of this stage: writing a report."""

from extraction.domain.errors import gettext_noop
from extraction.domain.progress import Progress
from extraction.services.jobs.kinds import JobKind


class WriteReport(JobKind):
    """The report `subject`. Its count begins anew with each system."""

    name = "report"
    title = gettext_noop("Write a report")
    holds_field_names = True

    def handle(self, subject: int, progress: Progress) -> None:
        from extraction.services.reports import reports

        reports.run(subject, progress)


REPORT = WriteReport()
