"""Findings: listed, decided, counted, exported."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import StreamingHttpResponse
from ninja import Field, Query, Router

from extraction.api.auth import ApiRequest, Token
from extraction.api.downloads import ExportFormat, stream
from extraction.api.openapi import problems
from extraction.api.pagination import Cursor
from extraction.api.routes.parameters import Id, Slug
from extraction.api.schemas.auditing.findings import (
    DecidedOut,
    DecisionIn,
    DecisionOut,
    FindingEvidenceOut,
    FindingOut,
    FindingsOut,
    PrecisionsOut,
    TotalsOut,
)
from extraction.models import DismissalReason, Finding, FindingState, Scope
from extraction.services.auditing.findings import decisions, export, listing, precision, sentences, totals
from extraction.services.reports.export.registry import find

router = Router(tags=["claims"])
# No list is longer; beyond it an offset would be no number of a database.
LAST = 2**31


class WantedFindings(Cursor):
    """What the list is narrowed to."""

    check: str = Field("", max_length=50, description="Name of a check.")
    state: FindingState | None = Field(None, description="Left out: any.")
    employee: str = Field("", max_length=200, description="Name or pseudonym.")
    month: str = Field("", max_length=7, description="Of the claims, such as `2026-11`.")
    doubtful: bool = Field(False, description="Those that are held against nobody, in place of the others.")

    def condition(self) -> listing.Filter:
        return listing.chosen(self.check, self.state or "", self.employee, self.month, doubtful=self.doubtful)


@router.get(
    "/projects/{slug:slug}/findings",
    auth=Token(Scope.AUDIT),
    response={200: FindingsOut, **problems()},
    operation_id="list_findings",
    url_name="findings",
    summary="List findings",
)
def list_findings(request: ApiRequest, slug: Slug, query: Query[WantedFindings]) -> FindingsOut:
    """Of the newest run, the largest expected loss first."""
    start = min(query.cursor or 0, LAST)
    some = list(listing.listing(request.auth.project, query.condition())[start : start + query.limit + 1])
    more = start + query.limit if len(some) > query.limit else None
    return FindingsOut(results=[_finding(row) for row in some[: query.limit]], next=more)


@router.get(
    "/projects/{slug:slug}/findings/totals",
    auth=Token(Scope.AUDIT),
    response={200: TotalsOut, **problems()},
    operation_id="finding_totals",
    summary="What is at risk",
)
def finding_totals(request: ApiRequest, slug: Slug) -> TotalsOut:
    return TotalsOut.model_validate(totals.totals(request.auth.project).to_json())


@router.get(
    "/projects/{slug:slug}/findings/precision",
    auth=Token(Scope.AUDIT),
    response={200: PrecisionsOut, **problems()},
    operation_id="check_precision",
    summary="How often each check was right",
)
def check_precision(request: ApiRequest, slug: Slug) -> PrecisionsOut:
    rows = precision.by_check(request.auth.project)
    return PrecisionsOut.model_validate({"results": [row.to_json() for row in rows]})


@router.get(
    "/projects/{slug:slug}/findings/export",
    auth=Token(Scope.AUDIT),
    response={200: str, **problems()},
    operation_id="export_findings",
    summary="Export findings",
    tags=["exports"],
)
def export_findings(request: ApiRequest, slug: Slug, format: ExportFormat = None) -> StreamingHttpResponse:
    """All of the newest run, those aside that are held against nobody. No cell is a formula to a spreadsheet."""
    exporter, project = find(export.FINDING_EXPORTERS, format), request.auth.project
    export.record(exporter, project)
    return stream(exporter, export.Chosen(project, listing.Filter(state="")))


@router.get(
    "/projects/{slug:slug}/findings/{int:id}",
    auth=Token(Scope.AUDIT),
    response={200: DecidedOut, **problems()},
    operation_id="finding",
    summary="A finding",
)
def finding(request: ApiRequest, slug: Slug, id: Id) -> DecidedOut:
    """With the decisions about it; also one that the newest run does not find."""
    return _decided(listing.find(request.auth.project, id))


@router.post(
    "/projects/{slug:slug}/findings/{int:id}/decisions",
    auth=Token(Scope.AUDIT),
    response={200: DecidedOut, **problems(400, 409, 413)},
    operation_id="decide_finding",
    summary="Decide a finding",
)
def decide_finding(request: ApiRequest, slug: Slug, id: Id, body: DecisionIn) -> DecidedOut:
    """The same decision again changes nothing. Refused (409) where the newest run does not find it any more."""
    token = request.auth
    decisions.decide(token.project, id, body.kind, reason=body.reason or "", note=body.note, actor=token.user)
    return _decided(listing.find(token.project, id))


@router.post(
    "/projects/{slug:slug}/findings/{int:id}/undo",
    auth=Token(Scope.AUDIT),
    response={200: DecidedOut, **problems(409)},
    operation_id="undo_decision",
    summary="Take a decision back",
)
def undo_decision(request: ApiRequest, slug: Slug, id: Id) -> DecidedOut:
    """The newest that counts; the one before counts again. Refused (409) where there is none."""
    decisions.take_back(request.auth.project, id, actor=request.auth.user)
    return _decided(listing.find(request.auth.project, id))


def _decided(row: Finding) -> DecidedOut:
    rows = [
        DecisionOut.model_validate(
            {
                "kind": each.kind,
                "reason": each.reason or None,
                "note": each.note,
                "author": each.author.username if each.author else None,
                "created": each.created,
            }
        )
        for each in decisions.history(row)
    ]
    return DecidedOut(finding=_finding(row), decisions=rows)


def _finding(row: Finding) -> FindingOut:
    value = row.as_domain()
    return FindingOut(
        id=row.pk,
        check=row.check_name,
        variant=value.variant,
        title=sentences.title(row.check_name),
        why=sentences.sentence(value),
        severity=value.severity,
        claims=[int(claim) for claim in value.claims],
        employee=row.employee,
        document=row.document_id,
        probability=row.probability,
        at_risk=None if value.at_risk is None else str(value.at_risk),
        expected=str(value.expected_loss),
        currency=row.currency,
        doubtful=row.doubtful,
        current=row.current,
        state=FindingState(row.state),
        reason=DismissalReason(row.reason) if row.reason else None,
        evidence=[FindingEvidenceOut.model_validate(_places(place.to_json())) for place in value.evidence],
    )


def _places(place: Mapping[str, object]) -> dict[str, object]:
    return {**place, "document": int(str(place["document"])) if place["document"] else None}
