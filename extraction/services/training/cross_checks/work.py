"""Work of a cross-check: for each fold a short training without its documents, which the student reads afterwards.

A fold is done once its readings and its outcome are stored, in one transaction; until then it is trained on from its
last checkpoint. The model of a fold is removed with the fold.
"""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from extraction.domain.errors import filled, gettext_noop
from extraction.domain.fields import Schema
from extraction.domain.label_quality.vendors import vendor_field
from extraction.domain.learning.folds import SURE, FoldOutcome, Member, deal, learned, words_of
from extraction.domain.learning.label_audit import LabelAudit
from extraction.domain.learning.training import CurvePoint, Part
from extraction.domain.prediction import FieldValue
from extraction.domain.progress import Progress, check
from extraction.domain.work import deadlines
from extraction.engines.student import registry
from extraction.engines.student.base import TrainingConfig
from extraction.models import BestLabel, CrossCheck, Document, OutOfFoldReading, Page, Snapshot, as_domain_pages
from extraction.services import storage
from extraction.services.projects import schema_versions
from extraction.services.quality import assessments
from extraction.services.training import data, students

logger = logging.getLogger(__name__)

BATCH = 100
# Share of a fold's progress that is for its training.
TRAINING = 0.9
STEPS = 100
FOLD = gettext_noop("Fold {number} of {folds}: {activity!s}")
READING = gettext_noop("Reading the documents left out")


class FoldProgress:
    """The training observer of one fold: what it reports is a part of the progress of the whole, which never falls."""

    def __init__(self, progress: Progress, number: int, folds: int) -> None:
        self.progress, self.number, self.folds = progress, number, folds
        self.start, self.share, self.reached = 0.0, TRAINING, 0.0

    def reading(self) -> None:
        """From now on the rest of the fold's share is reported."""
        self.start, self.share = TRAINING, 1 - TRAINING

    def report(self, done: int, total: int, message: str = "") -> None:
        self.reached = max(self.reached, self.start + self.share * done / max(total, 1))
        sentence = filled(FOLD, number=self.number + 1, folds=self.folds, activity=message)
        self.progress.report(round(STEPS * (self.number + self.reached)), STEPS * self.folds, sentence)

    def cancelled(self) -> bool:
        return self.progress.cancelled()

    def point(self, point: CurvePoint) -> None:
        """Curves of folds are not kept."""

    def log(self, line: str) -> None:
        """Neither are their logs."""

    def label_audit(self, audit: LabelAudit) -> None:
        """Nor their audits: the readings say more."""


def run(cross_check: int, progress: Progress) -> None:
    """Train and read the folds that are left; the work of a CROSS_CHECK job.

    Raises `Cancelled`, and the errors of `engines.student.errors`.
    """
    rows = CrossCheck.objects.select_related("project__schema_version", "snapshot__schema_version")
    row = rows.get(pk=cross_check)
    _remove_others(row)
    if not row.parts:
        row.parts = deal(_members(row.snapshot), row.folds)
        row.save(update_fields=["parts"])
    for number, part in enumerate(row.parts):
        if number not in row.read:
            _work_through(row, number, part, FoldProgress(progress, number, len(row.parts)))
        storage.remove(_folder(row, number))
    storage.remove(_folder(row))


def _folder(row: CrossCheck, fold: int | None = None) -> Path:
    folder = storage.cross_check_folder(row.project) / str(row.pk)
    return folder if fold is None else folder / str(fold)


def _remove_others(row: CrossCheck) -> None:
    """What earlier cross-checks left that nobody went on with: this one takes their place."""
    for folder in storage.cross_check_folder(row.project).glob("*"):
        if folder != _folder(row):
            storage.remove(folder)


def _members(snapshot: Snapshot) -> list[Member]:
    keys = [item.document for item in snapshot.documents if item.part is Part.TRAIN]
    vendor = vendor_field(snapshot.schema_version.as_domain())
    named = BestLabel.objects.filter(document__in=keys, field=vendor.name if vendor else "")
    vendors = dict(named.values_list("document", "text"))
    return [
        Member(document.pk, document.sha256, vendors.get(document.pk, ""), words_of(_text(document)))
        for documents in _batches(keys)
        for document in documents
    ]


def _text(document: Document) -> str:
    return "\n".join(page.text for page in as_domain_pages(document.pages.all()))


