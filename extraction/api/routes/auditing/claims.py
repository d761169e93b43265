"""Claims of the project: adding, listing, their receipts, and matching."""

from __future__ import annotations

from decimal import Decimal

from ninja import Field, Query, Router, Status

from extraction.api.auth import ApiRequest, Token
from extraction.api.openapi import problems
from extraction.api.pagination import Cursor, Part, page
from extraction.api.routes import documents
from extraction.api.routes.parameters import Id, Slug
from extraction.api.schemas.auditing.claims import (
    AddedClaimOut,
    AddedClaimsOut,
    ClaimOut,
    ClaimsIn,
    ClaimsOut,
    Day,
    MatchingOut,
    ReceiptIn,
)
from extraction.domain.auditing import values as domain
from extraction.domain.auditing.matching import MatchBy
from extraction.models import Claim, Job, Project, Scope
from extraction.services.auditing import claims, jobs
from extraction.services.auditing.claims import Filter

router = Router(tags=["claims"])


class Wanted(Cursor):
    """What the list is narrowed to."""

    search: str = Field("", max_length=200, description="Part of reference, merchant, report, category or comment.")
    employee: str = Field("", max_length=200, description="Name or pseudonym.")
    receipt: bool | None = Field(None, description="Whether they have one.")
    matched_by: MatchBy | None = Field(None, description="What their receipt follows from.")
    since: Day | None = Field(None, description="First day of the expenses.")
    until: Day | None = Field(None, description="Last day of the expenses.")


@router.get(
    "/projects/{slug:slug}/claims",
    auth=Token(Scope.READ),
    response={200: ClaimsOut, **problems()},
    operation_id="list_claims",
    url_name="claims",
    summary="List claims",
)
def list_claims(request: ApiRequest, slug: Slug, query: Query[Wanted]) -> Part[Claim]:
    """Newest first, without those that were taken back."""
    condition = Filter(query.search, query.employee, query.receipt, query.matched_by or "", query.since, query.until)
    return page(claims.listing(request.auth.project, condition), query)


@router.post(
    "/projects/{slug:slug}/claims",
    auth=Token(Scope.UPLOAD),
    response={200: AddedClaimsOut, **problems(400, 409, 413)},
    operation_id="add_claims",
    url_name="claims",
    summary="Add claims",
)
def add_claims(request: ApiRequest, slug: Slug, body: ClaimsIn) -> AddedClaimsOut:
    """All of them or none. A claim that is there already is not stored again: sending the same twice changes nothing;
    equal claims without a reference in one request are as many claims. Refused (409) where a reference is stored and
    says something else. Matching follows."""
    project = request.auth.project
    given = [domain.Claim(**{**claim.dict(), "amount": Decimal(claim.amount)}) for claim in body.claims]
    stored = claims.add(project, given, author=request.auth.user)
    if any(each.new for each in stored):
        jobs.start_matching(project, author=request.auth.user)
    return AddedClaimsOut(results=[AddedClaimOut(claim=each.row.pk, created=each.new) for each in stored])


@router.get(
    "/projects/{slug:slug}/claims/{int:id}",
    auth=Token(Scope.READ),
    response={200: ClaimOut, **problems()},
    operation_id="claim",
    summary="A claim",
)
def claim(request: ApiRequest, slug: Slug, id: Id) -> Claim:
    """Also one that was taken back."""
    return claims.find(request.auth.project, id)


@router.put(
    "/projects/{slug:slug}/claims/{int:id}/receipt",
    auth=Token(Scope.REVIEW),
    response={200: ClaimOut, **problems(400, 409, 413)},
    operation_id="choose_receipt",
    summary="Say which document is a claim's receipt",
)
def choose_receipt(request: ApiRequest, slug: Slug, id: Id, body: ReceiptIn) -> Claim:
    """Matching leaves it so. Refused (409) for a claim that was taken back."""
    project = request.auth.project
    document = None if body.document is None else documents.find(project, body.document)
    return claims.link(project, id, document, by=request.auth.user)


@router.get(
    "/projects/{slug:slug}/claims/matching",
    auth=Token(Scope.READ),
    response={200: MatchingOut, **problems()},
    operation_id="matching",
    url_name="claims_matching",
    summary="How far matching has come",
)
def matching(request: ApiRequest, slug: Slug) -> MatchingOut:
    return _matching(request.auth.project, jobs.matching_of(request.auth.project))


@router.post(
    "/projects/{slug:slug}/claims/matching",
    auth=Token(Scope.REVIEW),
    response={202: MatchingOut, **problems()},
    operation_id="start_matching",
    url_name="claims_matching",
    summary="Look for receipts again",
)
def start_matching(request: ApiRequest, slug: Slug) -> Status[MatchingOut]:
    """In the background; one that waits already is not begun twice."""
    project = request.auth.project
    return Status(202, _matching(project, jobs.start_matching(project, author=request.auth.user)))


def _matching(project: Project, job: Job | None) -> MatchingOut:
    waiting = {"claims": claims.without_receipt(project).count(), "documents": claims.unclaimed(project).count()}
    return MatchingOut.model_validate({"state": job.state if job else None, **waiting})
