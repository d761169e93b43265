"""Answers that a student has given before: to callers, and as prelabels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from extraction.domain.prediction import FieldValue
from extraction.models import Extraction, ModelVersion, Source
from extraction.services.labels import ranking
from extraction.services.reports.corpus import Batch


def answers(model: ModelVersion, batch: Batch) -> dict[int, dict[str, FieldValue]]:
    """By document: what the student itself answered a caller that sent the same file, else its prelabels where they
    have every field; two queries."""
    labels = ranking.from_source(batch.rows, Source.STUDENT, model.name)
    names = set(model.project.schema.names)
    given = {
        pk: {name: label.as_domain() for name, label in rows.items()}
        for pk, rows in labels.items()
        if names <= set(rows)
    }
    documents = {document.sha256: pk for pk, document in batch.documents.items()}
    rows = Extraction.objects.filter(model=model, sha256__in=documents, state=Extraction.State.DONE).order_by("pk")
    for row in rows.only("sha256", "fields", "student"):
        given[documents[row.sha256]] = _answered(row.student or row.fields or {})
    return given


def _answered(fields: Mapping[str, Any]) -> dict[str, FieldValue]:
    return {
        name: FieldValue(answer["value"], answer["normalized"], answer["confidence"]) for name, answer in fields.items()
    }
