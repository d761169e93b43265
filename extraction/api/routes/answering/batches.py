"""Extraction batches: many files in one call, their progress and their results."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, StreamingHttpResponse
from django.urls import reverse
from ninja import FileEx, P, Query, QueryEx, Router, Status
from ninja.files import UploadedFile

from extraction.api.auth import ApiRequest, Token
from extraction.api.openapi import problems
from extraction.api.pagination import Cursor, Part, page
from extraction.api.routes.parameters import NAME, Slug
from extraction.api.schemas.serving import BatchesOut, BatchOut
from extraction.models import ExtractionBatch, Scope
from extraction.services.serving.batches import batches, results
from extraction.services.serving.batches.manifests import Manifest

router = Router(tags=["extractions"])


@router.post(
    "/projects/{slug:slug}/batches",
    auth=Token(Scope.EXTRACT),
    response={202: BatchOut, **problems(400, 409, 413, 503)},
    operation_id="start_batch",
    summary="Read the fields of many files",
)
def start_batch(
    request: ApiRequest,
    response: HttpResponse,
    slug: Slug,
    file: FileEx[list[UploadedFile], P(description="Files or ZIP archives of such, together at most 500 MB.")],
    model: QueryEx[str | None, P(pattern=NAME, description="A model version; the serving one by default.")] = None,
) -> Status[ExtractionBatch]:
    """A worker reads the files one after the other. Each is kept until all are read; a refused one harms no other."""
    token = request.auth
    row = batches.start(
        token.project,
        [(upload.name or "file", upload) for upload in file],
        model=model,
        token=token,
        author=token.user,
        call=request.call,
    )
    response["Location"] = reverse("api:batch", args=[row.public_id])
    return Status(202, row)


@router.post(
    "/projects/{slug:slug}/batches/manifest",
    auth=Token(Scope.EXTRACT),
    response={202: BatchOut, **problems(400, 409, 413, 503)},
    operation_id="start_batch_from_store",
    summary="Read the fields of files in the object store",
)
def start_batch_from_store(
    request: ApiRequest,
    response: HttpResponse,
    slug: Slug,
    file: FileEx[UploadedFile, P(description="A manifest: a text with a key a line, at most 100,000 keys and 50 MB.")],
    model: QueryEx[str | None, P(pattern=NAME, description="A model version; the serving one by default.")] = None,
) -> Status[ExtractionBatch]:
    """The keys name objects in the folder of the project below `KD_BATCH_PREFIX`; any other line gets an error with its
    number and harms no other. A worker fetches the objects one after the other, and changes none. 409 where the
    operator allows no manifests."""
    token = request.auth
    row = batches.start(
        token.project,
        [Manifest(file.name or "manifest", file)],
        model=model,
        token=token,
        author=token.user,
        call=request.call,
    )
    response["Location"] = reverse("api:batch", args=[row.public_id])
    return Status(202, row)


@router.get(
    "/projects/{slug:slug}/batches",
    auth=Token(Scope.EXTRACT),
    response={200: BatchesOut, **problems()},
    operation_id="list_batches",
    summary="List batches",
)
def list_batches(request: ApiRequest, slug: Slug, part: Query[Cursor]) -> Part[ExtractionBatch]:
    """Newest first."""
    return page(batches.of_project(request.auth.project), part)


@router.get(
    "/batches/{uuid:id}",
    auth=Token(Scope.EXTRACT),
    response={200: BatchOut, **problems()},
    operation_id="batch",
    url_name="batch",
    summary="A batch and its progress",
)
def batch(request: ApiRequest, id: UUID) -> ExtractionBatch:
    return batches.find(request.auth.project, id)


@router.get(
    "/batches/{uuid:id}/results",
    auth=Token(Scope.EXTRACT),
    response={200: str, **problems()},
    operation_id="batch_results",
    summary="The fields of a batch's files",
)
def batch_results(request: ApiRequest, id: UUID) -> StreamingHttpResponse:
    """A JSON object a line for each file that was read or refused until now, in the order of the batch: its name under
    `file`, then what an extraction answers, its `error` included."""
    row = batches.find(request.auth.project, id)
    results.record_download(row)
    return StreamingHttpResponse(
        results.lines(row),
        content_type=results.MEDIA_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{results.filename(row)}"'},
    )


@router.post(
    "/batches/{uuid:id}/cancel",
    auth=Token(Scope.EXTRACT),
    response={200: BatchOut, **problems(409)},
    operation_id="cancel_batch",
    summary="Cancel a batch",
)
def cancel_batch(request: ApiRequest, id: UUID) -> ExtractionBatch:
    """What was read stays. The file that is being read may still get its answer; refused (409) for one that ended."""
    row = batches.find(request.auth.project, id)
    batches.cancel(row)
    return batches.find(request.auth.project, id)


@router.delete(
    "/batches/{uuid:id}",
    auth=Token(Scope.EXTRACT),
    response={204: None, **problems(409)},
    operation_id="delete_batch",
    url_name="batch",
    summary="Delete a batch",
)
def delete_batch(request: ApiRequest, id: UUID) -> Status[None]:
    """Its files and answers go at once; without this call they go after some weeks (`KD_EXTRACTION_DAYS`). 409 while
    the project is under a legal hold."""
    batches.delete(batches.find(request.auth.project, id))
    return Status(204, None)
