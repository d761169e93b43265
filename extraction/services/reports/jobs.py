"""The job kinds of this stage: writing a report, and computing it again."""

from extraction.domain.errors import gettext_noop
from extraction.domain.progress import Progress
from extraction.services.jobs.kinds import JobKind


class WriteReport(JobKind):
    """The report `subject`. Its count begins anew for each system that is timed."""

    name = "report"
    title = gettext_noop("Write a report")
    holds_field_names = True

    def handle(self, subject: int, progress: Progress) -> None:
        from extraction.services.reports import reports

        reports.run(subject, progress)


class Recount(JobKind):
    """The report `subject`, from its frozen rows."""

    name = "recount"
    title = gettext_noop("Compute a report again")
    single_count = True

    def handle(self, subject: int, progress: Progress) -> None:
        from extraction.services.reports.tables import again

        again.run(subject, progress)


REPORT, RECOUNT = WriteReport(), Recount()
