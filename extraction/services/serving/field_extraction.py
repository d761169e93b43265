"""Extraction of the fields of a file that need not be in the project."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from extraction.domain.errors import gettext_noop
from extraction.domain.field_types import Conventions, normalize
from extraction.domain.fields import Field
from extraction.domain.pages import Page
from extraction.domain.prediction import FieldValue
from extraction.domain.progress import Silent
from extraction.domain.results.extraction import FieldAnswer, FileResult, Timing
from extraction.domain.work import deadlines, spans
from extraction.models import Canary, DateOrder, ModelVersion, Project
from extraction.services.documents import reading, staging
from extraction.services.errors import Conflict
from extraction.services.labels import conventions, date_order
from extraction.services.serving import guarantees, registry
from extraction.services.serving.canaries.traffic import Candidate

if TYPE_CHECKING:
    from extraction.engines.ingest.reading import ReadPage


# Seconds that a file may take while its caller waits: after them other files have their turn.
SECONDS_WAITING = 60.0


@dataclass(frozen=True, slots=True)
class Extracted:
    """What `model` says about a file: its result, and where there is one the pages with the answers on them."""

    model: ModelVersion
    result: FileResult
    pages: tuple[Page, ...]
    answers: Mapping[str, FieldValue]


def model_for(project: Project, name: str | None = None) -> ModelVersion:
    """The model called `name`, else the serving one; raises `NotFound` and `Conflict`."""
    if name is not None:
        return registry.find(project, name)
    model = registry.serving(project)
    if model is None:
        raise Conflict(
            gettext_noop("Project {project} serves no model yet; train one and promote it."), project=project
        )
    return model


def by_the_projects_order(project: Project, answers: Mapping[str, FieldValue]) -> Mapping[str, FieldValue]:
    """A student's answers with dates in the order that the project's owner set, which may be newer than the student."""
    if project.date_order == DateOrder.FOUND:
        return answers
    printed, schema = conventions.of(project), project.schema
    return {
        name: _normalized_again(schema[name], answer, printed)
        if name in schema and date_order.depends_on_order(schema[name])
        else answer
        for name, answer in answers.items()
    }


def _normalized_again(field: Field, answer: FieldValue, printed: Conventions) -> FieldValue:
    if not answer.value:
        return answer
    rows = answer.rows
    if rows is not None:
        parts = {part.name: part for part in field.fields}
        rows = tuple(
            replace(
                row,
                cells={
                    # A part of the schema that the student learned may be gone since.
                    name: _normalized_again(parts[name], cell, printed) if name in parts else cell
                    for name, cell in row.cells.items()
                },
            )
            for row in rows
        )
    return replace(answer, normalized=normalize(field, answer.value, conventions=printed), rows=rows)


def too_slow(seconds: float, pages: int) -> str:
    """`pages` were read until then."""
    return (
        f"Reading it took longer than {seconds:.0f} seconds, after {pages} page{'' if pages == 1 else 's'}; "
        "try fewer pages, or a file with less on them."
    )


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
    canary: Canary | None = None,
    on_page: Callable[[ReadPage], object] = lambda page: None,
    seconds: float | None = None,
) -> Extracted:
    """Read a file and let `model` answer, the candidate of `canary` where one is given; the result of a refused file
    has only an error.

    `on_page` is called with each page once it is read, for a caller who shows or counts them; nothing else keeps its
    picture. A file that is not done after `seconds` (`KD_DOCUMENT_SECONDS` by default) has an error too.
    """
    from extraction.engines.ingest.limits import Refused

    candidate = None if canary is None else Candidate(canary)
    predictor = candidate or registry.predictor(model)
    pages, ocr = [], 0.0
    started = time.perf_counter()
    limit = settings.KD_DOCUMENT_SECONDS if seconds is None else seconds
    try:
        with deadlines.within(limit):
            for page in read(project, path):
                on_page(page)
                pages.append(page.page)
                ocr += page.ocr_seconds
            read_at = time.perf_counter()
            with spans.span("student", model=model.pk, pages=len(pages)):
                answers = by_the_projects_order(project, predictor.predict(pages))
    except Refused as refusal:
        return Extracted(model, FileResult(name, error=str(refusal)), (), {})
    except deadlines.TooSlow:
        return Extracted(model, FileResult(name, error=too_slow(limit, len(pages))), (), {})
    ended = time.perf_counter()
    model = candidate.model if candidate else model
    guaranteed = guarantees.of_model(model)
    result = FileResult(
        name,
        fields={
            name: FieldAnswer.of(answer, pages, accepted=guarantees.accepts(guaranteed.get(name), answer))
            for name, answer in answers.items()
        },
        timing=Timing.of_seconds(
            ingest=read_at - started - ocr, ocr=ocr, student=ended - read_at, total=ended - started
        ),
    )
    return Extracted(model, result, tuple(pages), answers)
