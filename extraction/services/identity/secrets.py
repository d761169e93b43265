"""Secrets of apps that make codes, encrypted in the database under the secret key of the installation."""

from __future__ import annotations

import base64
import hashlib

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings

SALT = b"identity.secrets"


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # django-allauth has no types here
    """What django-allauth asks about codes: how their secrets are stored, and what an app calls the account."""

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Raises `InvalidToken` where it was encrypted under another key."""
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def send_notification_mail(self, *args: object, **kwargs: object) -> None:
        """Not by mail: it is in the audit log."""


def _cipher() -> Fernet:
    key = hashlib.blake2b(settings.SECRET_KEY.encode(), digest_size=32, salt=SALT).digest()
    return Fernet(base64.urlsafe_b64encode(key))
