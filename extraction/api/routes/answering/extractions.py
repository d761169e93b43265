"""Extractions as a list."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from ninja import P, Query, QueryEx, Router

from extraction.api.auth import ApiRequest, Token
from extraction.api.openapi import problems
from extraction.api.pagination import Cursor, Part, page
from extraction.api.routes.parameters import Day, Slug
from extraction.api.schemas.serving import ExtractionsOut
from extraction.domain.results.extraction import ExtractionResult
from extraction.models import Extraction, Scope
from extraction.services.serving.answers import listing
from extraction.services.serving.batches import batches

# Spelled out: the document has another `State`, of documents.
State = QueryEx[Literal["queued", "done", "failed"] | None, P(description="Only such extractions.")]
Batch = QueryEx[UUID | None, P(description="Only those of this batch.")]
Since = QueryEx[Day | None, P(description="Only files that came on this day, by UTC, or later.")]
Until = QueryEx[Day | None, P(description="Only files that came on this day, by UTC, or earlier.")]

router = Router(tags=["extractions"])


@router.get(
    "/projects/{slug:slug}/extractions",
    auth=Token(Scope.EXTRACT),
    response={200: ExtractionsOut, **problems()},
    operation_id="list_extractions",
    summary="List extractions",
)
def list_extractions(
    request: ApiRequest,
    slug: Slug,
    part: Query[Cursor],
    state: State = None,
    batch: Batch = None,
    since: Since = None,
    until: Until = None,
) -> Part[ExtractionResult]:
    """Newest first, those of batches included, each as it is answered alone."""
    project = request.auth.project
    condition = listing.Filter(
        state=None if state is None else Extraction.State(state),
        batch=None if batch is None else batches.find(project, batch),
        since=since,
        until=until,
    )
    found = page(listing.answers(project, condition), part)
    return Part([row.as_domain() for row in found.results], found.next)
