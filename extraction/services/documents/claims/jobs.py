"""The job kind of claims."""

from __future__ import annotations

from django.db.models import Case, QuerySet, Value, When

from extraction.domain.errors import gettext_noop
from extraction.domain.progress import Progress
from extraction.models import ClaimImport
from extraction.services.jobs.kinds import JobKind

State = ClaimImport.State
STOPPED = {State.IMPORTING: State.IMPORT_STOPPED, State.UNDOING: State.UNDO_STOPPED}


class ImportClaims(JobKind):
    """The import `subject`, or its taking back, as its state says."""

    name = "claims"
    title = gettext_noop("Import claims")
    holds_field_names = True

    def handle(self, subject: int, progress: Progress) -> None:
        from extraction.services.documents.claims import running, undoing

        running.run(subject, progress)
        undoing.run(subject, progress)

    def waiting(self) -> QuerySet[ClaimImport]:
        return ClaimImport.objects.filter(state__in=STOPPED)

    def on_failed(self, subject: int, error: str) -> None:
        _change(subject, STOPPED)

    def on_retry(self, subject: int) -> None:
        _change(subject, {stopped: going for going, stopped in STOPPED.items()})


def _change(subject: int, states: dict[State, State]) -> None:
    whens = [When(state=before, then=Value(after)) for before, after in states.items()]
    ClaimImport.objects.filter(pk=subject, state__in=states).update(state=Case(*whens))


CLAIMS = ImportClaims()
