"""How somebody logged in: kept in the session, for the second factor that an operator may require."""

from __future__ import annotations

from enum import StrEnum

from django.contrib.auth import login
from django.http import HttpRequest

from extraction.models import User

BACKEND = "django.contrib.auth.backends.ModelBackend"
_KEY = "log_in"


class Method(StrEnum):
    PASSWORD = "password"  # noqa: S105
    """The password alone."""
    CODE = "code"
    """The password and a code."""
    PROVIDER = "provider"
    """An OpenID provider, which asks for as much as it finds right."""


def enter(request: HttpRequest, user: User, method: Method) -> None:
    """Log the user in, in a new session."""
    login(request, user, backend=BACKEND)
    request.session[_KEY] = method.value


def strengthen(request: HttpRequest) -> None:
    """A right code was given in this session."""
    request.session[_KEY] = Method.CODE.value


def method_of(request: HttpRequest) -> Method | None:
    """`None` for a session of before this was kept."""
    kept = request.session.get(_KEY)
    return Method(kept) if kept in list(Method) else None
