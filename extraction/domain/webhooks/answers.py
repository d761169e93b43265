"""What came of an attempt to deliver a webhook."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class DeliveryOutcome(StrEnum):
    """Ends of an attempt."""

    DELIVERED = "delivered"
    REJECTED = "rejected"
    REDIRECTED = "redirected"
    GONE = "gone"
    TIMED_OUT = "timed_out"
    UNREACHABLE = "unreachable"
    UNTRUSTED = "untrusted"
    MALFORMED = "malformed"
    REFUSED_ADDRESS = "refused_address"

    @property
    def answered(self) -> bool:
        """Whether the receiver answered at all; the others hold up the sender, or never reach it."""
        return self in (
            DeliveryOutcome.DELIVERED,
            DeliveryOutcome.REJECTED,
            DeliveryOutcome.REDIRECTED,
            DeliveryOutcome.GONE,
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """`status` and the beginning of the answer (`text`) where there was one; `milliseconds` of wall clock."""

    outcome: DeliveryOutcome
    milliseconds: int
    status: int | None = None
    text: str = ""


def outcome_of(status: int) -> DeliveryOutcome:
    """What an HTTP status means."""
    if 200 <= status < 300:
        return DeliveryOutcome.DELIVERED
    if 300 <= status < 400:
        return DeliveryOutcome.REDIRECTED
    return DeliveryOutcome.GONE if status == 410 else DeliveryOutcome.REJECTED
