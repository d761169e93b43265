"""Comparison of a claimed amount with everything that the receipt may say.

A claim that differs from a reading tells two things at once: that it may be wrong, and that the reading may be. So the
probability of a violation is a posterior (Bayes) over the candidates for the amount to pay, the currencies, and the
event that none of the candidates is right. Without it a reading of 95 % would accuse one honest claim in twenty.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from extraction.domain.auditing.books import Books
from extraction.domain.auditing.checks.amounts.likelihoods import HONEST, MISREAD, Outcome, elsewhere, likelihood
from extraction.domain.auditing.finding import Severity
from extraction.domain.auditing.money import times
from extraction.domain.auditing.names import category
from extraction.domain.auditing.policy import Policy, Tolerance, Unit, effective
from extraction.domain.auditing.values import Candidate, Claim, PrintedAmount, Reading, Receipt

CLAIMED_MORE, TIP, EXCHANGE = "claimed_more", "tip", "exchange"
MONEY = Tolerance("money", Unit.MONEY, Decimal("0.05"))
SHARE = Tolerance("share", Unit.SHARE, Decimal("0.005"), most=Decimal(1))
MOST_TIP = Tolerance("most", Unit.SHARE, Decimal("0.25"), most=Decimal(1))
BAND = Tolerance("band", Unit.SHARE, Decimal("0.03"), most=Decimal(1))


@dataclass(frozen=True, slots=True)
class Stand:
    """A claim beside one amount that the receipt may say: what it comes to in the base currency, and by how much the
    claim exceeds it (`None`: without a rate)."""

    outcome: Outcome
    amount: Candidate[Decimal]
    currency: str
    excess: Decimal | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Probabilities of the outcomes, which lack to 1 that nothing can be told, with the most probable stand of each.
    `printed` is another amount of the receipt that equals the claimed one."""

    probabilities: Mapping[Outcome, float]
    stands: Mapping[Outcome, Stand]
    printed: PrintedAmount | None = None


@dataclass(frozen=True, slots=True)
class _Limits:
    """The tolerances of the checks that share the comparison."""

    money: Decimal
    share: Decimal
    tip: Decimal
    band: Decimal
    tips: frozenset[str]

    @classmethod
    def of(cls, policy: Policy) -> _Limits:
        more = effective(policy, CLAIMED_MORE, Severity.REVIEW, (MONEY, SHARE))
        tip = effective(policy, TIP, Severity.INFO, (MOST_TIP,))
        band = effective(policy, EXCHANGE, Severity.INFO, (BAND,))
        tips = frozenset(map(category, policy.tips))
        return cls(more[MONEY.name], more[SHARE.name], tip[MOST_TIP.name], band[BAND.name], tips)


def comparisons(books: Books) -> Mapping[str, Comparison]:
    """The comparison of every claim whose receipt has an amount, by the claim's reference."""
    limits = _Limits.of(books.policy)
    return {
        case.claim.reference: _comparison(case.claim, case.receipt, case.receipt.amount, books, limits)
        for case in books.with_receipts
        if case.receipt is not None and case.receipt.amount is not None
    }


def _comparison(claim: Claim, receipt: Receipt, amount: Reading[Decimal], books: Books, limits: _Limits) -> Comparison:
    printed = _printed(claim, receipt)
    wrong = books.policy.violations
    weights: dict[Outcome, float] = {}
    stands: dict[Outcome, tuple[float, Stand]] = {}
    known = 0.0
    for stand, probability in _stands(claim, receipt, amount, books, limits):
        weight = probability * likelihood(stand.outcome, wrong, printed, receipt, amount.value)
        known += weight
        weights[stand.outcome] = weights.get(stand.outcome, 0.0) + weight
        if stand.outcome not in stands or weight > stands[stand.outcome][0]:
            stands[stand.outcome] = weight, stand
    unknown = amount.unknown * (1 - wrong) * _unread(claim, receipt, amount.value, books, limits, stands)
    total = known + unknown
    return Comparison(
        {outcome: weight / total for outcome, weight in weights.items()} if total else {},
        {outcome: stand for outcome, (_, stand) in stands.items()},
        printed,
    )


