"""Providers of models, with the sizes and numbers of pictures that each accepts.

Sources: the providers' documentation of vision models. Nothing here loads a client.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

MB = 2**20
Tokens = Callable[[int, int], int]


def _by_area(width: int, height: int) -> int:
    """Anthropic: one token for 750 pixels."""
    return math.ceil(width * height / 750)


def _by_tile(side: int, tile: int, base: int) -> Tokens:
    """So many tokens for each square of `side` pixels, and `base` for the picture."""
    return lambda width, height: base + tile * math.ceil(width / side) * math.ceil(height / side)


@dataclass(frozen=True, slots=True)
class Provider:
    """`keys`: environment variables of which the first that is set holds the key. `address`: the variable that may
    name another address of the same service.

    Pictures are sent with a long side of `side` pixels and `bytes` at most, `pages` of them at most, so that all of
    them fit into one request; `tokens` tells what one of a width and height counts with most models, `picture` what
    any counts at most, but with models in `DEARER`. `longest`: the most tokens that each model takes for a limit of
    its answer, of those that do not reason.
    """

    name: str
    title: str
    keys: tuple[str, ...]
    address: str
    side: int
    bytes: int
    pages: int
    tokens: Tokens
    picture: int
    longest: int

    def picture_of(self, model: str) -> int:
        """Tokens that a picture counts at most with a model."""
        return next((most for name, most in DEARER.items() if model.startswith(name)), self.picture)


# A picture at full detail is up to eight tiles of 5667 tokens, and 2833.
DEARER: Mapping[str, int] = {"gpt-4o-mini": 2833 + 8 * 5667}

PROVIDERS: Mapping[str, Provider] = {
    provider.name: provider
    for provider in (
        Provider(
            "anthropic", "Anthropic", ("ANTHROPIC_API_KEY",), "ANTHROPIC_BASE_URL", 1568, MB, 20, _by_area, 3300, 4096
        ),
        Provider(
            "openai",
            "OpenAI",
            ("OPENAI_API_KEY",),
            "OPENAI_BASE_URL",
            2048,
            MB,
            20,
            _by_tile(512, 170, 85),
            4200,
            16_384,
        ),
        Provider(
            "google",
            "Google",
            ("GOOGLE_API_KEY", "GEMINI_API_KEY"),
            "GOOGLE_GEMINI_BASE_URL",
            2048,
            MB,
            20,
            _by_tile(768, 258, 0),
            2400,
            8192,
        ),
        Provider(
            "bedrock",
            "Amazon Bedrock",
            ("AWS_BEARER_TOKEN_BEDROCK", "AWS_ACCESS_KEY_ID"),
            "AWS_ENDPOINT_URL_BEDROCK_RUNTIME",
            1568,
            MB,
            20,
            _by_area,
            3300,
            5000,
        ),
    )
}
