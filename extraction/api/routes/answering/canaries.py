"""A candidate that answers a share of the documents, compared with the serving version."""

from __future__ import annotations

from ninja import Router

from extraction.api.auth import ApiRequest, Token
from extraction.api.openapi import problems
from extraction.api.routes.parameters import Slug
from extraction.api.schemas.answering.canaries import CanaryIn, CanaryStateOut
from extraction.domain.json_types import JsonObject
from extraction.models import Scope
from extraction.services.serving import registry
from extraction.services.serving.canaries import lifecycle, state
from extraction.services.serving.canaries.lifecycle import Wanted

router = Router(tags=["models"])


@router.get(
    "/projects/{slug:slug}/canary",
    auth=Token(Scope.READ),
    response={200: CanaryStateOut, **problems()},
    operation_id="canary",
    summary="How a candidate does on a share of the traffic",
)
def canary(request: ApiRequest, slug: Slug) -> JsonObject:
    """The running canary, else the last one: both versions on the same documents, and what may be said by now."""
    return state.of(request.auth.project).to_json()


@router.post(
    "/projects/{slug:slug}/canary",
    auth=Token(Scope.MANAGE),
    response={200: CanaryStateOut, **problems(400, 409, 413)},
    operation_id="start_canary",
    summary="Let a candidate answer a share of the documents",
)
def start_canary(request: ApiRequest, slug: Slug, body: CanaryIn) -> JsonObject:
    """Calls that name a model are not affected. Refused while another canary runs."""
    wanted = Wanted(body.share, body.margin, body.documents, body.promotes)
    lifecycle.start(registry.find(request.auth.project, body.model), wanted, request.auth.user)
    return state.of(request.auth.project).to_json()


@router.post(
    "/projects/{slug:slug}/canary/promote",
    auth=Token(Scope.MANAGE),
    response={200: CanaryStateOut, **problems(409)},
    operation_id="promote_canary",
    summary="Make the candidate serve",
)
def promote_canary(request: ApiRequest, slug: Slug) -> JsonObject:
    """Whatever the figures say."""
    lifecycle.promote(request.auth.project, request.auth.user)
    return state.of(request.auth.project).to_json()


@router.post(
    "/projects/{slug:slug}/canary/rollback",
    auth=Token(Scope.MANAGE),
    response={200: CanaryStateOut, **problems(409)},
    operation_id="roll_back_canary",
    summary="Take the candidate out of the traffic",
)
def roll_back_canary(request: ApiRequest, slug: Slug) -> JsonObject:
    """Also after it was promoted: the version before serves again. Requests under way are answered by the version that
    they began with."""
    lifecycle.roll_back(request.auth.project, request.auth.user)
    return state.of(request.auth.project).to_json()


@router.post(
    "/projects/{slug:slug}/canary/stop",
    auth=Token(Scope.MANAGE),
    response={200: CanaryStateOut, **problems(409)},
    operation_id="stop_canary",
    summary="End the comparison without a verdict",
)
def stop_canary(request: ApiRequest, slug: Slug) -> JsonObject:
    """The serving version answers everything again."""
    lifecycle.stop(request.auth.project, request.auth.user)
    return state.of(request.auth.project).to_json()
