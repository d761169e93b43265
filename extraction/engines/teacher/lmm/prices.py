"""Costs: tokens as the provider counts them, dollars by the list of `genai-prices`, of an own server by its rate."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from decimal import Decimal

from genai_prices import Usage as Tokens
from genai_prices import calc_price
from pydantic_ai.messages import ModelResponse

from extraction.domain.fields import Field, Schema
from extraction.engines.teacher.lmm.configuration import Access
from extraction.engines.teacher.lmm.providers import Provider
from extraction.engines.teacher.prompting.prompts import Prompt
from extraction.engines.teacher.protocol import Usage

CHARACTERS_A_TOKEN = 4
# An entry of the answer with its key, evidence and value; a row of a group has no evidence of its own.
TOKENS_A_FIELD, TOKENS_A_CELL, ROWS = 60, 12, 12
# Some 25 values of a listing with their captions.
TOKENS_A_LISTING = 900
# Share of the ordinary price that answers of a batch cost, at each provider that takes batches.
BATCH = Decimal("0.5")
# Tokens of a request that providers add (tools, structured output), of page numbers and of a correction.
FRAME = 1500
# Height by width of a sheet of paper.
SHEET = math.sqrt(2)


def paid(response: ModelResponse, *, batch: bool = False) -> Usage:
    """Tokens and dollars of one answer, of a `batch` at its price."""
    tokens = response.usage
    try:
        usd, priced = _batch_price(response) if batch else response.cost().total_price, True
    except (LookupError, ValueError, AssertionError):
        usd, priced = Decimal(0), False
    return Usage(tokens.input_tokens, tokens.output_tokens, usd, priced)


def _batch_price(response: ModelResponse) -> Decimal:
    """By the list where it has prices of batches for the model, else their share of the ordinary price."""
    listed = response.cost().total_price
    ordinary = replace(response, provider_details=None).cost().total_price
    return listed if listed < ordinary else ordinary * BATCH


def estimate(
    provider: Provider, model: str, access: Access, prompt: Prompt, answer: int, documents: int, pages: int
) -> Usage:
    """Tokens and dollars of labelling if every first answer is good and each page fills the largest picture.

    `answer`: the tokens of one answer.
    """
    text = prompt.instructions + prompt.request + json.dumps(prompt.json_schema)
    picture = provider.tokens(round(provider.side / SHEET), provider.side)
    incoming = documents * math.ceil(len(text) / CHARACTERS_A_TOKEN) + pages * picture
    return priced(provider, model, access, incoming, documents * answer)


def most(provider: Provider, model: str, access: Access, prompt: Prompt, pictures: int, answer: int) -> Usage:
    """Tokens and dollars of one request at most, with an answer of so many tokens: no token is less than a byte."""
    text = prompt.instructions + prompt.request + json.dumps(prompt.json_schema)
    incoming = len(text.encode()) + FRAME + pictures * provider.picture_of(model)
    return priced(provider, model, access, incoming, answer)


def of_text(provider: Provider, model: str, access: Access, prompt: Prompt, characters: int) -> Usage:
    """Tokens and dollars of a prompt without pictures, and an answer of so many characters."""
    text = prompt.instructions + prompt.request + json.dumps(prompt.json_schema)
    incoming, outgoing = (math.ceil(count / CHARACTERS_A_TOKEN) for count in (len(text), characters))
    return priced(provider, model, access, incoming, outgoing)


def priced(provider: Provider, model: str, access: Access, incoming: int, outgoing: int) -> Usage:
    """So many tokens with what they cost, where that is known."""
    if access.rate is not None:
        return Usage(incoming, outgoing, access.rate.usd(incoming, outgoing))
    tokens = Tokens(input_tokens=incoming, output_tokens=outgoing)
    try:
        price = (
            calc_price(tokens, model, provider_api_url=access.base_url)
            if access.compatible
            else calc_price(tokens, model, provider_id=provider.name)
        )
    except (LookupError, ValueError):
        return Usage(incoming, outgoing, priced=False)
    return Usage(incoming, outgoing, price.total_price)


def tokens(schema: Schema) -> int:
    """Tokens of an answer with all fields."""
    return sum(map(_tokens, schema.fields))


def _tokens(field: Field) -> int:
    return TOKENS_A_FIELD + ROWS * TOKENS_A_CELL * len(field.fields)
