"""Label runs that ended."""

from __future__ import annotations

from extraction.domain.errors import gettext_noop
from extraction.models import Job, LabelRun
from extraction.services import events
from extraction.services.teaching.jobs import LABEL
from extraction.services.webhooks.events.base import JobEnd, Notice, data


class LabelRunEnded(JobEnd):
    """The end of a label run; trials make no labels and are not told of.

    A run by batches ends with the last of them, which its own job may not wait for.
    """

    name = "label_run.ended"
    title = gettext_noop("Label run ended")
    signals = (events.job_ended, events.label_run_ended)
    job_kind = LABEL.name

    def notice(self, subject: Job | LabelRun) -> Notice | None:
        return self._of(subject) if isinstance(subject, LabelRun) else super().notice(subject)

    def about(self, subject: int) -> Notice | None:
        run = LabelRun.objects.select_related("project", "job").filter(pk=subject).first()
        return self._of(run) if run is not None else None

    def _of(self, run: LabelRun) -> Notice | None:
        if run.trial or run.active or run.awaits:
            return None
        path = f"/projects/{run.project.slug}/label-runs/{run.pk}"
        told = data(run.project, path, state=run.state, label_run=run.pk, documents=run.documents, labels=run.labels)
        return Notice(run.project, told)


LABEL_RUN_ENDED = LabelRunEnded()
