"""Many claims, and what their receipts say."""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from benchmarks.auditing.claims import Made, Maker, Truth
from extraction.domain.auditing.policy import Limit, Per, Policy
from extraction.domain.auditing.rates import Rate

RECEIPTS, VENDORS, DAYS, EMPLOYEES = 95_000, 4_000, 365, 2_000
FIRST_DAY = datetime.date(2025, 1, 1)
RATES = {"USD": Decimal("0.92"), "GBP": Decimal("1.17"), "CHF": Decimal("1.04")}
POLICY = Policy(
    rates=tuple(Rate(code, value) for code, value in RATES.items()),
    limits=(Limit(Decimal(400), Per.CLAIM), Limit(Decimal(60), Per.ATTENDEE, "meals"), Limit(Decimal(600), Per.DAY)),
)


def made(count: int, seed: int) -> tuple[list[Made], list[Truth], list[str]]:
    """Claims on as many receipts, what these say, and fingerprints of their pictures."""
    drawn = random.Random(seed)
    truths = list(_truths(count, drawn))
    fingerprints = [f"{drawn.getrandbits(256):064x}" for _ in truths]
    made_claims = Maker(drawn, POLICY.base, RATES).make(truths)
    people = [f"E{number:05}" for number in range(EMPLOYEES)]
    # Second claims keep the relation of their employee to that of the first.
    of_document: dict[str, str] = {}
    for place, each in enumerate(made_claims):
        own = of_document.setdefault(each.document or each.claim.reference, drawn.choice(people))
        employee = drawn.choice(people) if "somebody" in each.kind.value else own
        made_claims[place] = replace(each, claim=replace(each.claim, employee=employee))
    return made_claims, truths, fingerprints


def _truths(count: int, drawn: random.Random) -> Iterator[Truth]:
    syllables = ("ba", "ko", "lin", "mar", "ten", "vor", "sa", "du", "ril", "pen", "go", "hau")
    vendors = [
        f"{''.join(drawn.choices(syllables, k=3)).title()} {''.join(drawn.choices(syllables, k=2)).title()} GmbH"
        for _ in range(VENDORS)
    ]
    for number in range(count):
        amount = (Decimal(str(drawn.lognormvariate(3.2, 1.0))) + 1).quantize(Decimal("0.01"))
        day = FIRST_DAY + datetime.timedelta(days=drawn.randrange(DAYS))
        cash = (amount / 10 + 1).quantize(Decimal(1)) * 10
        yield Truth(
            str(number),
            f"{number:06}.jpg",
            drawn.choice(vendors),
            amount,
            POLICY.base,
            day,
            (cash,) if cash > amount else (),
        )
