"""Whoever is logged in, as the one who acts."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from extraction.models import Door, User
from extraction.services.audit_log.actors import Actor, acting


class RequestActor:
    """Middleware; the account is looked up where an entry is written only."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        def find() -> User | None:
            return request.user if isinstance(request.user, User) else None

        with acting(Actor(Door.PAGE, find=find)):
            return self.get_response(request)
