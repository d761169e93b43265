"""The job kind of this stage: sending what waits for an endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extraction.domain.errors import gettext_noop
from extraction.domain.progress import Progress
from extraction.services.jobs.kinds import JobKind

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from extraction.models import WebhookEndpoint


class DeliverEvents(JobKind):
    """The events that wait for the endpoint `subject`, however many."""

    name = "deliver"
    title = gettext_noop("Send webhooks")
    quiet = True

    def handle(self, subject: int, progress: Progress) -> None:
        from extraction.services.webhooks import delivering

        delivering.run(subject, progress)

    def waiting(self) -> QuerySet[WebhookEndpoint]:
        from extraction.services.webhooks import outbox

        return outbox.forsaken()

    def on_failed(self, subject: int, error: str) -> None:
        from extraction.services.webhooks import outbox

        outbox.wake_later(subject)


DELIVER = DeliverEvents()
