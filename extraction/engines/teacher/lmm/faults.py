"""What goes wrong with providers, told in one sentence that holds no key."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from pydantic_ai import exceptions
from pydantic_ai.messages import ModelResponse

# Nothing but an apology, where a model refuses in prose.
EXCUSE = re.compile(r"\b(sorry|apologi[sz]e|can(?:no|['’])t|unable to|not able to|won['’]t|decline)\b", re.IGNORECASE)
EXCUSE_WITHIN = 200
LONGEST = 200

# The first that fits counts.
SENTENCES: Mapping[type[Exception], str] = {
    exceptions.ModelAuthenticationError: "{who} does not accept the key, or does not let it use {model}.",
    exceptions.ModelNotFoundError: "{who} does not know the model {model}.",
    exceptions.ModelQuotaExceededError: "the account at {who} has no credit left.",
    exceptions.UserError: "the model {model} cannot be asked for answers of a given form.",
    exceptions.ModelContextWindowExceededError: "the document is too long for {model}.",
    exceptions.ModelRequestRejectedError: "{who} does not take the request: {reason}.",
    exceptions.ModelTimeoutError: "{who} did not answer within {timeout} seconds.",
    exceptions.ModelRequestTimeout: "{who} did not answer within {timeout} seconds.",
    exceptions.ModelConnectionError: "the connection to {who} failed.",
    exceptions.ModelRateLimitError: "{who} limits how often it may be asked, and the wait is too long.",
    exceptions.ModelHTTPError: "{who} failed with status {status}.",
    Exception: "{who} sent something that is no answer ({kind}).",
}
NO_KEY = "{who} needs a key, and there is none."

Lasting = (exceptions.ModelAuthenticationError, exceptions.ModelNotFoundError, exceptions.ModelQuotaExceededError)
Known = (exceptions.ModelAPIError, exceptions.UnexpectedModelBehavior)


def is_lasting(error: Exception) -> bool:
    """Whether every other document would meet it too."""
    return isinstance(error, (*Lasting, exceptions.UserError)) or _keyless(error)


def _keyless(error: Exception) -> bool:
    """Amazon's client looks for keys in many places and says only when it asks that it has found none."""
    return type(error).__name__ in ("NoCredentialsError", "PartialCredentialsError")


def is_passing(error: Exception) -> bool:
    """Whether the same request may succeed later."""
    if isinstance(error, exceptions.ModelRequestRejectedError) or is_lasting(error) or not isinstance(error, Known):
        return False
    status = error.status_code if isinstance(error, exceptions.ModelHTTPError) else 500
    return status >= 500 or status in (408, 409, 425, 429)


def asks_to_wait(error: Exception) -> bool:
    """Whether it is a rate limit, or comes with the time after which to ask again."""
    named = getattr(error, "retry_after", None) is not None
    return isinstance(error, exceptions.ModelRateLimitError) or (named and is_passing(error))


def told(error: Exception, who: str, model: str, timeout: float, secrets: Iterable[str]) -> str:
    """The error in one sentence; `who` is the provider."""
    found = NO_KEY if _keyless(error) else next(words for kind, words in SENTENCES.items() if isinstance(error, kind))
    sentence = found.format(
        who=who,
        model=model,
        timeout=f"{timeout:g}",
        status=getattr(error, "status_code", ""),
        reason=_message(error, secrets),
        kind=type(error).__name__,
    )
    return sentence[:1].upper() + sentence[1:]


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


def _message(error: Exception, secrets: Iterable[str]) -> str:
    """What the provider says, without the secrets it may repeat."""
    body = getattr(error, "body", None)
    body = body.get("error", body) if isinstance(body, Mapping) else None
    text = body.get("message", "") if isinstance(body, Mapping) else ""
    text = str(text) or "no reason is given"
    for secret in secrets:
        text = text.replace(secret, "…")
    return _short(text).rstrip(".")


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
