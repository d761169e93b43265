"""Webhooks: endpoints, and what went to them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from ninja import Field, Schema
from pydantic import ConfigDict

from extraction.domain.webhooks.answers import DeliveryOutcome
from extraction.models import WebhookDelivery
from extraction.services.webhooks.endpoints import LONGEST_PAUSE, LONGEST_URL

EndpointState = Literal["active", "off", "gone", "failing"]
DeliveryState = Literal["waiting", "delivered", "exhausted"]
URL = "Where events are sent by POST; `https`, and no private network unless the operator allows it."
KINDS = "Names of kinds of events, such as `extraction.done`."
EVERY = "At most one request in so many seconds, with a list of events; 0: a request for each."
ACTIVE = "Whether events are recorded and sent."


class WebhookIn(Schema):
    """A webhook that is to be made."""

    url: str = Field(description=URL, max_length=LONGEST_URL)
    kinds: list[str] = Field(description=KINDS, max_length=100)
    every_seconds: int = Field(0, ge=0, le=LONGEST_PAUSE, strict=True, description=EVERY)
    active: bool = Field(True, strict=True, description=ACTIVE)

    model_config = ConfigDict(extra="forbid")


class WebhookChangeIn(Schema):
    """What is to be changed; what is left out or null stays."""

    url: str | None = Field(None, description=URL, max_length=LONGEST_URL)
    kinds: list[str] | None = Field(None, description=KINDS, max_length=100)
    every_seconds: int | None = Field(None, ge=0, le=LONGEST_PAUSE, strict=True, description=EVERY)
    active: bool | None = Field(None, strict=True, description=f"{ACTIVE} Switched on, it is sent what waits.")

    model_config = ConfigDict(extra="forbid")


class WebhookOut(Schema):
    """A webhook."""

    id: int
    url: str
    kinds: list[str] = Field(description=KINDS)
    every_seconds: int = Field(description=EVERY)
    active: bool = Field(description=ACTIVE)
    state: EndpointState = Field(
        description="`gone`: it answered 410; `failing`: nothing got through for three days. Neither is active."
    )
    failures: int = Field(description="Requests in a row that failed.")
    failing_since: datetime | None
    overlap_ends: datetime | None = Field(description="Until when the secret that was replaced signs too.")
    waiting: int = Field(description="Events that wait to be sent.")
    created: datetime


class WebhookMadeOut(WebhookOut):
    """A new webhook with its secret."""

    secret: str = Field(description="The key of its signatures, `whsec_…`; it is never shown again.")


class WebhooksOut(Schema):
    results: list[WebhookOut]
    next: int | None = Field(description="The `cursor` of the part after this one; null at the end.")


class RotationIn(Schema):
    """How a secret is replaced."""

    at_once: bool = Field(
        False, strict=True, description="The secret of before signs no more at once; else it does for 24 hours."
    )

    model_config = ConfigDict(extra="forbid")


class SecretOut(Schema):
    """A new secret."""

    secret: str = Field(description="The key of the signatures, `whsec_…`; it is never shown again.")
    overlap_ends: datetime | None = Field(description="Until when the secret that was replaced signs too.")


class DeliveryOut(Schema):
    """An event on its way to a webhook, and what came of the last attempt."""

    id: int
    type: str = Field(description="Kind of the event.")
    data: dict[str, str | int | None] = Field(description="As it is sent.")
    message: str | None = Field(description="The header `webhook-id`; null before the first attempt.")
    state: DeliveryState = Field(description="`exhausted`: it was tried for a day.")
    attempts: int
    attempted: datetime | None = Field(description="When it was last tried.")
    outcome: DeliveryOutcome | None = Field(description="What came of the last attempt.")
    status: int | None = Field(description="HTTP status of the last answer.")
    milliseconds: int | None
    answer: str = Field(description="The first 1024 bytes of the last answer.")
    not_before: datetime = Field(description="When it is tried next, where it waits.")
    created: datetime

    @staticmethod
    def resolve_type(row: WebhookDelivery) -> str:
        return row.kind

    @staticmethod
    def resolve_message(row: WebhookDelivery) -> str | None:
        return row.message or None

    @staticmethod
    def resolve_outcome(row: WebhookDelivery) -> str | None:
        return row.outcome or None


class DeliveriesOut(Schema):
    results: list[DeliveryOut]
    next: int | None = Field(description="The `cursor` of the part after this one; null at the end.")
