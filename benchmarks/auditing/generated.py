"""Claims on generated documents, whose truth is known: what the checks alone find, on true values."""

from __future__ import annotations

import datetime
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from benchmarks.auditing import measures
from benchmarks.auditing.claims import Maker, Truth
from benchmarks.base import Benchmark, Setting, Table, digest, write_json
from benchmarks.quality import training_cache
from extraction.domain import default_schemas
from extraction.domain.alignment import own_conventions
from extraction.domain.auditing.finding import Severity
from extraction.domain.auditing.matching import match
from extraction.domain.auditing.policy import CheckSetting, Policy
from extraction.domain.auditing.rates import Rate
from extraction.domain.auditing.reading.receipts import Source, receipt
from extraction.domain.auditing.reading.roles import Roles
from extraction.domain.auditing.running import audit
from extraction.domain.auditing.values import Candidate, Reading, Receipt
from extraction.domain.json_types import JsonObject
from extraction.domain.prediction import FieldValue
from extraction.domain.progress import Progress, check
from extraction.engines.ingest.quality import fingerprint
from extraction.engines.teacher.rules.vocabulary.amounts import amount_kind
from synthdocs.generator import Sample, make
from synthdocs.rendering.capture import Shot

# Documents, of which every so many is photographed again, and languages.
DOCUMENTS, EVERY, LANGUAGES = 1_850, 5, ("en", "de")
SCHEMA, BASE = default_schemas.RECEIPT, "EUR"
RATES = {
    "USD": Decimal("0.92"),
    "GBP": Decimal("1.17"),
    "CHF": Decimal("1.04"),
    "AUD": Decimal("0.60"),
    "CAD": Decimal("0.67"),
    "INR": Decimal("0.011"),
    "SGD": Decimal("0.69"),
    "MYR": Decimal("0.20"),
}
# The exponent of amounts that are printed with cents.
CENTS = -2
# Documents of eight years: their age says nothing. What prints no currency is in euros.
POLICY = Policy(
    base=BASE,
    local=BASE,
    checks={"too_old": CheckSetting(Severity.OFF)},
    tips=("meals",),
    rates=tuple(Rate(code, value) for code, value in RATES.items()),
)
TODAY = datetime.date(2026, 6, 30)
AGAIN = "again-"
PHOTOGRAPH = Shot("table", border=0.08, turn=1.5, tilt=0.02, bend=0, shadow=0.3, blur=0.6, noise=4)


def inputs(setting: Setting) -> Mapping[str, Any]:
    return {**documents_digest(), "code": training_cache.code("benchmarks.auditing", "extraction.domain")}


def documents_digest() -> JsonObject:
    """JSON values that the generated documents depend on."""
    return {"samples": training_cache.code("synthdocs"), "settings": [DOCUMENTS, EVERY, LANGUAGES]}


def run(setting: Setting, progress: Progress) -> Sequence[Table]:
    receipts = documents(setting, progress)
    note = f"Receipts and invoices in {' and '.join(LANGUAGES)}; the words of a perfect reader."
    return tables(truths(receipts), receipts, "true values", setting.seed, note)


def tables(known: Sequence[Truth], receipts: Sequence[Receipt], values: str, seed: int, *notes: str) -> Sequence[Table]:
    """The figures of claims that are made for what the receipts really say, audited by `receipts` as they were read.

    `values` says in words where these have their values from.
    """
    made = Maker(random.Random(seed), BASE, RATES).make(known)
    claimed = {each.document for each in made}
    there = [read for read in receipts if read.document in claimed]
    claims = [each.claim for each in made]
    findings = audit(claims, there, match(claims, there, POLICY).matches, POLICY, TODAY)
    expected, lost = measures.losses(made, findings)
    return [
        Table(
            f"{len(made):,} claims on generated documents, checks on {values}",
            ("claims", "wrong", "precision", "recall", "alarms on honest claims", "at risk ÷ lost"),
            (
                (
                    len(made),
                    sum(each.wrong for each in made),
                    measures.precision(made, findings),
                    measures.recall(made, findings),
                    measures.alarms(made, findings),
                    float(expected / lost),
                ),
            ),
            notes,
        ),
        Table(
            "The same claims by how they came to be",
            ("claim", "claims", "found", "another finding held against it"),
            tuple(measures.by_kind(made, findings)),
        ),
    ]


def documents(setting: Setting, progress: Progress) -> list[Receipt]:
    """Generated documents with their true values, and behind them second photographs of some; kept, as they take
    minutes."""
    inputs = [documents_digest(), training_cache.code("extraction.domain.auditing.reading"), setting.seed]
    path = setting.folder / "audited" / f"{digest(inputs)[:16]}.json"
    if setting.fresh or not path.exists():
        write_json(path, [read.to_json() for read in _generated(setting.seed, progress)])
    read = [Receipt.from_json(row) for row in json.loads(path.read_text("utf-8"))]
    return sorted(read, key=lambda each: each.document.startswith(AGAIN))


def _generated(seed: int, progress: Progress) -> Iterator[Receipt]:
    for number in range(DOCUMENTS):
        check(progress)
        progress.report(number, DOCUMENTS, "Making documents")
        for key, sample in samples(number, seed):
            yield _receipt(sample, key)


def samples(number: int, seed: int) -> Iterator[tuple[str, Sample]]:
    """The document of that number with its key, and behind it the second photograph of some."""
    for again in (False, True) if number % EVERY == 0 else (False,):
        rng = random.Random(f"{seed}/{number}")
        kind, language = rng.choice(("receipt", "receipt", "invoice")), rng.choice(LANGUAGES)
        given = PHOTOGRAPH if again else None
        sample = make("invoice" if kind == "invoice" else "receipt", language, rng, number, given=given)
        yield f"{AGAIN if again else ''}{number:04}", sample


def _receipt(sample: Sample, key: str) -> Receipt:
    answers = {name: FieldValue(value, None, 1.0) for name, value in sample.truth.items() if value is not None}
    conventions = own_conventions(sample.pages, SCHEMA.fields)
    source = Source(key, file=f"{key}.jpg", fingerprint=fingerprint(sample.image))
    read = receipt(source, Roles.of(SCHEMA), answers, sample.pages, amount_kind, conventions=conventions)
    code = read.currency.value if read.currency else BASE
    return replace(read, currency=Reading(Candidate(code, 1.0)))


def truths(receipts: Sequence[Receipt]) -> list[Truth]:
    """What claims are made for, from receipts with their true values."""
    keys = {each.document for each in receipts}
    return [truth for read in receipts if (truth := _truth(read, keys))]


def _truth(read: Receipt, keys: set[str]) -> Truth | None:
    """`None` for second photographs, and for documents whose amount or day has two meanings."""
    amount, date, merchant, currency = read.amount, read.date, read.merchant, read.currency
    if read.document.startswith(AGAIN) or not (amount and date and merchant and currency):
        return None
    if amount.rivals or date.rivals or amount.value <= 1 or currency.value not in {BASE, *RATES}:
        return None
    least = amount.value * Decimal("1.05") + Decimal("0.10")
    # Without cents, numbers of articles, years and times are read as amounts, too.
    cents = {each.value for each in read.printed if each.value.as_tuple().exponent == CENTS}
    others = tuple(sorted(value for value in cents if value > least))
    again = f"{AGAIN}{read.document}"
    return Truth(
        read.document,
        read.file,
        merchant.value,
        amount.value,
        currency.value,
        date.value,
        others,
        again if again in keys else "",
    )


BENCHMARK = Benchmark(
    "audit-generated", "claims of ten wrong kinds on generated documents, by true values", inputs, run
)
