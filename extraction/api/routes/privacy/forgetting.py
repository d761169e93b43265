"""The deletion of documents, and what models owe after it."""

from __future__ import annotations

from ninja import Router, Status

from extraction.api.auth import ApiRequest, Token
from extraction.api.openapi import problems
from extraction.api.routes.documents import find
from extraction.api.routes.parameters import Id, Slug
from extraction.api.schemas.privacy.forgetting import EvidenceOut, LearnersOut
from extraction.domain.json_types import JsonObject
from extraction.models import Scope
from extraction.services.privacy.forgetting import due, evidence, lineage

router = Router(tags=["documents"])


@router.get(
    "/projects/{slug:slug}/documents/{int:id}/learners",
    auth=Token(Scope.READ),
    response={200: LearnersOut, **problems()},
    operation_id="document_learners",
    summary="What learned from a document",
)
def document_learners(request: ApiRequest, slug: Slug, id: Id) -> JsonObject:
    """Models and unfinished trainings that have to forget the document once it is deleted."""
    row = find(request.auth.project, id)
    found = lineage.of_documents(row.project, request.auth.project.documents.filter(pk=row.pk))
    return {
        "learners": [
            {
                "name": learner.run.name,
                "model": learner.model is not None,
                "uses": [use.value for use in learner.uses],
            }
            for learner in found
        ]
    }


@router.get(
    "/projects/{slug:slug}/forgetting",
    auth=Token(Scope.READ),
    response={200: EvidenceOut, **problems()},
    operation_id="forgetting",
    summary="What models owe and have forgotten",
    tags=["models"],
)
def forgetting(request: ApiRequest, slug: Slug) -> JsonObject:
    """With the evidence: both snapshots, how the successor was trained, and when the old files were deleted."""
    return evidence.of(request.auth.project).to_json()


@router.post(
    "/projects/{slug:slug}/forgetting/start",
    auth=Token(Scope.MANAGE),
    response={202: EvidenceOut, **problems()},
    operation_id="start_forgetting",
    summary="Begin what is owed now",
    tags=["models"],
)
def start_forgetting(request: ApiRequest, slug: Slug) -> Status[JsonObject]:
    due.start(request.auth.project)
    return Status(202, evidence.of(request.auth.project).to_json())
