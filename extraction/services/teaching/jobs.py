"""The job kind of this stage: a label run, or a trial."""

from extraction.domain.errors import gettext_noop
from extraction.domain.progress import Progress
from extraction.services.jobs.kinds import JobKind


class LabelDocuments(JobKind):
    """The label run `subject`. The run keeps itself why its teacher stopped; the row why the job failed."""

    name = "label"
    title = gettext_noop("Label documents")
    single_count = True
    holds_field_names = True

    def handle(self, subject: int, progress: Progress) -> None:
        from extraction.services.teaching import label_runs

        label_runs.run(subject, progress)

    def on_retry(self, subject: int) -> None:
        from extraction.services.teaching import label_runs

        label_runs.check_repeatable(subject)


LABEL = LabelDocuments()
