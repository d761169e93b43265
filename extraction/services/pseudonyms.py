"""Pseudonyms: what stands in the place of a person's name, from the start or once it is deleted."""

from __future__ import annotations

import re

from django.utils.crypto import salted_hmac

PREFIX = "person-"
_MADE = re.compile(rf"{PREFIX}[0-9a-f]{{12}}")


def of(name: str) -> str:
    """The same for the same name in any case and spacing; from it the name cannot be told without the secret key."""
    plain = " ".join(name.casefold().split())
    return PREFIX + salted_hmac("kdweb.privacy.person", plain, algorithm="sha256").hexdigest()[:12]


def kept(name: str) -> str:
    """The pseudonym of a name; what has the form of one already stays."""
    plain = name.strip()
    return plain if _MADE.fullmatch(plain) else of(plain)
