"""The job kinds of this stage: training a student, and checking labels with students that did not learn from them."""

from django.db.models import QuerySet

from extraction.domain.errors import gettext_noop
from extraction.domain.learning.training import StopReason
from extraction.domain.progress import Progress
from extraction.models import Job, TrainingRun
from extraction.services.jobs.kinds import JobKind, Queue


class TrainStudent(JobKind):
    """The training run `subject`, in the queue of its own. Its count begins anew with each part."""

    name = "train"
    title = gettext_noop("Train a student")
    queue = Queue.TRAINING
    # The kernel kills without a word; in training that is nearly always for memory.
    death_advice = gettext_noop(
        "Most likely the memory of the machine ran out: start a run with a smaller batch (the setting batch), or add "
        "memory and go on with this one from its last checkpoint."
    )

    def handle(self, subject: int, progress: Progress) -> None:
        from extraction.services.training import training_runs

        training_runs.run(subject, progress)

    def waiting(self) -> QuerySet[TrainingRun]:
        stopped = TrainingRun.objects.filter(stop_reason="", model_version=None)
        return stopped.filter(job__state__in=(Job.State.FAILED, Job.State.CANCELLED))

    def on_failed(self, subject: int, error: str) -> None:
        # Whoever asks to go on a moment after the end gives the run a new job, to which this reason does not belong.
        stopped = TrainingRun.objects.filter(pk=subject).exclude(job__state__in=Job.ACTIVE)
        stopped.update(stop_reason=StopReason.FAILED if error else StopReason.CANCELLED, stop_detail=error)

    def on_retry(self, subject: int) -> None:
        TrainingRun.objects.filter(pk=subject).update(stop_reason="", stop_detail="")


class CrossCheckLabels(JobKind):
    """The cross-check `subject`, in the queue of trainings."""

    name = "cross_check"
    title = gettext_noop("Cross-check labels")
    queue = Queue.TRAINING
    single_count = True
    death_advice = TrainStudent.death_advice

    def handle(self, subject: int, progress: Progress) -> None:
        from extraction.services.training.cross_checks import work

        work.run(subject, progress)


TRAIN, CROSS_CHECK = TrainStudent(), CrossCheckLabels()
