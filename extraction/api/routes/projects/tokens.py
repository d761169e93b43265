"""The token that a call comes with: what it may do, what is used of it, and its replacement."""

from __future__ import annotations

from ninja import Router

from extraction.api.auth import ApiRequest, Token
from extraction.api.openapi import problems
from extraction.api.schemas.projects.tokens import TokenOut, TokenReplacedOut, TokenReplacementIn
from extraction.domain.json_types import JsonObject
from extraction.models import ApiToken
from extraction.services.projects import token_usage, tokens

router = Router(tags=["tokens"])


@router.get(
    "/token",
    auth=Token(None),
    response={200: TokenOut, **problems()},
    operation_id="own_token",
    summary="The token of this call",
)
def own_token(request: ApiRequest) -> JsonObject:
    """Whatever its scopes. `month` has what is used of its quota."""
    return _told(request.auth)


@router.post(
    "/token/replace",
    auth=Token(None),
    response={200: TokenReplacedOut, **problems(400, 409, 413)},
    operation_id="replace_own_token",
    summary="Replace the token of this call",
)
def replace_own_token(request: ApiRequest, body: TokenReplacementIn) -> JsonObject:
    """The answer holds the new secret this one time; name, scopes, usage and quota stay. Refused (409) where the call
    came with a secret that was replaced already: only the present one can be replaced."""
    row = request.auth
    request.answers_secret = True
    secret = tokens.replace(row, hours=body.hours)
    return {**_told(row), "secret": secret}


def _told(row: ApiToken) -> JsonObject:
    overlap = row.replaced_until if row.has_overlap else None
    usage = token_usage.of(row)
    return {
        "name": row.name,
        "prefix": row.prefix,
        "project": row.project.slug,
        "user": row.user.username,
        "scopes": row.scopes,
        "allowed": tokens.allowed(row),
        "replaced": row.outdated,
        "expires": overlap if row.outdated else None,
        "overlap_ends": overlap,
        "created": row.created,
        "month": {
            "calls": usage.calls,
            "documents": usage.documents,
            "quota": usage.quota,
            "left": usage.left,
            "resets": usage.resets,
        },
    }
