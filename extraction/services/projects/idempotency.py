"""Calls with an idempotency key: made once, and answered once more from the row for a day.

The row is the truth. A process that dies in the middle of a call leaves a row without an answer, and the next request
with the key goes on with it: services that make something note the call in what they make, and find it there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from django.utils import timezone

from extraction.domain.json_types import JsonObject
from extraction.models import ApiToken, IdempotentCall
from extraction.services.errors import Invalid, Later
from extraction.services.jobs import execution

KEPT = timedelta(hours=24)
# A call of a process on another machine, of which nobody here knows whether it lives, is given up after this time.
LONGEST = timedelta(hours=1)
LONGEST_KEY = 255
# Seconds after which a program should ask again for the answer to a call that is under way.
AGAIN = 2


class UnderWay(Later):
    """The first call with the key has no answer yet."""

    status = 409


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """The answer to a call: status, the headers that a repetition needs, and the body as text."""

    status: int
    headers: Mapping[str, str]
    body: str

    def to_json(self) -> JsonObject:
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(value["status"], value["headers"], value["body"])


def check_key(key: str) -> None:
    """Raises `Invalid` for a key that is empty, too long, or not of printable ASCII."""
    if not (0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
        raise Invalid(f"The header Idempotency-Key takes 1 to {LONGEST_KEY} printable ASCII characters.")


def begin(token: ApiToken, key: str, request: str) -> IdempotentCall | KeptAnswer:
    """The answer that the call got before, or its row, with which this process may go on.

    `request` is a digest of the whole request. Raises `Invalid` where the key stands for another request, and
    `UnderWay` while another process works on it.
    """
    check_key(key)
    token.idempotent_calls.filter(key=key, started__lt=_oldest()).delete()
    claim = {"worker": execution.process_token(), "started": timezone.now()}
    call, created = token.idempotent_calls.get_or_create(key=key, defaults={"request": request, **claim})
    if created:
        return call
    if call.request != request:
        raise Invalid("This Idempotency-Key was sent with another request; each request needs a key of its own.")
    if call.answer is not None:
        return KeptAnswer.from_json(call.answer)
    forsaken = IdempotentCall.objects.filter(pk=call.pk, worker=call.worker, answer__isnull=True)
    if not _is_forsaken(call) or not forsaken.update(**claim):
        raise UnderWay("The first call with this Idempotency-Key is still under way; ask again in a moment.", AGAIN)
    return call


def finish(call: IdempotentCall, answer: KeptAnswer) -> None:
    IdempotentCall.objects.filter(pk=call.pk).update(answer=answer.to_json(), worker="")


def refuse(call: IdempotentCall) -> None:
    """Forget a call that made nothing: its key is free for the request that puts it right."""
    IdempotentCall.objects.filter(pk=call.pk, answer__isnull=True).delete()


def release(call: IdempotentCall) -> None:
    """Leave a call of which nobody knows what it made to the next request with its key."""
    IdempotentCall.objects.filter(pk=call.pk, answer__isnull=True).update(worker="")


def forget_answer(call: int | None) -> None:
    """Delete the call with that primary key, because what it made is deleted: its answer tells the same."""
    if call is not None:
        IdempotentCall.objects.filter(pk=call).delete()


def forget() -> int:
    """Delete calls whose time is over; how many rows went."""
    return IdempotentCall.objects.filter(started__lt=_oldest()).delete()[0]


def _oldest() -> datetime:
    return timezone.now() - KEPT


def _is_forsaken(call: IdempotentCall) -> bool:
    silent = call.started < timezone.now() - LONGEST
    return not call.worker or silent or execution.process_is_dead(call.worker)
