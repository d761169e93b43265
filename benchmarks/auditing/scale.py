"""Time of matching and auditing many claims: by values alone, and in a whole installation."""

from __future__ import annotations

import datetime
import resource
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from benchmarks.auditing import installed, measures
from benchmarks.auditing.claims import Made, Truth
from benchmarks.auditing.many import DAYS, EMPLOYEES, FIRST_DAY, POLICY, RECEIPTS, VENDORS, made
from benchmarks.base import Benchmark, Setting, Table
from benchmarks.quality import training_cache
from extraction.domain.auditing.matching import match
from extraction.domain.auditing.reading.printed import HASHES
from extraction.domain.auditing.running import audit
from extraction.domain.auditing.values import AmountKind, Candidate, PrintedAmount, Reading, Receipt
from extraction.domain.field_types.readers.texts import letters
from extraction.domain.progress import Progress

# How sure readings are.
SURE = 0.97


def inputs(setting: Setting) -> Mapping[str, Any]:
    return {
        "code": training_cache.code("benchmarks.auditing", "extraction.domain"),
        "settings": [RECEIPTS, VENDORS, DAYS, EMPLOYEES],
    }


def run(setting: Setting, progress: Progress) -> Sequence[Table]:
    progress.report(0, 4, "Making claims")
    made_claims, receipts = claims(RECEIPTS, setting.seed)
    wanted = [each.claim for each in made_claims]
    today = FIRST_DAY + datetime.timedelta(days=DAYS)
    progress.report(1, 4, "Matching by file")
    start = time.process_time()
    matching = match(wanted, receipts, POLICY)
    by_file = time.process_time() - start
    progress.report(2, 4, "Checking")
    start = time.process_time()
    findings = audit(wanted, receipts, matching.matches, POLICY, today)
    checked = time.process_time() - start
    progress.report(3, 4, "Matching by values")
    start = time.process_time()
    by_values = match([replace(claim, file="") for claim in wanted], receipts, POLICY)
    without_names = time.process_time() - start
    gigabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    return [
        Table(
            f"{len(wanted):,} claims on {len(receipts):,} receipts, by values alone",
            ("work", "seconds of a core", "outcome"),
            (
                ("matching by file", by_file, f"{len(matching.matches):,} matched"),
                ("all checks", checked, f"{len(findings):,} findings, {len(measures.held(findings)):,} held"),
                ("matching without file names", without_names, f"{len(by_values.matches):,} matched"),
            ),
            (f"At most {gigabytes:.1f} GB of memory, claims and receipts included.",),
        ),
        *installed.run(setting.seed, progress),
    ]


def claims(count: int, seed: int) -> tuple[list[Made], list[Receipt]]:
    """Claims on as many receipts, and the receipts."""
    made_claims, truths, fingerprints = made(count, seed)
    numbers = np.random.default_rng(seed).integers(0, 2**31 - 1, (count, HASHES))
    receipts = [
        _receipt(truth, numbers[place], fingerprint)
        for place, (truth, fingerprint) in enumerate(zip(truths, fingerprints, strict=True))
    ]
    return made_claims, receipts


def _receipt(truth: Truth, numbers: Sequence[int], fingerprint: str) -> Receipt:
    return Receipt(
        document=truth.document,
        file=truth.file,
        fingerprint=fingerprint,
        numbers=tuple(int(each) for each in numbers),
        vendor=letters(truth.merchant),
        names=(truth.merchant,),
        merchant=Reading(Candidate(truth.merchant, SURE)),
        amount=Reading(Candidate(truth.amount, SURE)),
        date=Reading(Candidate(truth.date, SURE)),
        currency=Reading(Candidate(truth.currency, SURE)),
        printed=tuple(PrintedAmount(other, AmountKind.CASH) for other in truth.others),
    )


BENCHMARK = Benchmark("audit-scale", "time of matching and auditing 100,000 claims", inputs, run)