def _work_through(row: CrossCheck, number: int, part: Sequence[int], progress: FoldProgress) -> None:
    started, folder = time.monotonic(), _folder(row, number)
    config = TrainingConfig(
        seed=row.seed,
        minutes=row.minutes / len(row.parts),
        threads=settings.KD_THREADS,
        processes=settings.KD_TRAINING_PROCESSES,
        settings=students.settings_of(row.config, registry.find(row.kind), row.base),
    )
    result = registry.train(row.kind, data.of_fold(row, frozenset(part)), config, progress, folder)
    progress.reading()
    fields = learned(result.validation)
    pages, readings = _read(row, folder, part, fields, progress)
    outcome = FoldOutcome(len(pages), len(readings), time.monotonic() - started, fields)
    _store(row, number, pages, readings, outcome)


def _read(
    row: CrossCheck, folder: Path, part: Sequence[int], fields: Collection[str], progress: FoldProgress
) -> tuple[dict[int, set[int]], list[OutOfFoldReading]]:
    """The documents with the keys of the pages that were read, and what the fold's student is sure of on them."""
    predictor = registry.load(folder, settings.KD_THREADS)
    pages: dict[int, set[int]] = {}
    readings: list[OutOfFoldReading] = []
    for document in (document for documents in _batches(part) for document in documents):
        check(progress)
        progress.report(len(pages), len(part), READING)
        try:
            with deadlines.within(settings.KD_DOCUMENT_SECONDS):
                answers = predictor.predict(as_domain_pages(document.pages.all()))
        except deadlines.TooSlow:
            logger.warning("The student takes too long over document %s, which it leaves out.", document.pk)
            continue
        pages[document.pk] = {page.pk for page in document.pages.all()}
        readings += _sure(row, document, {name: answers[name] for name in fields if name in answers})
    return pages, readings


def _sure(row: CrossCheck, document: Document, answers: dict[str, FieldValue]) -> Iterator[OutOfFoldReading]:
    for name, answer in answers.items():
        if answer.confidence is not None and answer.confidence >= SURE:
            yield OutOfFoldReading(
                document=document, cross_check=row, field=name, value=answer.value, confidence=answer.confidence
            )


def _batches(keys: Sequence[int]) -> Iterator[list[Document]]:
    """Documents that are still there, in the order of their keys, some in memory at a time."""
    rows = Document.objects.filter(state=Document.State.READY).prefetch_related("pages").order_by("pk")
    ordered = sorted(keys)
    for start in range(0, len(ordered), BATCH):
        yield list(rows.filter(pk__in=ordered[start : start + BATCH]))


def _store(
    row: CrossCheck,
    number: int,
    pages: Mapping[int, set[int]],
    readings: Sequence[OutOfFoldReading],
    outcome: FoldOutcome,
) -> None:
    """The fold is done: its readings take the place of earlier ones, and the labels that they are about are to be
    assessed anew. What was deleted or read again meanwhile is left out."""
    with transaction.atomic():
        project = schema_versions.hold(row.project)
        present = _unchanged(pages)
        names = _names(row, project.schema)
        OutOfFoldReading.objects.filter(document__in=present).delete()
        kept = [each for each in readings if each.document_id in present and each.field in names]
        for each in kept:
            each.field = names[each.field]
        OutOfFoldReading.objects.bulk_create(kept, batch_size=BATCH)
        row.outcomes = {**row.outcomes, str(number): outcome.to_json()}
        row.finished = timezone.now() if len(row.outcomes) == len(row.parts) else None
        row.save(update_fields=["outcomes", "finished"])
        assessments.learn_more(project, present)


def _unchanged(pages: Mapping[int, set[int]]) -> set[int]:
    """The documents that still have these pages, locked against being read again."""
    list(Document.objects.select_for_update(no_key=True).filter(pk__in=pages).order_by("pk").values_list("pk"))
    now: dict[int, set[int]] = defaultdict(set)
    for document, page in Page.objects.filter(document__in=pages).values_list("document", "pk"):
        now[document].add(page)
    return {document for document, known in pages.items() if now[document] == known}


def _names(row: CrossCheck, schema: Schema) -> dict[str, str]:
    """Present names of the fields that still mean the same."""
    before = row.snapshot.schema_version.as_domain()
    names = schema_versions.translation(row.snapshot.schema_version)
    return {
        old: new
        for old, new in names.items()
        if new in schema and (schema[new].type, schema[new].fields) == (before[old].type, before[old].fields)
    }
