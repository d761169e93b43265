"""A request to a model, whichever wire format it came in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Body = Mapping[str, Any]


@dataclass(frozen=True)
class Request:
    """A request, whichever format it came in. `images` are (media type, bytes); `text` is what the user's message
    says beside them."""

    wire: str
    model: str
    key: str
    system: str
    text: str
    images: tuple[tuple[str, bytes], ...]
    schema: Body
    stream: bool = False
    tool: str = ""
    body: Body = field(default_factory=dict, repr=False)
