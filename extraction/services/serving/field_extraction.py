"""Answering a caller: the fields of a file that need not be in the project."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extraction.domain.pages import Page
from extraction.domain.prediction import FieldValue
from extraction.domain.progress import Silent
from extraction.models import ModelVersion, Project
from extraction.services.documents import reading, staging
from extraction.services.errors import Conflict
from extraction.services.serving import registry

if TYPE_CHECKING:
    from extraction.engines.ingest.reading import ReadPage


def model_for(project: Project, name: str | None = None) -> ModelVersion:
    """The model called `name`, else the serving one; raises `NotFound` and `Conflict`."""
    if name is not None:
        return registry.find(project, name)
    model = registry.serving(project)
    if model is None:
        raise Conflict(f"Project {project} serves no model yet; train one and promote it.")
    return model


def read(project: Project, path: Path) -> Iterable[ReadPage]:
    """The pages of a file one after the other, as the project's engine reads them; raises `Refused`."""
    from extraction.engines.ingest.reading import read_pages

    return read_pages(path, reading.engine_of(project), staging.LIMITS, Silent())


def extract_file(
    project: Project,
    name: str,
    path: Path,
    *,
    model: ModelVersion,
    seen: Callable[[ReadPage], object] = lambda page: None,
) -> dict[str, Any]:
    """One row of `extract`'s results: `{"file", "error", "fields", "timing_ms"}`; a refused file has only an error.

    `seen` is given each page once it is read, for a caller who shows or counts them; nothing else keeps its picture.
    """
    from extraction.engines.ingest.limits import Refused

    predictor = registry.predictor(model)
    words, ocr = [], 0.0
    started = time.perf_counter()
    try:
        for page in read(project, path):
            seen(page)
            words.append(page.page)
            ocr += page.ocr_seconds
    except Refused as refusal:
        return {"file": name, "error": str(refusal), "fields": None, "timing_ms": None}
    was_read = time.perf_counter()
    answers = predictor.predict(words)
    ended = time.perf_counter()
    timing = {"ingest": was_read - started - ocr, "ocr": ocr, "student": ended - was_read, "total": ended - started}
    return {
        "file": name,
        "error": None,
        "fields": export(answers, words),
        "timing_ms": {step: round(seconds * 1000, 1) for step, seconds in timing.items()},
    }


def export(answers: Mapping[str, FieldValue], pages: Sequence[Page]) -> dict[str, Any]:
    """Answers as the contract prints them, by field."""
    return {
        name: {
            "value": answer.value,
            "normalized": answer.normalized,
            "confidence": None if answer.confidence is None else round(answer.confidence, 4),
            "boxes": [{key: round(value, 5) for key, value in box.to_json().items()} for box in answer.boxes(pages)],
            "source": "student",
        }
        for name, answer in answers.items()
    }
