"""A report from the first batch of documents to its value: one pass, in which rows are frozen, scored and forgotten."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from extraction.domain.evaluation.tables.figures import Counting, Figures
from extraction.domain.evaluation.tables.rows import FrozenRow
from extraction.domain.field_types import Conventions
from extraction.domain.fields import Schema
from extraction.domain.progress import Progress
from extraction.domain.results.provenance import Code, Provenance, SystemOrigin
from extraction.domain.results.reports import ReportedSystem, ReportValue
from extraction.models import FrozenDocument, ModelVersion, Project, Report
from extraction.services import version
from extraction.services.reports import evaluate
from extraction.services.reports.corpus import Corpus, locked, select
from extraction.services.reports.costs import teacher_usage
from extraction.services.reports.gallery import Gallery
from extraction.services.reports.systems import System, compared_systems
from extraction.services.reports.tables import answering, freezing


@dataclass(frozen=True, slots=True)
class Written:
    value: ReportValue
    provenance: Provenance


class Tally:
    """All that is computed from the rows of a report, one after the other; `kinds` are those of its systems by name."""

    def __init__(self, schema: Schema, conventions: Conventions, kinds: Mapping[str, str]) -> None:
        students, teachers = ([name for name, kind in kinds.items() if kind == each] for each in ("student", "teacher"))
        self._counting = Counting(schema, conventions, list(kinds), students, teachers)
        self.galleries = {name: Gallery(name, schema, conventions) for name in kinds}
        self._sha256 = hashlib.sha256()
        self.documents: list[int] = []

    def add(self, row: FrozenRow) -> None:
        self._counting.add(row)
        for gallery in self.galleries.values():
            gallery.add(row)
        self._sha256.update(json.dumps(row.to_json(), sort_keys=True).encode())
        self.documents.append(row.document)

    @property
    def sha256(self) -> str:
        """Of all rows."""
        return self._sha256.hexdigest()

    def figures(self) -> Figures:
        return self._counting.figures()


def write(
    project: Project,
    split: str,
    against: str,
    names: Sequence[str],
    stored: bool,
    progress: Progress,
    report: Report | None = None,
    keep: freezing.Keep | None = None,
) -> Written:
    """Evaluate every compared system on the same documents; rows are stored for a `report`; `keep` gets answers.

    Raises `Invalid`, `NotFound` and `Cancelled`.
    """
    corpus = select(project, split, against, stored=stored)
    systems = compared_systems(corpus, names)
    tally = Tally(project.schema, corpus.conventions, {system.name: system.kind for system in systems})
    for rows in freezing.frozen(corpus, systems, progress, keep):
        for row in rows:
            tally.add(row)
        if report is not None:
            _store(report, rows)
    reported, figures = _reported(corpus, systems, tally, progress)
    value = ReportValue(
        project=project.slug,
        split=split,
        against=against,
        note=reported[0].evaluation.note if reported else corpus.note(),
        documents=figures.documents,
        systems=tuple(reported),
        teacher_usage=teacher_usage(project),
        differences=figures.differences,
        tables=figures.tables,
    )
    return Written(value, _provenance(corpus, systems, tally))


def _store(report: Report, rows: Sequence[FrozenRow]) -> None:
    with transaction.atomic():
        left = locked(row.document for row in rows)
        FrozenDocument.objects.bulk_create(
            FrozenDocument(report=report, document_id=row.document, value=row.to_json())
            for row in rows
            if row.document in left
        )


def _reported(
    corpus: Corpus, systems: Sequence[System], tally: Tally, progress: Progress
) -> tuple[list[ReportedSystem], Figures]:
    figures, stopwatch, note = tally.figures(), evaluate.Stopwatch(corpus, progress), corpus.note()
    reported = []
    for system in systems:
        seconds = stopwatch.seconds(system)
        gallery = tally.galleries[system.name]
        reported.append(
            ReportedSystem(
                system.kind,
                evaluate.evaluation(corpus, note, system.name, figures.evaluations[system.name], seconds),
                tuple(gallery.answers),
                tuple(gallery.tables),
                answering.facts_of(corpus.project, system, tally.documents, seconds),
            )
        )
    return reported, figures


def _provenance(corpus: Corpus, systems: Sequence[System], tally: Tally) -> Provenance:
    names = [system.name for system in systems]
    models = ModelVersion.objects.filter(project=corpus.project, name__in=names).select_related("run__snapshot")
    return Provenance(
        code=Code(version.version(), version.commit()),
        schema_version=corpus.project.schema_version_id or 0,
        conventions=corpus.conventions,
        documents=len(tally.documents),
        sha256=tally.sha256,
        systems=tuple(_origin(system, {model.name: model for model in models}) for system in systems),
    )


def _origin(system: System, models: Mapping[str, ModelVersion]) -> SystemOrigin:
    model = models.get(system.name) if system.kind == "student" else None
    if model is None:
        return SystemOrigin(system.name, system.kind)
    snapshot = model.run.snapshot
    return SystemOrigin(system.name, system.kind, model.sha256, snapshot.sha256 if snapshot else "", model.run.labels)
