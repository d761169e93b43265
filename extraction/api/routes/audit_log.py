"""The audit log of the project."""

from __future__ import annotations

from ninja import P, Query, QueryEx, Router

from extraction.api.auth import ApiRequest, Token
from extraction.api.openapi import problems
from extraction.api.pagination import Cursor, Part, page
from extraction.api.routes.parameters import Day, Slug
from extraction.api.schemas.audit_log.entries import EntriesOut
from extraction.models import AuditAction, AuditEntry, Scope
from extraction.services.audit_log import listing
from extraction.services.audit_log.listing import Filter

Action = QueryEx[AuditAction | None, P(description="Only such entries.")]
Since = QueryEx[Day | None, P(description="Only entries of this day, by UTC, or later.")]
Until = QueryEx[Day | None, P(description="Only entries of this day, by UTC, or earlier.")]

router = Router(tags=["audit log"])


@router.get(
    "/projects/{slug:slug}/audit-log",
    auth=Token(Scope.MANAGE),
    response={200: EntriesOut, **problems()},
    operation_id="audit_log",
    summary="List the audit log",
)
def audit_log(
    request: ApiRequest,
    slug: Slug,
    part: Query[Cursor],
    action: Action = None,
    since: Since = None,
    until: Until = None,
) -> Part[AuditEntry]:
    """Newest first. Nobody changes or deletes an entry."""
    condition = Filter(action=action or "", since=since, until=until)
    return page(listing.entries(request.auth.project, condition), part)
