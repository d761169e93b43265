"""The job kind of this stage: assessing labels."""

from extraction.domain.errors import gettext_noop
from extraction.domain.progress import Progress
from extraction.services.jobs.kinds import JobKind


class AssessLabels(JobKind):
    """The labels of the project `subject` that have not been assessed yet."""

    name = "assess"
    title = gettext_noop("Assess labels")
    single_count = True

    def handle(self, subject: int, progress: Progress) -> None:
        from extraction.services.quality import assessments

        assessments.run(subject, progress)


ASSESS = AssessLabels()
