"""Answers of a project as serving stores them: of the student, of both, refused ones, and those of a batch."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from extraction.domain.escalation.outcomes import Outcome
from extraction.domain.json_types import JsonObject
from extraction.models import Extraction, ExtractionBatch, ModelVersion

TIMING = {"ingest": 41.2, "ocr": 402.7, "student": 28.4, "total": 1472.3}


def answer(value: str | None, confidence: float = 0.9, source: str = "student", **more: object) -> JsonObject:
    """The JSON of an answer for a field."""
    given = {"value": value, "normalized": value, "confidence": confidence, "boxes": [], "source": source}
    return {**given, "accepted": None, **more}


def done(model: ModelVersion, name: str = "a.jpg", day: str = "2026-11-02", **columns: Any) -> Extraction:
    """An extraction that was answered at noon of a day, by the student alone unless columns say otherwise."""
    values = {"total": answer("3.30")}
    row = Extraction.objects.create(
        **{
            "project": model.project,
            "model": model,
            "name": name,
            "sha256": "0" * 64,
            "pages": 1,
            "state": Extraction.State.DONE,
            "fields": values,
            "timing_ms": TIMING,
            **columns,
        }
    )
    Extraction.objects.filter(pk=row.pk).update(created=datetime.fromisoformat(f"{day}T12:00:00+00:00"))
    row.refresh_from_db()
    return row


def escalated(model: ModelVersion, **columns: Any) -> Extraction:
    """One that the teacher read, too: both agree on the total, and differ on the date and who the company is."""
    return done(
        model,
        **{
            "fields": {
                "total": answer("3.30", 0.98, "both", accepted=True),
                "date": answer("25/12/2018", 0.55, "teacher", doubtful=True, accepted=False),
                "company": answer("=BEAN THERE", 0.91, "teacher", accepted=False),
            },
            "student": {
                "total": answer("3.30", 0.93, accepted=True),
                "date": answer("26/12/2018", 0.5),
                "company": answer(None, 0.1),
            },
            "teacher": {
                "total": answer("3.30", 0.95, "teacher"),
                "date": answer("25/12/2018", 0.55, "teacher"),
                "company": answer("=BEAN THERE", 0.91, "teacher"),
            },
            "escalated": Outcome.DONE,
            "usd": Decimal("0.0031"),
            **columns,
        },
    )


def refused(model: ModelVersion, **columns: Any) -> Extraction:
    """A file that could not be read."""
    gone = {"fields": None, "timing_ms": None, "pages": None}
    return done(model, **{"state": Extraction.State.FAILED, "error": "The file is empty.", **gone, **columns})


def batch(model: ModelVersion, name: str = "month.zip") -> ExtractionBatch:
    return ExtractionBatch.objects.create(project=model.project, model=model, name=name, uploads=[], state="done")
