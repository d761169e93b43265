"""The job kinds of this stage: the student's answers on new documents, extractions for callers, checks, escalation."""

from django.db.models import QuerySet
from django.utils import timezone

from extraction.domain.errors import gettext_noop
from extraction.domain.progress import Progress
from extraction.models import Escalation, Extraction, ExtractionBatch
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


class CheckAnswers(JobKind):
    """What people checked, read by the model version `subject`."""

    name = "check_answers"
    title = gettext_noop("Check the model's answers")

    def handle(self, subject: int, progress: Progress) -> None:
        from extraction.services.serving import answer_checks

        answer_checks.run(subject, progress)


class LearnFromTeacher(JobKind):
    """Labels of the teacher's answer to the call `subject`."""

    name = "escalation"
    title = gettext_noop("Keep a teacher's answer as labels")

    def handle(self, subject: int, progress: Progress) -> None:
        from extraction.services.serving.escalation import learning

        learning.run(subject)


class MeasureEscalation(JobKind):
    """The cost–quality curve of the escalation `subject`."""

    name = "escalation_curve"
    title = gettext_noop("Measure what the teacher would add")

    def handle(self, subject: int, progress: Progress) -> None:
        from extraction.services.serving.escalation import curves

        curves.run(subject, progress)

    def waiting(self) -> QuerySet[Escalation]:
        return Escalation.objects.filter(measuring=True)

    def on_failed(self, subject: int, error: str) -> None:
        from extraction.services.serving.escalation import curves

        curves.fail(subject, error or gettext_noop("Measuring was cancelled."))

    def on_retry(self, subject: int) -> None:
        Escalation.objects.filter(pk=subject).update(measuring=True)


class ExtractBatch(JobKind):
    """The files of the extraction batch `subject` that have no answer yet."""

    name = "extract_batch"
    title = gettext_noop("Extract fields of a batch")

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


class CompareVersions(JobKind):
    """The documents of the canary `subject` that wait for the other version's answer, and what follows."""

    name = "canary"
    title = gettext_noop("Compare a candidate with the serving model")
    quiet = True

    def handle(self, subject: int, progress: Progress) -> None:
        from extraction.services.serving.canaries import comparing

        comparing.run(subject, progress)


PREDICT = PrelabelDocuments()
EXTRACT = ExtractFields()
CHECK = CheckAnswers()
LEARN = LearnFromTeacher()
MEASURE = MeasureEscalation()
BATCH = ExtractBatch()
CANARY = CompareVersions()
