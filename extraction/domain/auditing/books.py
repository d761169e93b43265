"""Books: all claims with their receipts, prepared so that checks find what belongs together without comparing pairs."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeVar

from extraction.domain.auditing.matching import Match
from extraction.domain.auditing.policy import Policy
from extraction.domain.auditing.rates import Rates
from extraction.domain.auditing.values import Candidate, Claim, Reading, Receipt

T = TypeVar("T")

# Receipts that print a currency from which the usual one of the others is told.
ENOUGH = 5
# The least share of receipts that are in the local currency of a policy, and the largest of those in one of which the
# policy has no rate: beside amounts stand codes of taxes, too, which look like signs of currencies on every receipt.
LOCAL, UNRATED = 0.5, 0.0025


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
        self._prepared: dict[Callable[[Books], Any], Any] = {}
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

    def prepared(self, make: Callable[[Books], T]) -> T:
        """What `make` prepares of the books, made once for all checks that use it."""
        if make not in self._prepared:
            self._prepared[make] = make(self)
        made: T = self._prepared[make]
        return made

    def in_base(self, claim: Claim) -> Decimal | None:
        """The claim's amount in the base currency, exact; `None` without a rate."""
        return self.rates.in_base(claim.amount, claim.currency, claim.date)

    def currency(self, receipt: Receipt) -> Reading[str] | None:
        """The receipt's currency: the local one of the policy where it prints none, else what was read, weighed by how
        many receipts print it; `None` where nothing tells."""
        read, local = receipt.currency, self.policy.local or self._usual
        if read is None or not local:
            sure = 1.0 if self.policy.local else self._prior(local)
            return read or (Reading(Candidate(local, sure)) if local else None)
        weights = {candidate.value: candidate.probability for candidate in read}
        weights[local] = weights.get(local, 0.0) + read.unknown
        weights = {code: weight * self._prior(code) ** 0.5 for code, weight in weights.items()}
        total = sum(weights.values())
        first, *others = sorted(weights, key=lambda code: (-weights[code], code))
        rivals = (Candidate(code, weights[code] / total) for code in others)
        return Reading(Candidate(first, weights[first] / total), tuple(rivals))

    def _prior(self, code: str) -> float:
        """About the share of the receipts that are in the currency: as many as print it. Where the policy names the
        local currency, that is most often it, and one without a rate hardly ever."""
        counts = self._currencies
        share = (counts[code] + 0.5 + (code == self.policy.local)) / (counts.total() + 2)
        if code == self.policy.local:
            return max(share, LOCAL)
        return share if not self.policy.local or self.rates.rate(code, None) else min(share, UNRATED)

    @cached_property
    def _currencies(self) -> Counter[str]:
        return Counter(receipt.currency.value for receipt in self.receipts.values() if receipt.currency)

    @cached_property
    def _usual(self) -> str:
        """The currency that most receipts print; empty where too few print any."""
        [(code, _)] = self._currencies.most_common(1) or [("", 0)]
        return code if self._currencies.total() >= ENOUGH else ""
