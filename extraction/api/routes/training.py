"""Training runs and cross-checks."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from ninja import Router, Status

from extraction.api.auth import ApiRequest, Token
from extraction.api.openapi import problems
from extraction.api.routes.parameters import Id, Slug
from extraction.api.schemas.training import CrossCheckIn, CrossCheckOut, TrainingIn, TrainingOut
from extraction.models import CrossCheck, Scope, TrainingRun
from extraction.services.errors import NotFound
from extraction.services.training import training_runs
from extraction.services.training.cross_checks import checks

router = Router(tags=["training"])


@router.post(
    "/projects/{slug:slug}/training-runs",
    auth=Token(Scope.MANAGE),
    response={202: TrainingOut, **problems(400, 409, 413)},
    operation_id="start_training",
    summary="Train a model",
)
def start_training(request: ApiRequest, response: HttpResponse, slug: Slug, body: TrainingIn) -> Status[TrainingRun]:
    """Freezes the labels as they are now and queues the run. A name is given once: a second call with it is refused
    (409), so that a call may be repeated without training twice."""
    project = request.auth.project
    run = training_runs.start(project, **body.dict(), actor=request.auth.user)
    response["Location"] = reverse("api:training_run", args=[project.slug, run.pk])
    return Status(202, run)


@router.get(
    "/projects/{slug:slug}/training-runs/{int:id}",
    auth=Token(Scope.READ),
    response={200: TrainingOut, **problems()},
    operation_id="training_run",
    summary="A training run",
)
def training_run(request: ApiRequest, slug: Slug, id: Id) -> TrainingRun:
    """How it stands, its learning curve, and the model once there is one."""
    rows = request.auth.project.training_runs.select_related("job", "model_version").defer("log")
    row = rows.filter(pk=id).first()
    if row is None:
        raise NotFound(f"The project has no training run {id}.")
    return row


@router.post(
    "/projects/{slug:slug}/cross-checks",
    auth=Token(Scope.MANAGE),
    response={202: CrossCheckOut, **problems(400, 409, 413)},
    operation_id="start_cross_check",
    summary="Check labels with students that did not learn from them",
)
def start_cross_check(
    request: ApiRequest, response: HttpResponse, slug: Slug, body: CrossCheckIn
) -> Status[CrossCheck]:
    """Freezes the labels as they are now and queues the work. Refused (409) while a cross-check of the project is under
    way."""
    project = request.auth.project
    row = checks.start(project, **body.dict(), actor=request.auth.user)
    response["Location"] = reverse("api:cross_check", args=[project.slug, row.pk])
    return Status(202, row)


@router.get(
    "/projects/{slug:slug}/cross-checks/{int:id}",
    auth=Token(Scope.READ),
    response={200: CrossCheckOut, **problems()},
    operation_id="cross_check",
    summary="A cross-check",
)
def cross_check(request: ApiRequest, slug: Slug, id: Id) -> CrossCheck:
    """How it stands, and what students say about the labels that count now."""
    row = request.auth.project.cross_checks.select_related("job", "project__schema_version").filter(pk=id).first()
    if row is None:
        raise NotFound(f"The project has no cross-check {id}.")
    return row
