"""Authorisation, resolved once for every call: a token, its project and its scopes; never a session's cookie."""

from __future__ import annotations

from django.http import HttpRequest
from ninja.security import HttpBearer

from extraction.domain.errors import UserError, quoted
from extraction.models import ApiToken, Door, IdempotentCall, Scope
from extraction.services.audit_log import actors
from extraction.services.audit_log.actors import Actor
from extraction.services.errors import NotFound
from extraction.services.projects import token_usage, tokens


class Forbidden(UserError):
    """The token is good, but not for this call; the message is one sentence."""


class ApiRequest(HttpRequest):
    """The request of a call that let a token in; `call` is its row where it came with an idempotency key.

    `answers_secret`: the answer holds a secret, which must not be stored.
    """

    auth: ApiToken
    call: IdempotentCall | None
    answers_secret: bool


class Token(HttpBearer):
    """Lets in tokens with a scope, without one any token. Another project than the token's looks like one that is not
    there."""

    openapi_description = "A token of one project, made on its API page or by `manage.py create_token`."

    def __init__(self, scope: Scope | None) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        """Raises `NotFound` and `Forbidden`; `None` stands for a token that counts for nothing."""
        row = tokens.authenticate(token)
        if row is None:
            return None
        match = request.resolver_match
        slug = match.kwargs.get("slug") if match else None
        if slug is not None and slug != row.project.slug:
            raise NotFound(f"There is no project named {quoted(slug)}.")
        if self.scope is not None:
            _check(row, self.scope)
        token_usage.count_call(row)
        actors.become(Actor.of(Door.API, str(row), row.user))
        return row


def _check(row: ApiToken, scope: Scope) -> None:
    """Raises `Forbidden`."""
    if scope not in row.scopes:
        raise Forbidden(f"This token may not do that: it lacks the scope {scope.value}.")
    if not tokens.allows(row, scope):
        raise Forbidden("The person this token was made for may no longer do that.")
