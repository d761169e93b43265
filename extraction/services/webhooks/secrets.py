"""Secrets of endpoints.

Each is derived from a random nonce of its row and the secret key of the installation, so that a copy of the database
alone signs nothing; another `SECRET_KEY` replaces them all, as it ends API tokens.
"""

from __future__ import annotations

import secrets

from django.utils.crypto import salted_hmac

from extraction.domain.webhooks import signatures
from extraction.models import WebhookEndpoint

SALT = "extraction.services.webhooks"
NONCE_BYTES = 32


def new_nonce() -> str:
    """What a new secret is derived from."""
    return secrets.token_urlsafe(NONCE_BYTES)


def shown(endpoint: WebhookEndpoint) -> str:
    """The newest secret, as its receiver keeps it."""
    return signatures.secret(_key(endpoint.nonce))


def keys(endpoint: WebhookEndpoint) -> list[bytes]:
    """The keys that sign now, the newest first: for a day after a rotation two of them."""
    return [_key(nonce) for nonce in endpoint.nonces]


def _key(nonce: str) -> bytes:
    return salted_hmac(SALT, nonce, algorithm="sha256").digest()
