"""Endpoints and deliveries as pages show them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from extraction.domain.webhooks.answers import DeliveryOutcome
from extraction.models import Project, WebhookDelivery, WebhookEndpoint
from extraction.services.sentences import translated
from extraction.services.webhooks import endpoints, messages
from extraction.services.webhooks.events import registry

ENDPOINTS = {
    WebhookEndpoint.State.ACTIVE: "good",
    WebhookEndpoint.State.GONE: "bad",
    WebhookEndpoint.State.FAILING: "bad",
}
DELIVERIES = {
    WebhookDelivery.State.WAITING: "accent",
    WebhookDelivery.State.DELIVERED: "good",
    WebhookDelivery.State.EXHAUSTED: "bad",
}


@dataclass(frozen=True, slots=True)
class EndpointRow:
    """An endpoint. `notice` says why nothing is sent to it; `troubled`: it is active and the last request failed."""

    endpoint: WebhookEndpoint
    css: str
    kinds: list[str]
    notice: str
    troubled: bool

    @classmethod
    def of(cls, row: WebhookEndpoint) -> EndpointRow:
        state = WebhookEndpoint.State(row.state)
        return cls(
            row,
            ENDPOINTS.get(state, ""),
            [translated(registry.title(kind)) for kind in row.kinds],
            str(messages.STATES.get(state, "")),
            row.active and row.failures > 0,
        )


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """A delivery; `sentence` tells what came of the last attempt."""

    delivery: WebhookDelivery
    css: str
    kind: str
    sentence: str

    @classmethod
    def of(cls, row: WebhookDelivery) -> DeliveryRow:
        sentence = str(messages.OUTCOMES[DeliveryOutcome(row.outcome)]) if row.outcome else ""
        css = DELIVERIES[WebhookDelivery.State(row.state)]
        return cls(row, css, translated(registry.title(row.kind)), sentence)


def endpoint_rows(project: Project) -> list[EndpointRow]:
    return [EndpointRow.of(row) for row in endpoints.of_project(project)]


def delivery_rows(rows: Iterable[WebhookDelivery]) -> list[DeliveryRow]:
    return [DeliveryRow.of(row) for row in rows]
