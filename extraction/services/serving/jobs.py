"""The job kinds of this stage: the serving student's answers on new documents, and extractions for callers."""

from django.db.models import QuerySet
from django.utils import timezone

from extraction.domain.errors import gettext_noop
from extraction.domain.progress import Progress
from extraction.models import Extraction, ExtractionBatch
from extraction.services.errors import Conflict
from extraction.services.jobs.kinds import JobKind


class PrelabelDocuments(JobKind):
    """Student labels for the documents that have none, by the model version `subject`."""

    name = "predict"
    title = gettext_noop("Read fields with the student")
    single_count = True

    def handle(self, subject: int, progress: Progress) -> None:
        from extraction.services.serving import prelabel

        prelabel.run(subject, progress)


class ExtractFields(JobKind):
    """The extraction `subject` of a program that does not wait."""

    name = "extract"
    title = gettext_noop("Extract fields for a program")
    time_limit = 2 * 3600

    def handle(self, subject: int, progress: Progress) -> None:
        from extraction.services.serving import extractions

        extractions.run(subject, progress)

    def waiting(self) -> QuerySet[Extraction]:
        return Extraction.objects.filter(state=Extraction.State.QUEUED)

    def on_failed(self, subject: int, error: str) -> None:
        from extraction.services.serving import extractions

        extractions.fail(subject, error or gettext_noop("Reading was cancelled."))

    def on_retry(self, subject: int) -> None:
        failed = Extraction.objects.filter(pk=subject, state=Extraction.State.FAILED).exclude(file="")
        if not failed.update(state=Extraction.State.QUEUED, error=""):
            raise Conflict(gettext_noop("The file of this extraction was deleted."))


class ExtractBatch(JobKind):
    """The files of the extraction batch `subject` that have no answer yet."""

    name = "extract_batch"
    title = gettext_noop("Extract fields of a batch")
    single_count = True

    def handle(self, subject: int, progress: Progress) -> None:
        from extraction.services.serving.batches import work

        work.run(subject, progress)

    def waiting(self) -> QuerySet[ExtractionBatch]:
        return ExtractionBatch.objects.filter(state__in=ExtractionBatch.ACTIVE)

    def on_failed(self, subject: int, error: str) -> None:
        state = ExtractionBatch.State.FAILED if error else ExtractionBatch.State.CANCELLED
        self.waiting().filter(pk=subject).update(state=state, error=error, finished=timezone.now())

    def on_retry(self, subject: int) -> None:
        ended = ExtractionBatch.objects.filter(pk=subject).exclude(state__in=ExtractionBatch.ACTIVE).exclude(folder="")
        if not ended.update(state=ExtractionBatch.State.QUEUED, error="", finished=None):
            raise Conflict(gettext_noop("The files of this batch were deleted."))


PREDICT = PrelabelDocuments()
EXTRACT = ExtractFields()
BATCH = ExtractBatch()
