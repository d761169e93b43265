"""Pseudonyms: what stands in the place of a person's name once it is deleted."""

from __future__ import annotations

from django.utils.crypto import salted_hmac

PREFIX = "person-"


def of(name: str) -> str:
    """The same for the same name in any case and spacing; from it the name cannot be told without the secret key."""
    plain = " ".join(name.casefold().split())
    return PREFIX + salted_hmac("kdweb.privacy.person", plain, algorithm="sha256").hexdigest()[:12]
