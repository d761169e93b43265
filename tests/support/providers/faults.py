"""What a provider may do instead of answering well."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from enum import StrEnum


class Fault(StrEnum):
    MALFORMED = "malformed"  # an answer, paid for, that does not keep to the schema
    REFUSE = "refuse"  # the provider's own way of saying no, paid for
    EXCUSE = "excuse"  # a refusal in prose, which no field of the answer gives away
    CUT = "cut"  # an answer, paid for, that ends at the most tokens it may have
    LIMIT = "limit"  # 429 with Retry-After
    HANG = "hang"  # no answer within any time-out
    STALL = "stall"  # the answer begins and does not go on
    DROP = "drop"  # the connection breaks in the middle of the answer
    ERROR = "error"  # 500
    OVERLOADED = "overloaded"  # 503, or what the provider sends in its place
    KEY = "key"  # 401 that repeats the key
    MODEL = "model"  # 404
    CREDIT = "credit"  # no money left
    REQUEST = "request"  # 400


# Of these the provider is paid.
PAID = frozenset({Fault.MALFORMED, Fault.REFUSE, Fault.EXCUSE, Fault.CUT})


def drawn(rates: Mapping[Fault, float], seed: int, document: str, attempt: int) -> Fault | None:
    """The fault of this attempt at this document, the same in whatever order requests come."""
    digest = hashlib.sha256(f"{seed} {document} {attempt}".encode()).digest()
    place = int.from_bytes(digest[:8], "big") / 2**64
    for fault, rate in rates.items():
        if place < rate:
            return fault
        place -= rate
    return None
