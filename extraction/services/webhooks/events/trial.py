"""The event that is sent by hand to see whether an endpoint gets anything."""

from __future__ import annotations

from extraction.domain.errors import gettext_noop
from extraction.models import Project
from extraction.services.webhooks.events.base import EventKind, Notice, data


class TrialEvent(EventKind):
    """An event to one endpoint, whatever kinds it asked for; no signal leads to it."""

    name = "webhook.test"
    title = gettext_noop("Test event")

    def notice(self, subject: Project) -> Notice:
        return Notice(subject, data(subject, f"/projects/{subject.slug}/webhooks", state="sent"))


TRIAL = TrialEvent()
