# Made by client/generate.py from the OpenAPI document.
"""Addresses that are told what happens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

DeliveryOutcome = Literal[
    "delivered",
    "rejected",
    "redirected",
    "gone",
    "timed_out",
    "unreachable",
    "untrusted",
    "malformed",
    "refused_address",
]
"""Ends of an attempt."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event on its way to a webhook, and what came of the last attempt."""

    id: int
    type: str
    """Kind of the event."""
    data: dict[str, str | int | None]
    """As it is sent."""
    message: str | None
    """The header `webhook-id`; null before the first attempt."""
    state: Literal["waiting", "delivered", "exhausted"]
    """`exhausted`: it was tried for a day."""
    attempts: int
    attempted: datetime | None
    """When it was last tried."""
    outcome: DeliveryOutcome | None
    """What came of the last attempt."""
    status: int | None
    """HTTP status of the last answer."""
    milliseconds: int | None
    answer: str
    """The first 1024 bytes of the last answer."""
    not_before: datetime
    """When it is tried next, where it waits."""
    created: datetime


@dataclass(frozen=True, slots=True)
class Secret:
    """A new secret."""

    secret: str
    """The key of the signatures, `whsec_…`; it is never shown again."""
    overlap_ends: datetime | None
    """Until when the secret that was replaced signs too."""


@dataclass(frozen=True, slots=True)
class WebhookMade:
    """A new webhook with its secret."""

    id: int
    url: str
    kinds: list[str]
    """Names of kinds of events, such as `extraction.done`."""
    every_seconds: int
    """At most one request in so many seconds, with a list of events; 0: a request for each."""
    active: bool
    """Whether events are recorded and sent."""
    state: Literal["active", "off", "gone", "failing"]
    """`gone`: it answered 410; `failing`: nothing got through for three days. Neither is active."""
    failures: int
    """Requests in a row that failed."""
    failing_since: datetime | None
    overlap_ends: datetime | None
    """Until when the secret that was replaced signs too."""
    waiting: int
    """Events that wait to be sent."""
    created: datetime
    secret: str
    """The key of its signatures, `whsec_…`; it is never shown again."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """A webhook."""

    id: int
    url: str
    kinds: list[str]
    """Names of kinds of events, such as `extraction.done`."""
    every_seconds: int
    """At most one request in so many seconds, with a list of events; 0: a request for each."""
    active: bool
    """Whether events are recorded and sent."""
    state: Literal["active", "off", "gone", "failing"]
    """`gone`: it answered 410; `failing`: nothing got through for three days. Neither is active."""
    failures: int
    """Requests in a row that failed."""
    failing_since: datetime | None
    overlap_ends: datetime | None
    """Until when the secret that was replaced signs too."""
    waiting: int
    """Events that wait to be sent."""
    created: datetime
