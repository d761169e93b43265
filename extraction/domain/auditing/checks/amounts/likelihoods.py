"""How likely a claimed amount is, by how it stands to the amount to pay and by what else the receipt prints."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from extraction.domain.auditing.values import AmountKind, PrintedAmount, Receipt


class Outcome(StrEnum):
    """How a claimed amount stands to an amount to pay."""

    EQUAL = "equal"
    TIP = "tip"
    EXCHANGE = "exchange"
    LESS = "less"
    MORE = "more"
    LOCAL = "local"  # the number of the receipt, in a dearer currency


# Amounts that nothing on the receipt explains are one of about a hundred.
ANY = 0.01
# How often an honest claim has just this amount, by how it stands to the true one.
HONEST = {
    Outcome.EQUAL: 1.0,
    Outcome.EXCHANGE: 1.0,
    Outcome.TIP: 0.3 * 0.04,
    Outcome.LESS: 0.05 * ANY,
}
# The same of a claim that is wrong: an amount that is invented, the cash that was given, another one of those that are
# printed, or the number alone.
INVENTED, CASH, PRINTED, TYPED_AS_LOCAL = 0.6 * ANY, 0.3, 0.1, 0.3
# Where what was read is not the amount to pay, that is mostly printed elsewhere. Else it was misread: that a claim has
# just the true amount is then rarer than that one is invented.
ELSEWHERE, MISREAD = 0.7, 0.1 * ANY
# How likely a printed amount is then the one to pay, by the words beside it.
TO_PAY = {
    AmountKind.OTHER: 1.0,
    AmountKind.CASH: 1.0,
    AmountKind.SUBTOTAL: 0.7,
    AmountKind.ARTICLE: 0.3,
    AmountKind.TAX: 0.05,
}
NOT_TO_PAY = 0.02
# What more there is by than what was read, where that was a subtotal: no more than taxes and service are, and all the
# more where the difference is printed too. Each place of an amount speaks for it, up to three.
TAXES, TAXED, ADDED, PLACES = Decimal("1.3"), 4.0, 3.0, 3


def likelihood(
    outcome: Outcome, wrong: float, printed: PrintedAmount | None, receipt: Receipt, amount: Decimal
) -> float:
    """Of a claim that stands so to the true amount, `wrong` being the share of claims that are wrong.

    `printed` is the other amount of the receipt that the claim equals, `amount` what was read as the one to pay.
    """
    if outcome is Outcome.LOCAL:
        return wrong * TYPED_AS_LOCAL
    if outcome is not Outcome.MORE:
        return (1 - wrong) * HONEST[outcome]
    if printed is None:
        return wrong * INVENTED
    larger = {each.value for each in receipt.printed if each.value > amount}
    return wrong * (CASH if printed.kind is AmountKind.CASH else PRINTED) / max(len(larger), 1)


def elsewhere(receipt: Receipt, amount: Decimal) -> dict[Decimal, float]:
    """How probably each other printed amount is the one to pay, where what was read is not."""
    weights: dict[Decimal, list[float]] = {}
    for each in receipt.printed:
        weights.setdefault(each.value, []).append(_weight(each, receipt, amount))
    likely = {value: sum(sorted(some)[-PLACES:]) for value, some in weights.items()}
    total = max(sum(likely.values()), 1.0)
    return {value: ELSEWHERE * weight / total for value, weight in likely.items()}


def _weight(each: PrintedAmount, receipt: Receipt, amount: Decimal) -> float:
    """How likely this is the amount to pay, beside others."""
    rest = each.value - amount
    kinds = {other.kind for other in receipt.printed if other.value == rest} if rest else set()
    if AmountKind.CHANGE in kinds:
        # Cash less change confirms what was read.
        return NOT_TO_PAY
    weight = TO_PAY.get(each.kind, NOT_TO_PAY)
    if amount < each.value <= amount * TAXES:
        weight *= TAXED
    return weight * ADDED if kinds and each.value > amount else weight
