"""Books: all claims with their receipts, prepared so that checks find what belongs together without comparing pairs."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from extraction.domain.auditing.matching import Match
from extraction.domain.auditing.policy import Policy
from extraction.domain.auditing.rates import Rates
from extraction.domain.auditing.values import Candidate, Claim, Reading, Receipt

# Receipts that print a currency from which the usual one of the others is told.
ENOUGH = 5


@dataclass(frozen=True, slots=True)
class Case:
    """A claim with its receipt, if any; `certainty` is the probability (0–1) that it is this claim's."""

    claim: Claim
    receipt: Receipt | None = None
    certainty: float = 1.0


class Books:
    """Claims, receipts, the matches between them, the policy, and the day on which they are looked at."""

    def __init__(
        self,
        claims: Sequence[Claim],
        receipts: Iterable[Receipt],
        matches: Iterable[Match],
        policy: Policy,
        today: datetime.date,
    ) -> None:
        self.receipts: Mapping[str, Receipt] = {receipt.document: receipt for receipt in receipts}
        self.policy = policy
        self.today = today
        self.rates: Rates = policy.table_of_rates()
        by_claim = {match.claim: match for match in matches}
        self.cases = tuple(self._case(claim, by_claim.get(claim.reference)) for claim in claims)

    def _case(self, claim: Claim, match: Match | None) -> Case:
        receipt = self.receipts.get(match.document) if match else None
        return Case(claim, receipt, match.probability) if match and receipt else Case(claim)

    @cached_property
    def with_receipts(self) -> tuple[Case, ...]:
        """The cases that have a receipt."""
        return tuple(case for case in self.cases if case.receipt is not None)

    @cached_property
    def by_document(self) -> Mapping[str, Sequence[Case]]:
        """The cases of each receipt, in the order of the claims."""
        cases: dict[str, list[Case]] = defaultdict(list)
        for case in self.with_receipts:
            if case.receipt is not None:
                cases[case.receipt.document].append(case)
        return cases

    def in_base(self, claim: Claim) -> Decimal | None:
        """The claim's amount in the base currency, exact; `None` without a rate."""
        return self.rates.in_base(claim.amount, claim.currency, claim.date)

    def currency(self, receipt: Receipt) -> Reading[str] | None:
        """The receipt's currency: as it was read, else the local one of the policy, else the usual one of the
        receipts that print any; `None` where nothing tells."""
        return receipt.currency or self._usual_currency

    @cached_property
    def _usual_currency(self) -> Reading[str] | None:
        if self.policy.local:
            return Reading(Candidate(self.policy.local, 1.0))
        counts = Counter(receipt.currency.value for receipt in self.receipts.values() if receipt.currency)
        if counts.total() < ENOUGH:
            return None
        [(code, count)] = counts.most_common(1)
        return Reading(Candidate(code, count / (counts.total() + 1)))
