"""Claims made from what receipts really say: honest ones, as people write them, and wrong ones of ten kinds."""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum

from extraction.domain.auditing.values import Claim

CENT = Decimal("0.01")
EMPLOYEES, CATEGORIES = 20, ("meals", "office", "travel", "fuel", "tools")
# The share of wrong claims, and of receipts of meals.
WRONG, MEALS = 0.3, 0.3


@dataclass(frozen=True, slots=True)
class Truth:
    """What a receipt really says; `others` are the larger amounts that it prints, such as the cash given. `again` is
    another picture of it (empty: there is none)."""

    document: str
    file: str
    merchant: str
    amount: Decimal
    currency: str
    date: datetime.date
    others: tuple[Decimal, ...] = ()
    again: str = ""


class Kind(StrEnum):
    """How a claim came to be."""

    EXACT = "exact"
    ROUNDED = "rounded to 5 cents"
    TIPPED = "with a tip"
    EXCHANGED = "exchanged, ± 2 %"
    VARIANT = "merchant typed otherwise"
    INFLATED = "inflated by 5 to 100 %"
    DIGITS = "digits swapped upwards"
    OTHER_AMOUNT = "larger amount of the receipt"
    OWN_AGAIN = "own receipt again"
    OTHERS_AGAIN = "receipt of somebody else"
    PHOTO_AGAIN = "receipt photographed again"
    DATE = "date shifted"
    LOCAL = "local amount typed as foreign"
    MERCHANT = "another merchant"
    NO_RECEIPT = "no receipt"


HONEST: Mapping[Kind, float] = {
    Kind.EXACT: 0.5,
    Kind.ROUNDED: 0.12,
    Kind.TIPPED: 0.08,
    Kind.EXCHANGED: 0.1,
    Kind.VARIANT: 0.2,
}
# Which checks are right to speak of a claim of that kind.
EXPECTED: Mapping[Kind, frozenset[str]] = {
    Kind.INFLATED: frozenset({"claimed_more", "other_amount", "two_receipts"}),
    Kind.DIGITS: frozenset({"claimed_more", "other_amount"}),
    Kind.OTHER_AMOUNT: frozenset({"claimed_more", "other_amount"}),
    Kind.OWN_AGAIN: frozenset({"same_receipt", "same_purchase", "same_picture"}),
    Kind.OTHERS_AGAIN: frozenset({"same_receipt", "same_purchase", "same_picture"}),
    Kind.PHOTO_AGAIN: frozenset({"same_purchase", "same_picture"}),
    Kind.DATE: frozenset({"date_differs"}),
    Kind.LOCAL: frozenset({"foreign_as_local", "claimed_more", "other_amount"}),
    Kind.MERCHANT: frozenset({"merchant_differs"}),
    Kind.NO_RECEIPT: frozenset({"no_receipt"}),
}
SECOND = frozenset({Kind.OWN_AGAIN, Kind.OTHERS_AGAIN, Kind.PHOTO_AGAIN})


@dataclass(frozen=True, slots=True)
class Made:
    """A claim, how it came to be, its receipt (empty: none), and what is lost by it in the base currency."""

    claim: Claim
    kind: Kind
    document: str
    lost: Decimal = Decimal(0)

    @property
    def wrong(self) -> bool:
        return self.kind not in HONEST


