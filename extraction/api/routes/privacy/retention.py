"""Retention: periods, what goes next, and legal holds."""

from __future__ import annotations

from dataclasses import replace

from ninja import Router, Status

from extraction.api.auth import ApiRequest, Token
from extraction.api.openapi import problems
from extraction.api.routes.documents import find
from extraction.api.routes.parameters import Id, Slug
from extraction.api.schemas.privacy.retention import DocumentHoldIn, RetentionIn, RetentionOut
from extraction.domain.json_types import JsonObject
from extraction.models import Retention, Scope
from extraction.services.privacy import retention, settings

router = Router(tags=["documents"])


@router.put(
    "/projects/{slug:slug}/documents/{int:id}/hold",
    auth=Token(Scope.MANAGE),
    response={204: None, **problems(400, 413)},
    operation_id="hold_document",
    summary="Hold a document",
)
def hold_document(request: ApiRequest, slug: Slug, id: Id, body: DocumentHoldIn) -> Status[None]:
    """Under a legal hold a document cannot be deleted."""
    settings.hold_document(find(request.auth.project, id), body.held)
    return Status(204, None)


@router.get(
    "/projects/{slug:slug}/retention",
    auth=Token(Scope.READ),
    response={200: RetentionOut, **problems()},
    operation_id="retention",
    summary="What is kept for how long",
)
def of_project(request: ApiRequest, slug: Slug) -> JsonObject:
    """The periods, and what goes next."""
    return retention.plan(request.auth.project).to_json()


@router.patch(
    "/projects/{slug:slug}/retention",
    auth=Token(Scope.MANAGE),
    response={200: RetentionOut, **problems(400, 413)},
    operation_id="change_retention",
    summary="Change what is kept for how long",
)
def change(request: ApiRequest, slug: Slug, body: RetentionIn) -> JsonObject:
    """Nothing is deleted before the next night."""
    project, wanted = request.auth.project, body.dict(exclude_unset=True)
    held = wanted.pop("held", None)
    for name, choice in (("when", Retention.When), ("versions", Retention.Versions)):
        if name in wanted:
            wanted[name] = choice(wanted[name])
    if wanted:
        settings.change(project, replace(settings.of(project), **wanted))
    if held is not None:
        settings.hold(project, held)
    return retention.plan(project).to_json()
