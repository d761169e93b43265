"""The learning curve of a project, and drift."""

from __future__ import annotations

from ninja import Router

from extraction.api.auth import ApiRequest, Token
from extraction.api.openapi import problems
from extraction.api.routes.parameters import Slug
from extraction.api.schemas.trust.of_projects import DriftOut, LearningCurveOut
from extraction.domain.json_types import JsonObject
from extraction.models import Scope
from extraction.services.reports.trust import drift, learning

router = Router()


@router.get(
    "/projects/{slug:slug}/learning-curve",
    auth=Token(Scope.READ),
    response={200: LearningCurveOut, **problems()},
    operation_id="learning_curve",
    summary="Quality against labels, minutes and dollars",
    tags=["trust"],
)
def learning_curve(request: ApiRequest, slug: Slug) -> JsonObject:
    """Of the project's models, and what the next hundred labels would bring."""
    return learning.of(request.auth.project).to_json()


@router.get(
    "/projects/{slug:slug}/drift",
    auth=Token(Scope.READ),
    response={200: DriftOut, **problems()},
    operation_id="drift",
    summary="What comes in against what was learned from",
    tags=["trust"],
)
def of_project(request: ApiRequest, slug: Slug) -> JsonObject:
    """The last check of the serving model; one is made a day."""
    return drift.to_json(drift.of(request.auth.project))
