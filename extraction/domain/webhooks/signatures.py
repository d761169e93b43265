"""Secrets and signatures of webhooks by the Standard Webhooks specification 1.0 (standardwebhooks.com)."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Iterable
from hashlib import sha256

PREFIX = "whsec_"


def secret(key: bytes) -> str:
    """A key in the form in which its receiver keeps it; the specification asks for 24 to 64 bytes."""
    return PREFIX + base64.b64encode(key).decode("ascii")


def sign(key: bytes, message: str, timestamp: int, body: bytes) -> str:
    """The signature of one attempt: HMAC-SHA256 over `message.timestamp.body`, in base64, after its version.

    `timestamp` is in seconds since 1970.
    """
    signed = f"{message}.{timestamp}.".encode("ascii") + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, sha256)).decode("ascii")


def headers(keys: Iterable[bytes], message: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The headers of one attempt. While a secret is replaced there are two keys, and a signature by each."""
    return {
        "webhook-id": message,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(sign(key, message, timestamp, body) for key in keys),
    }
