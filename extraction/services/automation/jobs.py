"""The job kinds of this stage: counting labels, comparing a trained model, writing a hint.

None of them is enqueued by an event, which may be lost: each has rows that say of themselves that they wait.
"""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from extraction.domain.errors import gettext_noop
from extraction.domain.progress import Progress
from extraction.models import Automation, AutomationStep, Hint, Job, TrainingRun
from extraction.services.errors import Conflict
from extraction.services.jobs.kinds import JobKind

# Labels are counted again so long after they changed, and after so long in any case: an event may have been lost.
SOON, ANYHOW = timedelta(minutes=3), timedelta(hours=1)


class CountLabels(JobKind):
    """Whether the automation `subject` is to train now; where it is, the training is started."""

    name = "automate"
    title = gettext_noop("Count new labels")
    repeats = True

    def handle(self, subject: int, progress: Progress) -> None:
        from extraction.services.automation import rounds

        rounds.run(subject)

    def waiting(self) -> QuerySet[Automation]:
        now = timezone.now()
        due = Q(counted=None) | Q(changed=True, counted__lt=now - SOON) | Q(counted__lt=now - ANYHOW)
        # A time in the future was written before the clock was set back.
        return Automation.objects.filter(due | Q(counted__gt=now), active=True)

    def on_failed(self, subject: int, error: str) -> None:
        Automation.objects.filter(pk=subject).update(counted=timezone.now(), changed=False)


class CompareModels(JobKind):
    """The end of the training run `subject` that was started automatically: its model beside the serving one."""

    name = "compare"
    title = gettext_noop("Compare a new model with the serving one")
    holds_field_names = True

    def handle(self, subject: int, progress: Progress) -> None:
        from extraction.services.automation import decisions

        decisions.conclude(subject, progress)

    def waiting(self) -> QuerySet[TrainingRun]:
        steps = AutomationStep.objects.filter(run=OuterRef("pk"))
        started = Exists(steps.filter(kind=AutomationStep.Kind.STARTED))
        concluded = Exists(steps.filter(kind__in=AutomationStep.OUTCOMES))
        ended = Q(model_version__isnull=False) | ~Q(job__state__in=Job.ACTIVE)
        return TrainingRun.objects.filter(ended, started, ~concluded)

    def on_failed(self, subject: int, error: str) -> None:
        from extraction.services.automation import decisions

        decisions.give_up(subject, error)


class WriteHint(JobKind):
    """The hint `subject`, which a teacher writes."""

    name = "hint"
    title = gettext_noop("Write a hint")
    time_limit = 1800

    def handle(self, subject: int, progress: Progress) -> None:
        from extraction.services.automation.hints import writing

        writing.run(subject)

    def waiting(self) -> QuerySet[Hint]:
        return Hint.objects.filter(state=Hint.State.REQUESTED)

    def on_failed(self, subject: int, error: str) -> None:
        waiting = Hint.objects.filter(pk=subject, state=Hint.State.REQUESTED)
        waiting.update(state=Hint.State.FAILED, error=error or gettext_noop("It was cancelled."))

    def on_retry(self, subject: int) -> None:
        failed = Hint.objects.filter(pk=subject, state=Hint.State.FAILED)
        if not failed.update(state=Hint.State.REQUESTED, error=""):
            raise Conflict(gettext_noop("This hint does not wait to be written."))


COUNT, COMPARE, HINT = CountLabels(), CompareModels(), WriteHint()
