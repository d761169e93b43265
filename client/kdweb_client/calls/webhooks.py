# Made by client/generate.py from the OpenAPI document.
"""Addresses that are told what happens."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from kdweb_client.calling import Calls, address
from kdweb_client.schemas.webhooks import Delivery, Secret, Webhook, WebhookMade


class WebhooksCalls(Calls):
    """Addresses that are told what happens."""

    def list_webhooks(self) -> Iterator[Webhook]:
        """List webhooks.

        Newest first.
        """
        return self._list(Webhook, address("projects", self._project, "webhooks"))

    def create_webhook(
        self,
        url: str,
        kinds: list[str],
        *,
        active: bool = True,
        every_seconds: int = 0,
        idempotency_key: str | None = None,
    ) -> WebhookMade:
        """Make a webhook.

        The answer holds its secret this one time. Refused (409) where the project has twenty.

        `url`: Where events are sent by POST; `https`, and no private network unless the operator allows it.
        `kinds`: Names of kinds of events, such as `extraction.done`.
        `active`: Whether events are recorded and sent.
        `every_seconds`: At most one request in so many seconds, with a list of events; 0: a request for each.
        `idempotency_key`: A name for this request; one is made up where none is given.
        """
        return self._object(
            WebhookMade,
            "POST",
            address("projects", self._project, "webhooks"),
            body={"url": url, "kinds": kinds, "active": active, "every_seconds": every_seconds},
            key=idempotency_key,
        )

    def delete_webhook(self, id: int) -> None:
        """Delete a webhook.

        Its log goes too, and what waits is not sent any more.
        """
        self._nothing("DELETE", address("projects", self._project, "webhooks", id))

    def webhook(self, id: int) -> Webhook:
        """A webhook.

        How it stands.
        """
        return self._object(Webhook, "GET", address("projects", self._project, "webhooks", id))

    def change_webhook(
        self,
        id: int,
        *,
        active: bool | None = None,
        every_seconds: int | None = None,
        kinds: list[str] | None = None,
        url: str | None = None,
    ) -> Webhook:
        """Change a webhook, switch it off or on.

        What happens while it is not active is not recorded for it. Switched on again, it is sent what still waits.

        `active`: Whether events are recorded and sent. Switched on, it is sent what waits.
        `every_seconds`: At most one request in so many seconds, with a list of events; 0: a request for each.
        `kinds`: Names of kinds of events, such as `extraction.done`.
        `url`: Where events are sent by POST; `https`, and no private network unless the operator allows it.
        """
        return self._object(
            Webhook,
            "PATCH",
            address("projects", self._project, "webhooks", id),
            body={"active": active, "every_seconds": every_seconds, "kinds": kinds, "url": url},
        )

    def list_deliveries(
        self, id: int, *, state: Literal["waiting", "delivered", "exhausted"] | None = None
    ) -> Iterator[Delivery]:
        """What went to a webhook.

        Newest first; kept for thirty days.

        `state`: Only those in this state.
        """
        return self._list(
            Delivery, address("projects", self._project, "webhooks", id, "deliveries"), query={"state": state}
        )

    def resend_delivery(self, id: int, delivery: int, *, idempotency_key: str | None = None) -> Delivery:
        """Send an event again.

        With all that went in the same request and under the same id. Refused (409) where the webhook is not active.

        `idempotency_key`: A name for this request; one is made up where none is given.
        """
        return self._object(
            Delivery,
            "POST",
            address("projects", self._project, "webhooks", id, "deliveries", delivery, "resend"),
            key=idempotency_key,
        )

    def rotate_webhook_secret(self, id: int, *, at_once: bool = False, idempotency_key: str | None = None) -> Secret:
        """Replace the secret of a webhook.

        For 24 hours requests have a signature by each of the two secrets.

        `at_once`: The secret of before signs no more at once; else it does for 24 hours.
        `idempotency_key`: A name for this request; one is made up where none is given.
        """
        return self._object(
            Secret,
            "POST",
            address("projects", self._project, "webhooks", id, "secret"),
            body={"at_once": at_once},
            key=idempotency_key,
        )

    def test_webhook(self, id: int, *, idempotency_key: str | None = None) -> Delivery:
        """Send a test event.

        An event of the kind `webhook.test`. Refused (409) where the webhook is not active.

        `idempotency_key`: A name for this request; one is made up where none is given.
        """
        return self._object(
            Delivery, "POST", address("projects", self._project, "webhooks", id, "test"), key=idempotency_key
        )
