"""What a request for a document may cost, and the account of one document, so that its money is never passed.

The limit of an answer's tokens is sent with each request of an account. It follows from what an honest answer can need,
generously: one that reaches it runs on (rows without end, reasoning without end), and is told as cut off.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from pydantic_ai.profiles import ModelProfile

from extraction.domain.fields import Field, Schema
from extraction.engines.teacher.lmm.configuration import Access
from extraction.engines.teacher.lmm.providers import Provider
from extraction.engines.teacher.protocol import Usage

# Requests that a document's money is for: a lost answer, or one off the format, can be asked for again.
REQUESTS = 3
# Of an answer without fields: one long value, and the sentences of a model that talks.
ANSWER = 1000
# A field with its key, evidence and value of several lines, in a script of many tokens a letter; a cell of a row, and
# the row's evidence; the rows of a dense page, and the labelled values of one with their captions.
FIELD, CELL, ROW, ROWS, LISTED, VALUES = 300, 25, 30, 60, 60, 100
# Reasoning, where the model does so by itself and its provider counts it as a part of the answer.
REASONING = 8192
# The longest answer without reasoning: some 250 rows of four cells. All models that reason take a limit of both.
LONGEST = 16_384
# The longest limit for servers whose models nobody knows.
LONGEST_COMPATIBLE = 8192


def fields(schema: Schema, pages: int) -> int:
    """Tokens that an answer with all fields can need."""
    return ANSWER + sum(_field(field, pages) for field in schema.fields)


def listing(pages: int) -> int:
    """Tokens that a listing of all labelled values can need."""
    return ANSWER + pages * VALUES * LISTED


def output_tokens(needed: int, provider: Provider, access: Access, profile: ModelProfile) -> int:
    """The limit of an answer that needs so many tokens: those of reasoning added, and none that the model rejects."""
    if access.compatible:
        return min(needed + REASONING, LONGEST_COMPATIBLE)
    known: int | None = profile.get("anthropic_max_output_tokens")  # type: ignore[assignment]
    if _reasons(provider, profile):
        limit = min(needed, LONGEST) + REASONING
        return min(limit, known) if known else limit
    return min(needed, LONGEST, known or provider.longest)


class Account:
    """The money of one document: what its answers cost, and what requests may have cost that brought none.

    `each`: a request at most, with the longest answer that it may have; `limit`: dollars of all requests (`None`: as
    they come, with answers as long as the model makes them).
    """

    def __init__(self, each: Usage | None = None, limit: Decimal | None = None) -> None:
        self.usage = Usage()
        self._each, self._limit = each, limit

    @property
    def output_tokens(self) -> int | None:
        return self._each.output_tokens if self._each else None

    @property
    def affords(self) -> bool:
        """Whether one more request cannot pass the limit."""
        if self._each is None or self._limit is None:
            return True
        return self._each.priced and self.usage.most_usd + self._each.usd <= self._limit

    def pay(self, answer: Usage) -> None:
        """For an answer; one that does not say what it cost may have cost all that a request can."""
        told = answer.priced and answer.input_tokens and answer.output_tokens
        if self._each is not None and not told:
            answer = replace(answer, usd=Decimal(0), lost_usd=self._each.usd)
        self.usage += answer

    def lose(self) -> None:
        """A request that may be charged, and of which nothing came."""
        if self._each is not None:
            self.usage += Usage(lost_usd=self._each.usd)


def _field(field: Field, pages: int) -> int:
    return FIELD + (pages * ROWS * (ROW + CELL * len(field.fields)) if field.fields else 0)


def _reasons(provider: Provider, profile: ModelProfile) -> bool:
    """Whether the model does so unless told otherwise; Google's do where they can."""
    by_itself = profile.get("thinking_always_enabled", False) or profile.get("thinking_enabled_by_default", False)
    return by_itself or (provider.name == "google" and profile.get("supports_thinking", False))
