"""What goes wrong with providers, told in one sentence that holds no key."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pydantic_ai import exceptions
from pydantic_ai.messages import ModelResponse

# Nothing but an apology, where a model refuses in prose.
EXCUSE = re.compile(r"\b(sorry|apologi[sz]e|can(?:no|['’])t|unable to|not able to|won['’]t|decline)\b", re.IGNORECASE)
EXCUSE_WITHIN = 200
LONGEST = 200

Lasting = (exceptions.ModelAuthenticationError, exceptions.ModelNotFoundError, exceptions.ModelQuotaExceededError)
Expected = (exceptions.ModelAPIError, exceptions.UnexpectedModelBehavior, exceptions.UserError)


def is_lasting(error: Exception) -> bool:
    """Whether every other document would meet it too."""
    return isinstance(error, (*Lasting, exceptions.UserError))


def is_passing(error: Exception) -> bool:
    """Whether the same request may succeed later."""
    if isinstance(error, exceptions.ModelRequestRejectedError) or is_lasting(error):
        return False
    status = error.status_code if isinstance(error, exceptions.ModelHTTPError) else 500
    return status >= 500 or status in (408, 409, 425, 429)


def told(error: Exception, who: str, model: str, timeout: int, key: str) -> str:
    """The error in one sentence; `who` is the provider."""
    match error:
        case exceptions.ModelAuthenticationError():
            return f"{_start(who)} does not accept the key, or does not let it use {model}."
        case exceptions.ModelNotFoundError():
            return f"{_start(who)} does not know the model {model}."
        case exceptions.ModelQuotaExceededError():
            return f"The account at {who} has no credit left."
        case exceptions.UserError():
            return f"The model {model} cannot be asked for answers of a given form."
        case exceptions.ModelContextWindowExceededError():
            return f"The document is too long for {model}."
        case exceptions.ModelRequestRejectedError():
            return f"{_start(who)} does not take the request: {_message(error, key)}."
        case exceptions.ModelTimeoutError() | exceptions.ModelRequestTimeout():
            return f"{_start(who)} did not answer within {timeout} seconds."
        case exceptions.ModelConnectionError():
            return f"The connection to {who} failed."
        case exceptions.ModelHTTPError(status_code=status):
            return f"{_start(who)} failed with status {status}."
    return f"{_start(who)} sent something that is no answer."


def refusal(response: ModelResponse, text: str) -> str | None:
    """Why the model or its provider's filter would not answer; `None` where it did not refuse."""
    if response.finish_reason == "content_filter":
        details = response.provider_details or {}
        if words := details.get("refusal"):
            return _short(str(words))
        reason = details.get("block_reason") or details.get("finish_reason") or "no reason is given"
        return f"The provider's filter kept the answer back ({reason})."
    start = text.strip()[:EXCUSE_WITHIN]
    return _short(text) if "{" not in text and EXCUSE.search(start) else None


def _message(error: exceptions.ModelAPIError, key: str) -> str:
    """What the provider says, without the key."""
    body = error.body.get("error", error.body) if isinstance(error.body, Mapping) else error.body
    text = body.get("message", "") if isinstance(body, Mapping) else ""
    text = str(text) or "no reason is given"
    return _short(text.replace(key, "…") if key else text).rstrip(".")


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _start(who: str) -> str:
    return who[:1].upper() + who[1:]
