"""Automatic training: state and history, and the answer to an open question."""

from __future__ import annotations

from ninja import Router

from extraction.api.auth import ApiRequest, Token
from extraction.api.openapi import problems
from extraction.api.routes.parameters import Slug
from extraction.api.schemas.automation import AutomationOut, PromotionAnswerIn
from extraction.domain.json_types import JsonObject
from extraction.models import Scope
from extraction.services.automation import decisions, state

router = Router(tags=["training"])


@router.get(
    "/projects/{slug:slug}/automation",
    auth=Token(Scope.READ),
    response={200: AutomationOut, **problems()},
    operation_id="automation",
    summary="What the project does by itself",
)
def automation(request: ApiRequest, slug: Slug) -> JsonObject:
    """Its settings, what happens next and when, the open question, and the newest steps."""
    return state.of(request.auth.project).to_json()


@router.post(
    "/projects/{slug:slug}/automation/answer",
    auth=Token(Scope.MANAGE),
    response={200: AutomationOut, **problems(400, 409, 413)},
    operation_id="answer_automation",
    summary="Answer the open question",
)
def answer_automation(request: ApiRequest, slug: Slug, body: PromotionAnswerIn) -> JsonObject:
    """Promotes the model that the question is about, or keeps the serving one. Refused (409) where the question was
    answered or another model serves by now."""
    decisions.answer(request.auth.project, body.training_run, promote=body.promote, actor=request.auth.user)
    return state.of(request.auth.project).to_json()