def _unread(
    claim: Claim,
    receipt: Receipt,
    amount: Decimal,
    books: Books,
    limits: _Limits,
    stands: Mapping[Outcome, tuple[float, Stand]],
) -> float:
    """The likelihood of the claim, if it is honest and what was read is not the amount to pay: by the other printed
    amounts, any of which may explain it as one that was read does, or by one that was misread."""
    if Outcome.MORE not in stands:
        return MISREAD
    code = stands[Outcome.MORE][1].currency
    explained = 0.0
    for value, probability in elsewhere(receipt, amount).items():
        stand = _stand(claim, Candidate(value, probability), code, books, limits)
        if stand is not None and stand.outcome in (Outcome.EQUAL, Outcome.EXCHANGE, Outcome.TIP):
            explained += probability * HONEST[stand.outcome]
    return explained + MISREAD


def _stands(
    claim: Claim, receipt: Receipt, amount: Reading[Decimal], books: Books, limits: _Limits
) -> Iterator[tuple[Stand, float]]:
    """How the claim stands to each candidate in each currency that it may be in, with the probability of these."""
    currencies = books.currency(receipt) or Reading(Candidate(claim.currency, 1.0))
    # Where the currency is none of the candidates, it is taken for the claimed one: nothing speaks against it.
    own = Candidate(claim.currency, currencies.unknown)
    for currency in (*currencies, own):
        for candidate in amount:
            probability = candidate.probability * currency.probability
            stand = _stand(claim, candidate, currency.value, books, limits) if probability else None
            if stand is not None:
                yield stand, probability


def _stand(claim: Claim, candidate: Candidate[Decimal], currency: str, books: Books, limits: _Limits) -> Stand | None:
    """`None` where amounts of two currencies without rates cannot be compared."""
    # A refund is negative on the claim, and printed either way.
    printed = -abs(candidate.value) if claim.amount < 0 else candidate.value
    mine, its = (books.rates.rate(code, claim.date) for code in (claim.currency, currency))
    same = currency == claim.currency
    if same and mine is None:
        outcome = _same_currency(claim, claim.amount, printed, limits)
        return Stand(outcome, candidate, currency, None)
    if mine is None or its is None:
        typed = _is_near(claim.amount, printed, limits)
        return Stand(Outcome.LOCAL, candidate, currency, None) if typed else None
    claimed, to_pay = times(claim.amount, mine), times(printed, its)
    excess = claimed - to_pay
    if same:
        outcome = _same_currency(claim, claimed, to_pay, limits)
    elif abs(excess) <= limits.band * abs(to_pay) + limits.money:
        outcome = Outcome.EXCHANGE
    elif _is_near(claim.amount, printed, limits) and excess > 0:
        outcome = Outcome.LOCAL
    elif excess < 0:
        outcome = Outcome.LESS
    elif _is_tip(claim, excess - limits.band * to_pay, to_pay, limits):
        outcome = Outcome.TIP
    else:
        outcome = Outcome.MORE
    return Stand(outcome, candidate, currency, excess)


def _same_currency(claim: Claim, claimed: Decimal, to_pay: Decimal, limits: _Limits) -> Outcome:
    if _is_near(claimed, to_pay, limits):
        return Outcome.EQUAL
    if claimed < to_pay:
        return Outcome.LESS
    return Outcome.TIP if _is_tip(claim, claimed - to_pay, to_pay, limits) else Outcome.MORE


def _is_near(one: Decimal, other: Decimal, limits: _Limits) -> bool:
    return abs(one - other) <= max(limits.money, limits.share * abs(other))


def _is_tip(claim: Claim, excess: Decimal, to_pay: Decimal, limits: _Limits) -> bool:
    return to_pay > 0 and category(claim.category) in limits.tips and excess <= limits.tip * to_pay


def _printed(claim: Claim, receipt: Receipt) -> PrintedAmount | None:
    """Another amount of the receipt that equals the claimed one; one whose kind is known before others."""
    found = [each for each in receipt.printed if each.value == abs(claim.amount)]
    return min(found, key=lambda each: each.kind.value == "other", default=None)
