"""Training runs that ended."""

from __future__ import annotations

from extraction.domain.errors import gettext_noop
from extraction.models import RunState, TrainingRun
from extraction.services import events
from extraction.services.training.jobs import TRAIN
from extraction.services.webhooks.events.base import JobEnd, Notice, data


class TrainingRunEnded(JobEnd):
    """The end of a training run, with a model or without one. One that is continued ends once more."""

    name = "training_run.ended"
    title = gettext_noop("Training ended")
    signals = (events.job_ended,)
    job_kind = TRAIN.name

    def about(self, subject: int) -> Notice | None:
        run = TrainingRun.objects.select_related("project", "job", "model_version").filter(pk=subject).first()
        if run is None:
            return None
        path = f"/projects/{run.project.slug}/training-runs/{run.pk}"
        model = run.name if run.state == RunState.DONE else None
        return Notice(run.project, data(run.project, path, state=run.state, training_run=run.pk, model=model))


TRAINING_RUN_ENDED = TrainingRunEnded()
