"""Figures of an audit beside the truth about the claims."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

from benchmarks.auditing.claims import EXPECTED, Kind, Made
from benchmarks.base import Cell
from extraction.domain.auditing.finding import Finding, Severity
from extraction.domain.auditing.running import at_risk

# A recall at which precision is told.
RECALL = 0.9


def held(findings: Sequence[Finding]) -> list[Finding]:
    """Those that are held against a claim."""
    return [each for each in findings if not each.doubtful and each.severity.rank >= Severity.REVIEW.rank]


def is_right(finding: Finding, made: Mapping[str, Made]) -> bool:
    return finding.check in EXPECTED.get(made[finding.claim].kind, ())


def by_kind(made: Sequence[Made], findings: Sequence[Finding]) -> list[tuple[Cell, ...]]:
    """By kind: claims, the share with a finding that is right, and the share with one that is wrong."""
    claims = {each.claim.reference: each for each in made}
    right, wrong = set[str](), set[str]()
    for finding in held(findings):
        (right if is_right(finding, claims) else wrong).add(finding.claim)
    rows: list[tuple[Cell, ...]] = []
    for kind in Kind:
        of = [each.claim.reference for each in made if each.kind is kind]
        if of:
            found = sum(each in right for each in of) / len(of) if kind in EXPECTED else None
            rows.append((kind.value, len(of), found, sum(each in wrong for each in of) / len(of)))
    return rows


def precision(made: Sequence[Made], findings: Sequence[Finding]) -> float | None:
    """The share of the findings held against claims that are right."""
    claims, some = {each.claim.reference: each for each in made}, held(findings)
    return sum(is_right(each, claims) for each in some) / len(some) if some else None


def recall(made: Sequence[Made], findings: Sequence[Finding]) -> float:
    """The share of the wrong claims of which a finding is right."""
    claims = {each.claim.reference: each for each in made}
    right = {each.claim for each in held(findings) if is_right(each, claims)}
    wrong = [each for each in made if each.wrong]
    return sum(each.claim.reference in right for each in wrong) / len(wrong)


def alarms(made: Sequence[Made], findings: Sequence[Finding]) -> float:
    """The share of honest claims that a finding is held against."""
    told = {each.claim for each in held(findings)}
    honest = [each for each in made if not each.wrong]
    return sum(each.claim.reference in told for each in honest) / len(honest)


def precision_of_inflation(made: Sequence[Made], findings: Sequence[Finding]) -> tuple[float | None, float]:
    """Precision of findings of too large amounts, from the most probable down to where nine of ten inflated claims are
    found (`None`: they never are), and the largest recall.

    Any claim of more than was to pay counts as one that is right to be found.
    """
    claims = {each.claim.reference: each for each in made}
    too_large = {Kind.INFLATED, Kind.DIGITS, Kind.OTHER_AMOUNT}
    inflated = {each.claim.reference for each in made if each.kind is Kind.INFLATED}
    best: dict[str, float] = defaultdict(float)
    for each in findings:
        if each.check in ("claimed_more", "other_amount") and each.at_risk:
            best[each.claim] = max(best[each.claim], each.probability)
    found, right, at = 0, 0, None
    for told, reference in enumerate(sorted(best, key=lambda each: -best[each]), 1):
        right += claims[reference].kind in too_large
        found += reference in inflated
        if at is None and found >= RECALL * len(inflated):
            at = right / told
    return at, found / len(inflated) if inflated else 1.0


def losses(made: Sequence[Made], findings: Sequence[Finding]) -> tuple[Decimal, Decimal]:
    """What is expected to be lost by all findings, and what is lost."""
    return at_risk(findings), sum((each.lost for each in made), Decimal(0))
