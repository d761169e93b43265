"""The job kind of label files."""

from __future__ import annotations

from django.db.models import QuerySet

from extraction.domain.errors import gettext_noop
from extraction.domain.progress import Progress
from extraction.models import LabelImport
from extraction.services.jobs.kinds import JobKind

State = LabelImport.State


class LoadLabels(JobKind):
    """The label file `subject`."""

    name = "load_labels"
    title = gettext_noop("Load labels")
    holds_field_names = True

    def handle(self, subject: int, progress: Progress) -> None:
        from extraction.services.documents.label_files import running

        running.run(subject, progress)

    def waiting(self) -> QuerySet[LabelImport]:
        return LabelImport.objects.filter(state=State.LOADING)

    def on_failed(self, subject: int, error: str) -> None:
        LabelImport.objects.filter(pk=subject, state=State.LOADING).update(state=State.STOPPED)

    def on_retry(self, subject: int) -> None:
        LabelImport.objects.filter(pk=subject, state=State.STOPPED).update(state=State.LOADING)


LOAD_LABELS = LoadLabels()
