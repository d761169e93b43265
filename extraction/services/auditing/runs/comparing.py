"""The comparison of a run: from its frozen inputs to findings, the same each time."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace

from extraction.domain.auditing import running
from extraction.domain.auditing import values as domain
from extraction.domain.auditing.finding import Finding
from extraction.domain.auditing.matching import Match, MatchBy
from extraction.domain.auditing.policy import Policy
from extraction.domain.progress import Progress
from extraction.models import AuditRun, Claim, ReceiptReading
from extraction.services.auditing import messages
from extraction.services.auditing.runs import readings
from extraction.services.errors import Conflict

BATCH = 500


def findings(run: AuditRun, progress: Progress) -> list[Finding]:
    """All findings of its inputs, each named once. Claims are referred to by their primary keys.

    Raises `Cancelled`, and `Conflict` where claims or documents were deleted since.
    """
    policy = run.policy.as_domain()
    claims = _claims([row[0] for row in run.inputs], policy)
    keys = [row[1] for row in run.inputs if row[1] is not None]
    receipts = {int(receipt.document): receipt for receipt in readings.stored(sorted(set(keys)))}
    documents = _documents(keys)
    if len(claims) < len(run.inputs) or len(documents) < len(set(keys)):
        raise Conflict(messages.RUN_LOST)
    matches = [
        Match(str(claim), str(documents[reading]), MatchBy(by), sure)
        for claim, reading, by, sure in run.inputs
        if reading is not None
    ]
    found = running.audit(claims, receipts.values(), matches, policy, run.today, progress)
    return list({finding.key: finding for finding in reversed(found)}.values())[::-1]


def digest(found: Iterable[Finding]) -> str:
    """SHA-256 of findings in their order."""
    sha = hashlib.sha256()
    for finding in found:
        sha.update(json.dumps(finding.to_json(), sort_keys=True).encode())
    return sha.hexdigest()


def _claims(numbers: list[int], policy: Policy) -> list[domain.Claim]:
    """In the order of the numbers; one without a currency is in the local one."""
    rows: dict[int, Claim] = {}
    for start in range(0, len(numbers), BATCH):
        rows |= Claim.objects.in_bulk(numbers[start : start + BATCH])
    found = [(row.pk, row.as_domain()) for number in numbers if (row := rows.get(number))]
    local = policy.local or policy.base
    return [replace(claim, reference=str(pk), currency=claim.currency or local) for pk, claim in found]


def _documents(keys: list[int]) -> Mapping[int, int]:
    found: dict[int, int] = {}
    for start in range(0, len(keys), BATCH):
        found |= dict(ReceiptReading.objects.filter(pk__in=keys[start : start + BATCH]).values_list("pk", "document"))
    return found
