"""The OpenID provider of the settings."""

from __future__ import annotations

from typing import Protocol

from django.conf import settings

from extraction.domain.errors import gettext_noop
from extraction.services.errors import NotFound


class Provider(Protocol):
    """What the environment says of it; `docs/operation.md` explains the variables."""

    @property
    def issuer(self) -> str: ...
    @property
    def client_id(self) -> str: ...
    @property
    def secret(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def domains(self) -> tuple[str, ...]: ...
    @property
    def claim(self) -> tuple[str, str] | None: ...
    @property
    def groups_claim(self) -> str: ...


def provider() -> Provider:
    """Raises `NotFound` where there is none."""
    found: Provider | None = settings.KD_OIDC
    if found is None:
        raise NotFound(gettext_noop("There is no provider to log in with."))
    return found
