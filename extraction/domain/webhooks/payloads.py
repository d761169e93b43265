"""Payloads of webhooks: an event, or several events in a list, as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from extraction.domain.json_types import JsonObject

# Type of a payload whose `data` is a list of events.
EVENTS = "events"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened. `data` holds ids, states and links, never the content of a document."""

    type: str
    timestamp: datetime
    data: JsonObject

    def to_json(self) -> JsonObject:
        return {"type": self.type, "timestamp": self.timestamp.isoformat(), "data": self.data}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(value["type"], datetime.fromisoformat(value["timestamp"]), value["data"])


def body(events: Sequence[Event], *, batched: bool) -> bytes:
    """The body of a request: the same bytes for the same events. Without `batched` there is one event."""
    if batched:
        whole = Event(EVENTS, max(event.timestamp for event in events), {})
        value = {**whole.to_json(), "data": [event.to_json() for event in events]}
    else:
        [event] = events
        value = event.to_json()
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
