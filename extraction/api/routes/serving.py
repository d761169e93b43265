"""Serving: fields of files, at once or by a worker, and the model versions that answer."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from ninja import FileEx, P, PathEx, Query, QueryEx, Router, Status
from ninja.files import UploadedFile

from extraction.api.auth import ApiRequest, Token
from extraction.api.openapi import problems
from extraction.api.pagination import Cursor, Part, page
from extraction.api.routes.parameters import NAME, Slug
from extraction.api.schemas.serving import ExtractionOut, GuaranteesOut, ModelsOut, PromotedOut, TargetsIn
from extraction.domain.json_types import JsonObject
from extraction.domain.results.extraction import ExtractionResult
from extraction.models import Extraction, ModelVersion, Scope
from extraction.services.reports import messages, promotion
from extraction.services.serving import answer_checks, extractions, guarantees, registry
from extraction.services.serving.answers import reviews

router = Router()
# How often a caller should look whether a waiting extraction is done.
POLL_SECONDS = "1"
Mode = Literal["sync", "async"]


@router.post(
    "/projects/{slug:slug}/extract",
    auth=Token(Scope.EXTRACT),
    response={200: ExtractionOut, 202: ExtractionOut, **problems(400, 409, 413, 503)},
    operation_id="extract",
    summary="Read the fields of a file",
    tags=["extractions"],
)
def extract(
    request: ApiRequest,
    response: HttpResponse,
    slug: Slug,
    file: FileEx[UploadedFile, P(description="A picture or PDF of a document, at most 50 MB.")],
    model: QueryEx[str | None, P(pattern=NAME, description="A model version; the serving one by default.")] = None,
    mode: QueryEx[Mode, P(description="`async`: 202 at once, a worker reads the file.")] = "sync",
) -> Status[ExtractionResult]:
    """Reads one file at a time in the server; some callers may wait, more are told to come back (503, `Retry-After`).
    Documents of more than 20 pages are read with `mode=async` only. The file is kept until it is read and no longer,
    save where the project's teacher reads it, too, a candidate reads it differently from the serving version, or the
    project keeps files whose answers are unsure: then it becomes a document of the project, which `review` names."""
    token = request.auth
    extract_file = extractions.extract_now if mode == "sync" else extractions.start
    row = extract_file(
        token.project, file.name or "file", file, model=model, token=token, author=token.user, call=request.call
    )
    if mode == "async":
        response["Location"] = reverse("api:extraction", args=[row.public_id])
    return _answer(response, row)


@router.get(
    "/extractions/{uuid:id}",
    auth=Token(Scope.EXTRACT),
    response={200: ExtractionOut, 202: ExtractionOut, **problems()},
    operation_id="extraction",
    url_name="extraction",
    summary="An extraction or its state",
    tags=["extractions"],
)
def extraction(request: ApiRequest, response: HttpResponse, id: UUID) -> Status[ExtractionResult]:
    """202 while it waits for a worker, 200 once it is done or has failed: `state` and `error` say which."""
    return _answer(response, extractions.find(request.auth.project, id))


@router.delete(
    "/extractions/{uuid:id}",
    auth=Token(Scope.EXTRACT),
    response={204: None, **problems(409)},
    operation_id="delete_extraction",
    url_name="extraction",
    summary="Delete an extraction",
    tags=["extractions"],
)
def delete_extraction(request: ApiRequest, id: UUID) -> Status[None]:
    """What it holds goes at once; without this call it goes after some weeks (`KD_EXTRACTION_DAYS`). 409 while the
    project is under a legal hold."""
    extractions.delete(extractions.find(request.auth.project, id))
    return Status(204, None)


@router.get(
    "/projects/{slug:slug}/models",
    auth=Token(Scope.READ),
    response={200: ModelsOut, **problems()},
    operation_id="list_models",
    summary="List model versions",
    tags=["models"],
)
def list_models(request: ApiRequest, slug: Slug, part: Query[Cursor]) -> Part[ModelVersion]:
    """Newest first."""
    rows = request.auth.project.model_versions.select_related("run").defer("run__curve", "run__log")
    return page(rows, part)


@router.post(
    "/projects/{slug:slug}/models/{name}/promote",
    auth=Token(Scope.MANAGE),
    response={200: PromotedOut, **problems(409)},
    operation_id="promote_model",
    summary="Make a model serve",
    tags=["models"],
)
def promote_model(request: ApiRequest, slug: Slug, name: PathEx[str, P(pattern=NAME)]) -> JsonObject:
    """The model that served before is archived. Promoting the serving model changes nothing. A model that reads worse
    than the serving one or the teacher is promoted all the same: `warnings` say what spoke against it."""
    model = registry.find(request.auth.project, name)
    warnings = [messages.concern_json(concern) for concern in promotion.concerns(model)]
    promoted = registry.promote(model, request.auth.user)
    # A row has no place for what was said of it.
    return {**vars(promoted), "run.validation": promoted.run.validation, "warnings": warnings}


@router.get(
    "/projects/{slug:slug}/guarantees",
    auth=Token(Scope.READ),
    response={200: GuaranteesOut, **problems()},
    operation_id="guarantees",
    summary="Which answers may be accepted unseen",
    tags=["models"],
)
def of_project(request: ApiRequest, slug: Slug) -> JsonObject:
    """Of the serving model, by field."""
    return guarantees.of(request.auth.project).to_json()


@router.patch(
    "/projects/{slug:slug}/guarantees",
    auth=Token(Scope.MANAGE),
    response={200: GuaranteesOut, **problems(400, 413)},
    operation_id="set_targets",
    summary="Allow wrong answers",
    tags=["models"],
)
def set_targets(request: ApiRequest, slug: Slug, body: TargetsIn) -> JsonObject:
    """The share of wrong answers that each field may have among those that are accepted unseen."""
    guarantees.set_targets(request.auth.project, body.targets)
    return guarantees.of(request.auth.project).to_json()


@router.post(
    "/projects/{slug:slug}/guarantees/check",
    auth=Token(Scope.MANAGE),
    response={202: GuaranteesOut, **problems(409)},
    operation_id="check_answers",
    summary="Check the serving model's answers",
    tags=["models"],
)
def check_answers(request: ApiRequest, slug: Slug) -> Status[JsonObject]:
    """A worker lets the model read what people checked by now, as it does when a model is promoted."""
    answer_checks.start(request.auth.project, request.auth.user)
    return Status(202, guarantees.of(request.auth.project).to_json())


def _answer(response: HttpResponse, row: Extraction) -> Status[ExtractionResult]:
    if row.state != Extraction.State.QUEUED:
        return Status(200, reviews.result(row))
    response["Retry-After"] = POLL_SECONDS
    return Status(202, reviews.result(row))
