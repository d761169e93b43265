"""The job kinds of this stage: a label run, or a trial; answers of batches that outlive their run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extraction.domain.errors import gettext_noop
from extraction.domain.progress import Progress
from extraction.services.jobs.kinds import JobKind

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from extraction.models import LabelRun


class LabelDocuments(JobKind):
    """The label run `subject`. The run keeps itself why its teacher stopped; the row why the job failed."""

    name = "label"
    title = gettext_noop("Label documents")
    single_count = True
    holds_field_names = True

    def handle(self, subject: int, progress: Progress) -> None:
        from extraction.services.teaching import label_runs

        label_runs.run(subject, progress)

    def on_failed(self, subject: int, error: str) -> None:
        from extraction.services.teaching.batches import runs

        runs.let_go(subject, error)

    def on_retry(self, subject: int) -> None:
        from extraction.services.teaching import label_runs

        label_runs.check_repeatable(subject)


class CollectAnswers(JobKind):
    """Answers to the batches of the label run `subject`, whose own job does not wait for them."""

    name = "collect"
    title = gettext_noop("Fetch answers of batches")

    def handle(self, subject: int, progress: Progress) -> None:
        from extraction.services.teaching.batches import runs

        runs.collect(subject, progress)

    def waiting(self) -> QuerySet[LabelRun]:
        from extraction.services.teaching.batches import closing

        return closing.forsaken()


LABEL = LabelDocuments()
COLLECT = CollectAnswers()
