# Made by client/generate.py from the OpenAPI document.
"""What employees typed, where it does not fit the receipts, and what people decided."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from kdweb_client.calling import Calls, address
from kdweb_client.schemas.claims import (
    AddedClaims,
    AuditRun,
    Claim,
    ClaimIn,
    Decided,
    DismissalReason,
    Finding,
    FindingState,
    MatchBy,
    Matching,
    Policy,
    Precisions,
    Totals,
)


class ClaimsCalls(Calls):
    """What employees typed, where it does not fit the receipts, and what people decided."""

    def list_audits(self) -> Iterator[AuditRun]:
        """List audit runs.

        Newest first.
        """
        return self._list(AuditRun, address("projects", self._project, "audits"))

    def start_audit(self, *, idempotency_key: str | None = None) -> AuditRun:
        """Audit all claims.

        In the background, under the policy in force; one that waits already is not begun twice. Refused (422) where
        there is nothing to compare.

        `idempotency_key`: A name for this request; one is made up where none is given.
        """
        return self._object(AuditRun, "POST", address("projects", self._project, "audits"), key=idempotency_key)

    def audit(self, id: int) -> AuditRun:
        """An audit run."""
        return self._object(AuditRun, "GET", address("projects", self._project, "audits", id))

    def list_claims(
        self,
        *,
        search: str = "",
        employee: str = "",
        receipt: bool | None = None,
        matched_by: MatchBy | None = None,
        since: str | None = None,
        until: str | None = None,
    ) -> Iterator[Claim]:
        """List claims.

        Newest first, without those that were taken back.

        `search`: Part of reference, merchant, report, category or comment.
        `employee`: Name or pseudonym.
        `receipt`: Whether they have one.
        `matched_by`: What their receipt follows from.
        `since`: First day of the expenses.
        `until`: Last day of the expenses.
        """
        return self._list(
            Claim,
            address("projects", self._project, "claims"),
            query={
                "search": search,
                "employee": employee,
                "receipt": receipt,
                "matched_by": matched_by,
                "since": since,
                "until": until,
            },
        )

    def add_claims(self, claims: list[ClaimIn], *, idempotency_key: str | None = None) -> AddedClaims:
        """Add claims.

        All of them or none. A claim that is there already is not stored again: sending the same twice changes
        nothing; equal claims without a reference in one request are as many claims. Refused (409) where a reference
        is stored and says something else. Matching follows.

        `idempotency_key`: A name for this request; one is made up where none is given.
        """
        return self._object(
            AddedClaims,
            "POST",
            address("projects", self._project, "claims"),
            body={"claims": claims},
            key=idempotency_key,
        )

    def matching(self) -> Matching:
        """How far matching has come."""
        return self._object(Matching, "GET", address("projects", self._project, "claims", "matching"))

    def start_matching(self, *, idempotency_key: str | None = None) -> Matching:
        """Look for receipts again.

        In the background; one that waits already is not begun twice.

        `idempotency_key`: A name for this request; one is made up where none is given.
        """
        return self._object(
            Matching, "POST", address("projects", self._project, "claims", "matching"), key=idempotency_key
        )

    def claim(self, id: int) -> Claim:
        """A claim.

        Also one that was taken back.
        """
        return self._object(Claim, "GET", address("projects", self._project, "claims", id))

    def choose_receipt(self, id: int, document: int | None) -> Claim:
        """Say which document is a claim's receipt.

        Matching leaves it so. Refused (409) for a claim that was taken back.

        `document`: The document's id; null: the claim has no receipt.
        """
        return self._object(
            Claim, "PUT", address("projects", self._project, "claims", id, "receipt"), body={"document": document}
        )

    def list_findings(
        self,
        *,
        check: str = "",
        state: FindingState | None = None,
        employee: str = "",
        month: str = "",
        doubtful: bool = False,
    ) -> Iterator[Finding]:
        """List findings.

        Of the newest run, the largest expected loss first.

        `check`: Name of a check.
        `state`: Left out: any.
        `employee`: Name or pseudonym.
        `month`: Of the claims, such as `2026-11`.
        `doubtful`: Those that are held against nobody, in place of the others.
        """
        return self._list(
            Finding,
            address("projects", self._project, "findings"),
            query={"check": check, "state": state, "employee": employee, "month": month, "doubtful": doubtful},
        )

    def check_precision(self) -> Precisions:
        """How often each check was right."""
        return self._object(Precisions, "GET", address("projects", self._project, "findings", "precision"))

    def finding_totals(self) -> Totals:
        """What is at risk."""
        return self._object(Totals, "GET", address("projects", self._project, "findings", "totals"))

    def finding(self, id: int) -> Decided:
        """A finding.

        With the decisions about it; also one that the newest run does not find.
        """
        return self._object(Decided, "GET", address("projects", self._project, "findings", id))

    def decide_finding(
        self,
        id: int,
        kind: Literal["confirmed", "dismissed", "asked"],
        *,
        note: str = "",
        reason: DismissalReason | None = None,
        idempotency_key: str | None = None,
    ) -> Decided:
        """Decide a finding.

        The same decision again changes nothing. Refused (409) where the newest run does not find it any more.

        `reason`: Of one that is dismissed.
        `idempotency_key`: A name for this request; one is made up where none is given.
        """
        return self._object(
            Decided,
            "POST",
            address("projects", self._project, "findings", id, "decisions"),
            body={"kind": kind, "note": note, "reason": reason},
            key=idempotency_key,
        )

    def undo_decision(self, id: int, *, idempotency_key: str | None = None) -> Decided:
        """Take a decision back.

        The newest that counts; the one before counts again. Refused (409) where there is none.

        `idempotency_key`: A name for this request; one is made up where none is given.
        """
        return self._object(
            Decided, "POST", address("projects", self._project, "findings", id, "undo"), key=idempotency_key
        )

    def policy(self) -> Policy:
        """The policy in force."""
        return self._object(Policy, "GET", address("projects", self._project, "policy"))

    def change_policy(self, policy: dict[str, Any], *, seen: int | None = None) -> Policy:
        """Put another policy in force.

        It makes a version, unless nothing differs. Refused (422) where it contradicts itself.

        `seen`: Refused (409) where another version is in force.
        """
        return self._object(
            Policy, "PUT", address("projects", self._project, "policy"), body={"policy": policy, "seen": seen}
        )
