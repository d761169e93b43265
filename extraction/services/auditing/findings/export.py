"""Findings as files: CSV for spreadsheets, JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from extraction.domain.json_types import JsonObject
from extraction.models import AuditAction, Finding, Project
from extraction.services.audit_log import log as audit_log
from extraction.services.auditing.findings.listing import Filter, listing
from extraction.services.auditing.findings.sentences import sentence, title
from extraction.services.reports.export import spreadsheet
from extraction.services.reports.export.protocol import Exporter

COLUMNS = (
    *("finding", "check", "title", "severity", "state", "reason", "claim", "employee", "report", "merchant", "date"),
    *("amount", "claim_currency", "document", "file", "probability", "at_risk", "expected", "currency", "why"),
)
BATCH = 500


@dataclass(frozen=True, slots=True)
class Chosen:
    """The findings of a project that a filter leaves."""

    project: Project
    condition: Filter

    def rows(self) -> Iterator[Finding]:
        return listing(self.project, self.condition).iterator(chunk_size=BATCH)


class FindingTable:
    """A row a finding, for spreadsheets."""

    name = "csv"
    title = "CSV"
    media_type = spreadsheet.MEDIA_TYPE

    def filename(self, subject: Chosen) -> str:
        return f"{subject.project.slug}-findings.csv"

    def write(self, subject: Chosen) -> Iterator[str]:
        return spreadsheet.table(COLUMNS, (list(_flat(row).values()) for row in subject.rows()))


class FindingJson:
    """An array of findings with their evidence."""

    name = "json"
    title = "JSON"
    media_type = "application/json"

    def filename(self, subject: Chosen) -> str:
        return f"{subject.project.slug}-findings.json"

    def write(self, subject: Chosen) -> Iterator[str]:
        before = "[\n"
        for row in subject.rows():
            yield before + json.dumps(to_json(row), ensure_ascii=False)
            before = ",\n"
        yield "[]\n" if before == "[\n" else "\n]\n"


_EXPORTERS: tuple[Exporter[Chosen], ...] = (FindingTable(), FindingJson())
FINDING_EXPORTERS = {exporter.name: exporter for exporter in _EXPORTERS}


def record(exporter: Exporter[Chosen], project: Project) -> None:
    """Record an export in the audit log, before its first piece is handed out."""
    audit_log.record(AuditAction.EXPORTED, project=project, name="findings", changes={"format": exporter.name})


def to_json(row: Finding) -> JsonObject:
    """A finding with its sentence and its evidence."""
    value = row.as_domain()
    return {**_flat(row), "variant": value.variant, "evidence": [place.to_json() for place in value.evidence]}


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
