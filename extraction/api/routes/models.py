"""Versions of the student, and which one serves."""

from __future__ import annotations

from typing import Any

from ninja import P, PathEx, Query, Router

from extraction.api.auth import ApiRequest, Token
from extraction.api.openapi import problems
from extraction.api.pagination import Cursor, page
from extraction.api.routes.parameters import NAME, Slug
from extraction.api.schemas.models import ModelOut, ModelsOut
from extraction.models import ModelVersion, Scope
from extraction.services.serving import registry

router = Router(tags=["models"])


@router.get(
    "/projects/{slug:slug}/models",
    auth=Token(Scope.READ),
    response={200: ModelsOut, **problems()},
    operation_id="list_models",
    summary="List model versions",
)
def list_models(request: ApiRequest, slug: Slug, part: Query[Cursor]) -> dict[str, Any]:
    """Newest first."""
    rows = request.auth.project.model_versions.select_related("run").defer("run__curve", "run__log")
    return page(rows, part)


@router.post(
    "/projects/{slug:slug}/models/{name}/promote",
    auth=Token(Scope.MANAGE),
    response={200: ModelOut, **problems(409)},
    operation_id="promote_model",
    summary="Make a model serve",
)
def promote_model(request: ApiRequest, slug: Slug, name: PathEx[str, P(pattern=NAME)]) -> ModelVersion:
    """The model that served before is archived. Promoting the serving model changes nothing."""
    return registry.promote(registry.find(request.auth.project, name), request.auth.user)
