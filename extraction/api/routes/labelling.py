"""Label runs."""

from __future__ import annotations

from decimal import Decimal

from django.http import HttpResponse
from django.urls import reverse
from ninja import Router, Status

from extraction.api.auth import ApiRequest, Token
from extraction.api.openapi import problems
from extraction.api.routes.parameters import Id, Slug
from extraction.api.schemas.labelling import LabellingIn, LabellingOut
from extraction.models import LabelRun, Scope
from extraction.services.errors import NotFound
from extraction.services.teaching import label_runs, teachers

router = Router(tags=["labelling"])


@router.post(
    "/projects/{slug:slug}/label-runs",
    auth=Token(Scope.MANAGE),
    response={202: LabellingOut, **problems(400, 409, 413)},
    operation_id="start_labelling",
    summary="Let a teacher label documents",
)
def start_labelling(request: ApiRequest, response: HttpResponse, slug: Slug, body: LabellingIn) -> Status[LabelRun]:
    """Queues a run over documents that lack labels of this teacher. Refused (409) while another one goes on, so that a
    call may be repeated without paying twice."""
    project = request.auth.project
    run = label_runs.start(
        project,
        teacher=teachers.by_method(label_runs.teacher_name(body.teacher or None, body.delivery), body.method),
        limit=body.limit,
        budget=None if body.budget is None else Decimal(f"{body.budget:.4f}"),
        consent=body.consent,
        doubtful=body.doubtful,
        selection=body.select,
        delivery=body.delivery,
        actor=request.auth.user,
    )
    response["Location"] = reverse("api:label_run", args=[project.slug, run.pk])
    return Status(202, run)


@router.get(
    "/projects/{slug:slug}/label-runs/{int:id}",
    auth=Token(Scope.READ),
    response={200: LabellingOut, **problems()},
    operation_id="label_run",
    summary="A label run",
)
def label_run(request: ApiRequest, slug: Slug, id: Id) -> LabelRun:
    """How it stands, what it cost, and why it picked its documents. Trials are no label runs."""
    row = request.auth.project.label_runs.select_related("job").filter(pk=id, sample__isnull=True).first()
    if row is None:
        raise NotFound(f"The project has no label run {id}.")
    return row
