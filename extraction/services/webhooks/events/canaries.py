"""Canaries that ended, by themselves or by hand."""

from __future__ import annotations

from extraction.domain.errors import gettext_noop
from extraction.models import Canary
from extraction.services import events
from extraction.services.webhooks.events.base import EventKind, Notice, data


class CanaryEnded(EventKind):
    name = "canary.ended"
    title = gettext_noop("Canary ended")
    signals = (events.canary_ended,)

    def notice(self, subject: Canary) -> Notice:
        project, model = subject.project, subject.candidate.name
        path = f"/projects/{project.slug}/canary"
        return Notice(project, data(project, path, state=subject.state, model=model, ending=subject.ending))


CANARY_ENDED = CanaryEnded()