@dataclass
class Maker:
    """Makes claims for receipts, with references that begin with `prefix`; `rates` are what one unit of a foreign
    currency is worth in the base currency."""

    drawn: random.Random
    base: str
    rates: Mapping[str, Decimal]
    prefix: str = "C"
    made: list[Made] = field(default_factory=list)

    def make(self, truths: Sequence[Truth]) -> list[Made]:
        """One claim for each receipt, some of them wrong, and behind them second claims for some."""
        self._merchants = [truth.merchant for truth in truths]
        again: list[tuple[Truth, Kind]] = []
        for truth in truths:
            kind = self._kind(truth)
            if kind in SECOND:
                again.append((truth, kind))
                kind = Kind.EXACT
            self._add(truth, kind)
        first = {each.document: each.claim for each in self.made}
        for truth, kind in again:
            self._add_again(truth, kind, first[truth.document])
        return self.made

    def _kind(self, truth: Truth) -> Kind:
        if self.drawn.random() >= WRONG:
            return self.drawn.choices(list(HONEST), list(HONEST.values()))[0]
        kinds = [
            kind
            for kind in EXPECTED
            if not (kind is Kind.OTHER_AMOUNT and not truth.others)
            and not (kind is Kind.PHOTO_AGAIN and not truth.again)
        ]
        return self.drawn.choice(kinds)

    def _add(self, truth: Truth, kind: Kind) -> None:
        category = "meals" if kind is Kind.TIPPED or self.drawn.random() < MEALS else self.drawn.choice(CATEGORIES[1:])
        claim = Claim(
            reference=f"{self.prefix}{len(self.made) + 1:06}",
            amount=truth.amount,
            currency=truth.currency,
            employee=f"E{self.drawn.randrange(EMPLOYEES):02}",
            report=f"R{len(self.made) // 10:05}",
            merchant=truth.merchant,
            date=truth.date,
            category=category,
            file=truth.file,
        )
        changed, lost = self._changes()[kind](truth, claim) if kind in self._changes() else (claim, Decimal(0))
        self.made.append(Made(changed, kind, truth.document if changed.file else "", lost))

    def _add_again(self, truth: Truth, kind: Kind, first: Claim) -> None:
        others = [name for name in (f"E{number:02}" for number in range(EMPLOYEES)) if name != first.employee]
        claim = replace(
            first,
            reference=f"{self.prefix}{len(self.made) + 1:06}",
            employee=self.drawn.choice(others) if kind is Kind.OTHERS_AGAIN else first.employee,
            file=truth.again if kind is Kind.PHOTO_AGAIN else truth.file,
        )
        document = truth.again if kind is Kind.PHOTO_AGAIN else truth.document
        self.made.append(Made(claim, kind, document, self._in_base(truth.amount, truth.currency)))

    def _in_base(self, amount: Decimal, currency: str) -> Decimal:
        return amount * (Decimal(1) if currency == self.base else self.rates[currency])

    def _changes(self) -> Mapping[Kind, Callable[[Truth, Claim], tuple[Claim, Decimal]]]:
        return {
            Kind.ROUNDED: self._rounded,
            Kind.TIPPED: self._tipped,
            Kind.EXCHANGED: self._exchanged,
            Kind.VARIANT: self._variant,
            Kind.INFLATED: self._inflated,
            Kind.DIGITS: self._digits,
            Kind.OTHER_AMOUNT: self._other,
            Kind.DATE: self._shifted,
            Kind.LOCAL: self._local,
            Kind.MERCHANT: self._other_merchant,
            Kind.NO_RECEIPT: self._without,
        }

    def _rounded(self, truth: Truth, claim: Claim) -> tuple[Claim, Decimal]:
        return replace(claim, amount=(truth.amount / 5).quantize(CENT, ROUND_HALF_EVEN) * 5), Decimal(0)

    def _tipped(self, truth: Truth, claim: Claim) -> tuple[Claim, Decimal]:
        tip = Decimal(self.drawn.randint(5, 24)) / 100
        return replace(claim, amount=(truth.amount * (1 + tip)).quantize(CENT)), Decimal(0)

    def _exchanged(self, truth: Truth, claim: Claim) -> tuple[Claim, Decimal]:
        currency = self.drawn.choice(sorted(set(self.rates) - {truth.currency}))
        paid = self._in_base(truth.amount, truth.currency) / self.rates[currency]
        fee = 1 + Decimal(self.drawn.randint(-20, 20)) / 1000
        return replace(claim, amount=(paid * fee).quantize(CENT), currency=currency), Decimal(0)

    def _variant(self, truth: Truth, claim: Claim) -> tuple[Claim, Decimal]:
        words = truth.merchant.split()
        forms = [" ".join(words[:2]), truth.merchant.title(), words[0], truth.merchant.replace(" ", "  ").lower()]
        return replace(claim, merchant=self.drawn.choice([form for form in forms if len(form) > 3])), Decimal(0)

    def _more(self, truth: Truth, claim: Claim, amount: Decimal) -> tuple[Claim, Decimal]:
        return replace(claim, amount=amount), self._in_base(amount - truth.amount, truth.currency)

    def _inflated(self, truth: Truth, claim: Claim) -> tuple[Claim, Decimal]:
        amount = (truth.amount * (1 + Decimal(self.drawn.randint(6, 100)) / 100)).quantize(CENT)
        return self._more(truth, claim, max(amount, truth.amount + Decimal("0.10")))

    def _digits(self, truth: Truth, claim: Claim) -> tuple[Claim, Decimal]:
        """Two neighbouring digits exchanged, so that the amount is larger by more than the tolerance."""
        text = f"{truth.amount:.2f}"
        swapped = [
            Decimal(text[:at] + text[at + 1] + text[at] + text[at + 2 :])
            for at in range(len(text) - 1)
            if text[at : at + 2].isdigit()
        ]
        larger = [value for value in swapped if value > truth.amount * Decimal("1.01") + Decimal("0.05")]
        return self._more(truth, claim, self.drawn.choice(larger)) if larger else self._inflated(truth, claim)

    def _other(self, truth: Truth, claim: Claim) -> tuple[Claim, Decimal]:
        return self._more(truth, claim, self.drawn.choice(truth.others))

    def _shifted(self, truth: Truth, claim: Claim) -> tuple[Claim, Decimal]:
        days = self.drawn.choice((-1, 1)) * self.drawn.randint(3, 40)
        return replace(claim, date=truth.date + datetime.timedelta(days=days)), Decimal(0)

    def _local(self, truth: Truth, claim: Claim) -> tuple[Claim, Decimal]:
        worth = self._in_base(Decimal(1), truth.currency)
        dearer = sorted(code for code, rate in self.rates.items() if rate > worth * Decimal("1.1"))
        if not dearer:
            return self._inflated(truth, claim)
        currency = self.drawn.choice(dearer)
        return replace(claim, currency=currency), truth.amount * (self.rates[currency] - worth)

    def _other_merchant(self, truth: Truth, claim: Claim) -> tuple[Claim, Decimal]:
        others = [
            name for name in self._merchants if name.split()[0].casefold() != truth.merchant.split()[0].casefold()
        ]
        return replace(claim, merchant=self.drawn.choice(others)), Decimal(0)

    def _without(self, truth: Truth, claim: Claim) -> tuple[Claim, Decimal]:
        return replace(claim, file=""), self._in_base(claim.amount, claim.currency)
