"""Findings as files: CSV for spreadsheets, JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from enum import StrEnum

from extraction.domain.json_types import JsonObject
from extraction.models import AuditAction, Finding, Project
from extraction.services.audit_log import log as audit_log
from extraction.services.auditing.findings.listing import Filter, listing
from extraction.services.auditing.findings.sentences import sentence, title
from extraction.services.reports.export import spreadsheet

COLUMNS = (
    *("finding", "check", "title", "severity", "state", "reason", "claim", "employee", "report", "merchant", "date"),
    *("amount", "claim_currency", "document", "file", "probability", "at_risk", "expected", "currency", "why"),
)
BATCH = 500


class Format(StrEnum):
    CSV = "csv"
    JSON = "json"


MEDIA_TYPES = {Format.CSV: spreadsheet.MEDIA_TYPE, Format.JSON: "application/json"}


def lines(project: Project, condition: Filter, kind: Format) -> Iterator[str]:
    """The parts of the file, a batch of findings in memory at a time; writes who exported into the audit log."""
    audit_log.record(AuditAction.EXPORTED, project=project, name="findings", changes={"format": kind.value})
    rows = listing(project, condition).iterator(chunk_size=BATCH)
    if kind is Format.CSV:
        return spreadsheet.table(COLUMNS, (list(_flat(row).values()) for row in rows))
    return _json(rows)


def to_json(row: Finding) -> JsonObject:
    """A finding with its sentence and its evidence."""
    value = row.as_domain()
    return {**_flat(row), "variant": value.variant, "evidence": [place.to_json() for place in value.evidence]}


def _json(rows: Iterator[Finding]) -> Iterator[str]:
    before = "[\n"
    for row in rows:
        yield before + json.dumps(to_json(row), ensure_ascii=False)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def _flat(row: Finding) -> dict[str, str | int | float | None]:
    claim, value = row.claim, row.as_domain()
    return {
        "finding": row.pk,
        "check": row.check_name,
        "title": title(row.check_name),
        "severity": row.severity,
        "state": row.state,
        "reason": row.reason,
        "claim": claim.reference or f"#{claim.pk}",
        "employee": claim.name or claim.employee,
        "report": claim.report,
        "merchant": claim.merchant,
        "date": claim.date.isoformat() if claim.date else None,
        "amount": str(claim.amount.normalize() + 0),
        "claim_currency": claim.currency,
        "document": row.document_id,
        "file": row.document.name if row.document else None,
        "probability": round(row.probability, 4),
        "at_risk": None if row.at_risk is None else str(row.at_risk.normalize() + 0),
        "expected": str(row.expected.normalize() + 0),
        "currency": row.currency,
        "why": sentence(value),
    }
