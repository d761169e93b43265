# Made by client/generate.py from the OpenAPI document.
"""What employees typed, and its receipts."""

from __future__ import annotations

from collections.abc import Iterator

from kdweb_client.calling import Calls, address
from kdweb_client.schemas.claims import AddedClaims, Claim, ClaimIn, MatchBy, Matching


class ClaimsCalls(Calls):
    """What employees typed, and its receipts."""

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
