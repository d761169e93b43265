"""Audit runs and the policy that they go by."""

from __future__ import annotations

from ninja import Query, Router, Status

from extraction.api.auth import ApiRequest, Token
from extraction.api.openapi import problems
from extraction.api.pagination import Cursor, page
from extraction.api.routes.parameters import Id, Slug
from extraction.api.schemas.auditing.findings import AuditRunOut, AuditRunsOut, PolicyIn, PolicyOut
from extraction.models import PolicyVersion, Project, Scope
from extraction.services.auditing import policies
from extraction.services.auditing.runs import runs

router = Router(tags=["claims"])


@router.get(
    "/projects/{slug:slug}/audits",
    auth=Token(Scope.AUDIT),
    response={200: AuditRunsOut, **problems()},
    operation_id="list_audits",
    url_name="audits",
    summary="List audit runs",
)
def list_audits(request: ApiRequest, slug: Slug, query: Query[Cursor]) -> AuditRunsOut:
    """Newest first."""
    part = page(runs.runs(request.auth.project), query)
    return AuditRunsOut.model_validate({"results": [run.to_json() for run in part.results], "next": part.next})


@router.post(
    "/projects/{slug:slug}/audits",
    auth=Token(Scope.MANAGE),
    response={202: AuditRunOut, **problems(400)},
    operation_id="start_audit",
    url_name="audits",
    summary="Audit all claims",
)
def start_audit(request: ApiRequest, slug: Slug) -> Status[AuditRunOut]:
    """In the background, under the policy in force; one that waits already is not begun twice. Refused (422) where
    there is nothing to compare."""
    run = runs.start(request.auth.project, actor=request.auth.user)
    return Status(202, AuditRunOut.model_validate(run.to_json()))


@router.get(
    "/projects/{slug:slug}/audits/{int:id}",
    auth=Token(Scope.AUDIT),
    response={200: AuditRunOut, **problems()},
    operation_id="audit",
    summary="An audit run",
)
def audit(request: ApiRequest, slug: Slug, id: Id) -> AuditRunOut:
    return AuditRunOut.model_validate(runs.find(request.auth.project, id).to_json())


@router.get(
    "/projects/{slug:slug}/policy",
    auth=Token(Scope.AUDIT),
    response={200: PolicyOut, **problems()},
    operation_id="policy",
    url_name="policy",
    summary="The policy in force",
)
def policy(request: ApiRequest, slug: Slug) -> PolicyOut:
    return _policy(request.auth.project, policies.newest(request.auth.project))


@router.put(
    "/projects/{slug:slug}/policy",
    auth=Token(Scope.MANAGE),
    response={200: PolicyOut, **problems(400, 409, 413)},
    operation_id="change_policy",
    url_name="policy",
    summary="Put another policy in force",
)
def change_policy(request: ApiRequest, slug: Slug, body: PolicyIn) -> PolicyOut:
    """It makes a version, unless nothing differs. Refused (422) where it contradicts itself."""
    project = request.auth.project
    row = policies.save(project, policies.read(body.policy), seen=body.seen, actor=request.auth.user)
    return _policy(project, row)


def _policy(project: Project, row: PolicyVersion | None) -> PolicyOut:
    value = row.as_domain() if row else policies.current(project)
    return PolicyOut(version=row.number if row else 0, policy={**value.to_json()})
