"""Protocol of a provider's batch endpoint, and the errors of its client in pydantic-ai's terms."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import httpx2
from pydantic_ai import exceptions
from pydantic_ai.models import Model
from pydantic_ai.models.batch import BatchResult, EncodedBatchRequest

from extraction.engines.teacher.batching import EntryId, Found, Framing, Limits, Outcome, Result, Status

# Bytes of a file that this program makes: less than providers take, as it is held in memory while it is sent.
MB = 10**6
MOST_BYTES = 64 * MB

_STATUS = {
    Outcome.ANSWERED: "succeeded",
    Outcome.FAILED: "errored",
    Outcome.EXPIRED: "expired",
    Outcome.CANCELLED: "canceled",
}


class BatchApi(Protocol):
    """How one provider takes batches. `teacher.batching` says what the methods mean.

    The methods that ask the provider raise errors of pydantic-ai.
    """

    limits: Limits
    framing: Framing

    def entry(self, id: EntryId, body: str) -> bytes: ...

    async def send(self, model: Model[Any], file: Path, key: str, group: str) -> Status:
        """`group` is that of a request encoded by `model` (`EncodedBatchRequest.group`)."""

    async def find(
        self, model: Model[Any], key: str, since: datetime, entries: int, known: Collection[str]
    ) -> Found | None: ...

    async def status(self, model: Model[Any], id: str) -> Status: ...

    async def cancel(self, model: Model[Any], id: str) -> None: ...

    async def download(self, model: Model[Any], id: str, file: Path) -> None: ...

    async def forget(self, model: Model[Any], id: str) -> None: ...

    def result(self, line: str) -> Result: ...


def encoded(id: str, group: str, body: str) -> EncodedBatchRequest:
    return EncodedBatchRequest(custom_id=id, group=group, body=body)


def batch_result(result: Result) -> BatchResult:
    """The result as pydantic-ai decodes it."""
    status: Any = _STATUS[result.outcome]
    return BatchResult(custom_id=result.id, status=status, body=result.body or None)


@contextmanager
def translated(sdk: Any, model: str) -> Iterator[None]:
    """Raises errors of a provider's client (`sdk` is its package) as pydantic-ai does for single requests."""
    try:
        yield
    except sdk.APIStatusError as error:
        raise _by_status(error, model) from None
    except sdk.APITimeoutError as error:
        raise exceptions.ModelTimeoutError(model, str(error)) from None
    except (sdk.APIError, httpx2.TransportError) as error:
        raise exceptions.ModelConnectionError(model, str(error)) from None


def _by_status(error: Any, model: str) -> exceptions.ModelAPIError:
    kinds: dict[int, type[exceptions.ModelAPIError]] = {
        401: exceptions.ModelAuthenticationError,
        403: exceptions.ModelAuthenticationError,
        402: exceptions.ModelQuotaExceededError,
        400: exceptions.ModelRequestRejectedError,
        413: exceptions.ModelRequestRejectedError,
        422: exceptions.ModelRequestRejectedError,
        429: exceptions.ModelRateLimitError,
    }
    if getattr(error, "code", None) == "insufficient_quota":
        return exceptions.ModelQuotaExceededError(model, str(error), body=error.body)
    if kind := kinds.get(error.status_code):
        return kind(model, str(error), body=error.body)
    return exceptions.ModelHTTPError(error.status_code, model, error.body)
