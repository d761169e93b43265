"""Model versions that were promoted, by whomever."""

from __future__ import annotations

from extraction.domain.errors import gettext_noop
from extraction.models import ModelVersion
from extraction.services import events
from extraction.services.webhooks.events.base import EventKind, Notice, data


class ModelPromoted(EventKind):
    name = "model.promoted"
    title = gettext_noop("Model promoted")
    signals = (events.model_promoted,)

    def notice(self, subject: ModelVersion) -> Notice:
        project, path = subject.project, f"/projects/{subject.project.slug}/models"
        return Notice(
            project, data(project, path, state=subject.stage, model=subject.name, training_run=subject.run_id)
        )


MODEL_PROMOTED = ModelPromoted()
