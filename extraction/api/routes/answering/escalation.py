"""Escalation: settings, state and the cost–quality curve."""

from __future__ import annotations

from decimal import Decimal

from ninja import Router, Status

from extraction.api.auth import ApiRequest, Token
from extraction.api.openapi import problems
from extraction.api.routes.parameters import Slug
from extraction.api.schemas.answering.escalation import EscalationIn, EscalationOut
from extraction.domain.json_types import JsonObject
from extraction.models import Scope
from extraction.services.serving.escalation import curves, settings, state
from extraction.services.serving.escalation.settings import Settings

router = Router(tags=["models"])


@router.get(
    "/projects/{slug:slug}/escalation",
    auth=Token(Scope.READ),
    response={200: EscalationOut, **problems()},
    operation_id="escalation",
    summary="When the teacher reads beside the student",
)
def escalation(request: ApiRequest, slug: Slug) -> JsonObject:
    """Settings, what this month cost and why, and what more money would bring."""
    return state.of(request.auth.project).to_json()


@router.put(
    "/projects/{slug:slug}/escalation",
    auth=Token(Scope.MANAGE),
    response={200: EscalationOut, **problems(400, 413)},
    operation_id="change_escalation",
    summary="Set when the teacher reads beside the student",
)
def change_escalation(request: ApiRequest, slug: Slug, body: EscalationIn) -> JsonObject:
    """Replaces all settings. Refused where pictures would leave the machine without `consent`; it holds until it is
    switched off."""
    wanted = Settings(
        body.active, Decimal(f"{body.monthly_usd:.2f}"), body.timeout_seconds, body.weights, body.keep_unsure
    )
    settings.change(request.auth.project, wanted, consent=body.consent, actor=request.auth.user)
    return state.of(request.auth.project).to_json()


@router.post(
    "/projects/{slug:slug}/escalation/curve",
    auth=Token(Scope.MANAGE),
    response={202: EscalationOut, **problems()},
    operation_id="measure_escalation",
    summary="Measure what escalation would bring",
)
def measure_escalation(request: ApiRequest, slug: Slug) -> Status[JsonObject]:
    """Reads the validation documents with the serving student; the curve is there once `measuring` is false."""
    curves.request(request.auth.project)
    return Status(202, state.of(request.auth.project).to_json())
