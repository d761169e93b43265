"""The results of a batch as JSON lines."""

from __future__ import annotations

import json
from collections.abc import Iterator

from extraction.models import AuditAction, ExtractionBatch
from extraction.services.audit_log import log as audit_log
from extraction.services.serving.answers import reviews

MEDIA_TYPE = "application/jsonl"
# Rows of one query: memory does not grow with the batch.
PART = 200


def filename(batch: ExtractionBatch) -> str:
    return f"{batch.project.slug}-batch-{batch.public_id}.jsonl"


def record_download(batch: ExtractionBatch) -> None:
    """In the audit log, before the first line is handed out."""
    changes = {"format": "jsonl", "batch": str(batch.public_id)}
    audit_log.record(AuditAction.EXPORTED, batch, project=batch.project, changes=changes)


def lines(batch: ExtractionBatch) -> Iterator[str]:
    """A line for each file that was answered or refused, in the order of the batch: its name under `file`, then what
    the API answers for an extraction."""
    last = -1
    while rows := list(batch.extractions.filter(position__gt=last).select_related("model").order_by("position")[:PART]):
        for row, result in zip(rows, reviews.results(batch.project, rows), strict=True):
            yield json.dumps({"file": row.name, **result.to_json()}, ensure_ascii=False) + "\n"
        last = rows[-1].position or 0
