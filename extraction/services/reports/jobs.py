"""The job kinds of this stage: writing a report, computing it again, measuring drift."""

from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from extraction.domain.errors import gettext_noop
from extraction.domain.progress import Progress
from extraction.models import DriftCheck, ModelVersion
from extraction.services.jobs.kinds import JobKind

# A serving model is checked again so long after its last check.
AGAIN = timedelta(days=1)


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


class MeasureDrift(JobKind):
    """What came in against what the model version `subject` learned from."""

    name = "drift"
    title = gettext_noop("Compare what came in with what was learned from")
    quiet = True
    repeats = True

    def handle(self, subject: int, progress: Progress) -> None:
        from extraction.services.reports.trust import drift

        drift.run(subject, progress)

    def waiting(self) -> QuerySet[ModelVersion]:
        """Serving models whose last check is a day old; one of the future was written before the clock was set back."""
        now = timezone.now()
        fresh = DriftCheck.objects.filter(measured__gt=now - AGAIN, measured__lte=now)
        serving = ModelVersion.objects.filter(stage=ModelVersion.Stage.PRODUCTION)
        return serving.exclude(pk__in=fresh.values("model"))

    def on_failed(self, subject: int, error: str) -> None:
        """It is tried again tomorrow; what an earlier check found stays."""
        if ModelVersion.objects.filter(pk=subject).exists():
            DriftCheck.objects.update_or_create(model_id=subject, defaults={"measured": timezone.now()})


REPORT, RECOUNT, DRIFT = WriteReport(), Recount(), MeasureDrift()
