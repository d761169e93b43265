"""A request to a model, whichever wire format it came in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Body = Mapping[str, Any]
# What the formats call the most tokens of an answer.
LIMITS = ("max_tokens", "max_completion_tokens", "max_output_tokens", "maxOutputTokens", "maxTokens")


@dataclass(frozen=True)
class Request:
    """A request, whichever format it came in. `images` are (media type, bytes); `text` is what the user's message
    says beside them. `limit`: the most tokens that the answer may have. The answer costs `output_tokens`, and is `cut`
    off where it reached the limit."""

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
    output_tokens: int = 100
    cut: bool = False

    @property
    def limit(self) -> int | None:
        inner = (self.body.get("generationConfig") or {}, self.body.get("inferenceConfig") or {})
        return next((part[name] for part in (self.body, *inner) for name in LIMITS if part.get(name)), None)
