"""Running all checks of a policy over all claims, and the findings that come of it."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from extraction.domain.auditing.books import Books
from extraction.domain.auditing.checks import registry
from extraction.domain.auditing.checks.base import Check, Found
from extraction.domain.auditing.finding import Finding, Severity
from extraction.domain.auditing.matching import Match
from extraction.domain.auditing.money import LARGEST, rounded
from extraction.domain.auditing.policy import Effective, Policy, effective
from extraction.domain.auditing.values import Claim, Receipt
from extraction.domain.errors import gettext_noop
from extraction.domain.progress import Progress, Silent, check

# The most that is said to be at risk by one finding, in the base currency: a typed amount may be any number.
MOST = LARGEST - 1
_SILENT = Silent()
COMPARING = gettext_noop("Comparing claims with receipts")


def audit(
    claims: Sequence[Claim],
    receipts: Iterable[Receipt],
    matches: Iterable[Match],
    policy: Policy,
    today: datetime.date,
    progress: Progress = _SILENT,
) -> list[Finding]:
    """All findings, the largest expected loss first. The same arguments give the same findings in the same order.

    Raises `Cancelled` between two checks.
    """
    books = Books(claims, receipts, matches, policy, today)
    findings: list[Finding] = []
    checks = registry.known()
    for number, each in enumerate(checks):
        check(progress)
        progress.report(number, len(checks), COMPARING)
        findings += _findings(each, books)
    progress.report(len(checks), len(checks))
    return sorted(findings, key=order)


def order(finding: Finding) -> tuple[bool, Decimal, int, str, tuple[str, ...], str]:
    """By which findings are sorted: those to be held against a claim first, of these the largest expected loss."""
    loss = -finding.expected_loss
    return finding.doubtful, loss, -finding.severity.rank, finding.check, finding.claims, finding.document


def at_risk(findings: Iterable[Finding]) -> Decimal:
    """The amount in the base currency that is expected to be lost: of each claim the worst finding counts, since an
    amount is lost once."""
    worst: dict[str, Decimal] = defaultdict(Decimal)
    for finding in findings:
        worst[finding.claim] = max(worst[finding.claim], finding.expected_loss)
    return sum(worst.values(), Decimal(0))


def _findings(each: Check, books: Books) -> Iterator[Finding]:
    policy = books.policy
    setting = effective(policy, each.name, each.severity, each.tolerances)
    if setting.severity is Severity.OFF:
        return
    for found in each.find(books, setting.tolerances):
        if found.probability >= policy.least:
            yield _finding(each, found, setting, policy)


def _finding(each: Check, found: Found, setting: Effective, policy: Policy) -> Finding:
    doubtful = found.probability < policy.threshold
    severity = min(setting.severity, Severity.REVIEW, key=lambda one: one.rank) if doubtful else setting.severity
    at_risk = None if found.at_risk is None else min(rounded(found.at_risk, policy.base), MOST)
    return Finding(
        each.name,
        each.version,
        severity,
        found.claims,
        found.document,
        found.probability,
        at_risk,
        policy.base,
        found.variant,
        found.evidence,
        found.facts,
        doubtful,
    )
