"""Errors of providers: their kind, and their description in one sentence that holds no key."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from pydantic_ai import exceptions
from pydantic_ai.messages import ModelResponse

from extraction.domain.errors import gettext_noop

# An apology in place of the answer, where a model refuses in prose.
APOLOGY = re.compile(r"\b(sorry|apologi[sz]e|can(?:no|['’])t|unable to|not able to|won['’]t|decline)\b", re.IGNORECASE)
MAX_APOLOGY = 200
LONGEST = 200

# The first that fits counts. A provider's name at the beginning gets a capital letter.
SENTENCES: Mapping[type[Exception], str] = {
    exceptions.ModelAuthenticationError: gettext_noop(
        "{provider!s} does not accept the key, or does not let it use {model}."
    ),
    exceptions.ModelNotFoundError: gettext_noop("{provider!s} does not know the model {model}."),
    exceptions.ModelQuotaExceededError: gettext_noop("The account at {provider!s} has no credit left."),
    exceptions.UserError: gettext_noop("The model {model} cannot be asked for answers of a given form."),
    exceptions.ModelContextWindowExceededError: gettext_noop("The document is too long for {model}."),
    exceptions.ModelRequestRejectedError: gettext_noop("{provider!s} does not take the request: {reason!s}."),
    exceptions.ModelTimeoutError: gettext_noop("{provider!s} did not answer within {timeout} seconds."),
    exceptions.ModelRequestTimeout: gettext_noop("{provider!s} did not answer within {timeout} seconds."),
    exceptions.ModelConnectionError: gettext_noop("The connection to {provider!s} failed."),
    exceptions.ModelRateLimitError: gettext_noop(
        "{provider!s} limits how often it may be asked, and the wait is too long."
    ),
    exceptions.ModelHTTPError: gettext_noop("{provider!s} failed with status {status}."),
    Exception: gettext_noop("{provider!s} sent something that is no answer ({kind})."),
}
NO_KEY = gettext_noop("{provider!s} needs a key, and there is none.")
FILTERED = gettext_noop("The provider's filter kept the answer back ({reason!s}).")
NO_REASON = gettext_noop("no reason is given")

# Statuses with which a provider turns a request away unread: it charges nothing for it.
TURNED_AWAY = frozenset({400, 401, 402, 403, 404, 405, 409, 410, 413, 415, 422, 425, 429, 503, 529})
# Phases of a connection before a request is sent.
UNSENT = ("pool", "connect")

Lasting = (exceptions.ModelAuthenticationError, exceptions.ModelNotFoundError, exceptions.ModelQuotaExceededError)
Known = (exceptions.ModelAPIError, exceptions.UnexpectedModelBehavior)


def is_permanent(error: Exception) -> bool:
    """Whether a request for any other document would fail with it too."""
    return isinstance(error, (*Lasting, exceptions.UserError)) or _lacks_key(error)


def _lacks_key(error: Exception) -> bool:
    """Amazon's client looks for keys in many places, and fails with the first request where it finds none."""
    return type(error).__name__ in ("NoCredentialsError", "PartialCredentialsError")


def is_transient(error: Exception) -> bool:
    """Whether the same request may succeed later."""
    if isinstance(error, exceptions.ModelRequestRejectedError) or is_permanent(error) or not isinstance(error, Known):
        return False
    status = error.status_code if isinstance(error, exceptions.ModelHTTPError) else 500
    return status >= 500 or status in (408, 409, 425, 429)


def is_rate_limit(error: Exception) -> bool:
    """Whether it is a rate limit, or comes with the time after which to send the request again."""
    named = getattr(error, "retry_after", None) is not None
    return isinstance(error, exceptions.ModelRateLimitError) or (named and is_transient(error))


def may_be_charged(error: Exception) -> bool:
    """Whether the provider may have read the request, and charge it; surely not where it was never sent, or turned
    away."""
    if isinstance(error, exceptions.ModelAPIError) and error.in_stream:
        return True
    if isinstance(error, exceptions.ModelConnectionError):
        return error.phase not in UNSENT
    if isinstance(error, exceptions.ModelHTTPError):
        return error.status_code not in TURNED_AWAY
    turned_away = isinstance(error, (exceptions.ModelRequestRejectedError, exceptions.ModelRateLimitError))
    return not (turned_away or is_permanent(error))


def describe(error: Exception, provider: str, model: str, timeout: float, secrets: Iterable[str]) -> str:
    """The error in one sentence; `provider` as in sentences for people."""
    template = (
        NO_KEY if _lacks_key(error) else next(words for kind, words in SENTENCES.items() if isinstance(error, kind))
    )
    sentence = template.format(
        provider=provider,
        model=model,
        timeout=f"{timeout:g}",
        status=getattr(error, "status_code", ""),
        reason=_message(error, secrets),
        kind=type(error).__name__,
    )
    return sentence[:1].upper() + sentence[1:]


def refusal(response: ModelResponse, text: str) -> str | None:
    """Reason of a refusal by the model or its provider's filter; `None` where there is none."""
    if response.finish_reason == "content_filter":
        details = response.provider_details or {}
        if words := details.get("refusal"):
            return _short(str(words))
        reason = details.get("block_reason") or details.get("finish_reason") or NO_REASON
        return FILTERED.format(reason=reason)
    start = text.strip()[:MAX_APOLOGY]
    return _short(text) if "{" not in text and APOLOGY.search(start) else None


def _message(error: Exception, secrets: Iterable[str]) -> str:
    """The provider's message, without the secrets that it may repeat."""
    body = getattr(error, "body", None)
    body = body.get("error", body) if isinstance(body, Mapping) else None
    text = body.get("message", "") if isinstance(body, Mapping) else ""
    text = str(text) or NO_REASON
    for secret in secrets:
        text = text.replace(secret, "…")
    return _short(text).rstrip(".")


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
