"""Exports in the audit log."""

from __future__ import annotations

from typing import Any

from extraction.models import AuditAction, Project, Report
from extraction.services.audit_log import log as audit_log
from extraction.services.reports.export.answers.given import Given
from extraction.services.reports.export.protocol import Exporter


def record(exporter: Exporter[Any], project: Project, report: Report | None = None) -> None:
    """Record an export of the project's labels, or of `report`, before its first piece is handed out."""
    audit_log.record(AuditAction.EXPORTED, report or project, project=project, changes={"format": exporter.name})


def record_answers(exporter: Exporter[Given], subject: Given) -> None:
    """Record an export of answers before its first piece is handed out."""
    condition = subject.condition
    days = {"since": condition.since, "until": condition.until}
    changes = {"format": exporter.name, **{name: day.isoformat() for name, day in days.items() if day}}
    if condition.batch:
        changes["batch"] = str(condition.batch.public_id)
    audit_log.record(AuditAction.EXPORTED, condition.batch, project=subject.project, name="answers", changes=changes)
