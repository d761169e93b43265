"""Training runs."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from ninja import Router, Status

from extraction.api.auth import ApiRequest, Token
from extraction.api.openapi import problems
from extraction.api.routes.parameters import Id, Slug
from extraction.api.schemas.training import TrainingIn, TrainingOut
from extraction.models import Scope, TrainingRun
from extraction.services.errors import NotFound
from extraction.services.training import training_runs

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
