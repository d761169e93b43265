"""Whose claim it was that is made again."""

from __future__ import annotations

from extraction.domain.auditing.values import Claim

OWN, ACROSS = "own", "across"
VARIANTS = (OWN, ACROSS)


def variant(claim: Claim, other: Claim) -> str:
    """`OWN` within an employee, and where nobody is named."""
    return OWN if claim.employee == other.employee else ACROSS
