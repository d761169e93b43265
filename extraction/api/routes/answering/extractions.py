"""Extractions as a list and as files."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from django.http import StreamingHttpResponse
from ninja import P, Query, QueryEx, Router

from extraction.api.auth import ApiRequest, Token
from extraction.api.downloads import ExportFormat, stream
from extraction.api.openapi import problems
from extraction.api.pagination import Cursor, Part, page
from extraction.api.routes.parameters import Day, Slug
from extraction.api.schemas.serving import ExtractionsOut
from extraction.domain.results.extraction import ExtractionResult
from extraction.models import Extraction, ExtractionBatch, Project, Scope
from extraction.services.reports.export import recording
from extraction.services.reports.export.answers.given import Given
from extraction.services.reports.export.registry import ANSWER_EXPORTERS, find
from extraction.services.serving.answers import listing, reviews
from extraction.services.serving.batches import batches

# Spelled out: the document has another `State`, of documents.
State = QueryEx[Literal["queued", "done", "failed"] | None, P(description="Only such extractions.")]
Batch = QueryEx[UUID | None, P(description="Only those of this batch.")]
Since = QueryEx[Day | None, P(description="Only files that came on this day, by UTC, or later.")]
Until = QueryEx[Day | None, P(description="Only files that came on this day, by UTC, or earlier.")]
Unsure = QueryEx[bool | None, P(description="Only such whose fields a person should look at, or only others.")]

router = Router()


@router.get(
    "/projects/{slug:slug}/extractions",
    auth=Token(Scope.EXTRACT),
    response={200: ExtractionsOut, **problems()},
    operation_id="list_extractions",
    summary="List extractions",
    tags=["extractions"],
)
def list_extractions(
    request: ApiRequest,
    slug: Slug,
    part: Query[Cursor],
    state: State = None,
    batch: Batch = None,
    since: Since = None,
    until: Until = None,
    unsure: Unsure = None,
) -> Part[ExtractionResult]:
    """Newest first, those of batches included, each as it is answered alone."""
    project = request.auth.project
    condition = listing.Filter(
        state=None if state is None else Extraction.State(state),
        batch=_batch(project, batch),
        since=since,
        until=until,
        unsure=unsure,
    )
    found = page(listing.answers(project, condition), part)
    return Part(reviews.results(project, found.results), found.next)


@router.get(
    "/projects/{slug:slug}/extractions/export",
    auth=Token(Scope.EXTRACT),
    response={200: str, **problems()},
    operation_id="export_answers",
    summary="Export answers",
    tags=["exports"],
)
def export_answers(
    request: ApiRequest,
    slug: Slug,
    batch: Batch = None,
    since: Since = None,
    until: Until = None,
    unsure: Unsure = None,
    format: ExportFormat = None,
) -> StreamingHttpResponse:
    """What was answered for files, and why files were refused, the oldest first, streamed; what waits is left out.
    `csv` and `xlsx` have the project's present fields, `jsonl` every answer whole."""
    project = request.auth.project
    exporter = find(ANSWER_EXPORTERS, format)
    subject = Given(project, listing.Filter(batch=_batch(project, batch), since=since, until=until, unsure=unsure))
    recording.record_answers(exporter, subject)
    return stream(exporter, subject)


def _batch(project: Project, id: UUID | None) -> ExtractionBatch | None:
    return None if id is None else batches.find(project, id)
