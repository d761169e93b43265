"""Which trainings learned from a document, and how they used it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from extraction.domain.learning.lineage import USES_OF_PART, Learned, Use
from extraction.models import Deletion, Document, Job, ModelVersion, Project, Split, TrainingRun


@dataclass(frozen=True, slots=True)
class Candidate:
    """A document that may have been learned from: its key, hash and split, when it had come, and where it is deleted
    the key of that deletion."""

    document: int
    sha256: str
    test: bool
    added: datetime
    deletion: int = 0

    @classmethod
    def of(cls, document: Document) -> Candidate:
        return cls(document.pk, document.sha256, document.split == Split.TEST, document.created)

    @classmethod
    def deleted(cls, row: Deletion) -> Candidate:
        return cls(row.document, row.sha256, row.test, row.added, row.pk)


@dataclass(frozen=True, slots=True)
class Learner:
    """A training run, with the documents among those asked about that it learned from."""

    run: TrainingRun
    learned: tuple[Learned, ...]

    @property
    def model(self) -> ModelVersion | None:
        return getattr(self.run, "model_version", None)

    @property
    def uses(self) -> dict[Use, int]:
        """Number of the documents by use."""
        counts = {use: sum(use in each.uses for each in self.learned) for use in Use}
        return {use: count for use, count in counts.items() if count}


def learners(project: Project, candidates: Iterable[Candidate]) -> list[Learner]:
    """The runs that learned from any of these documents and still hold what they learned, the newest first.

    Three queries. A run that has not read its documents yet learns from none that is deleted before it does.
    """
    asked = {candidate.document: candidate for candidate in candidates}
    return [Learner(run, learned) for run in _runs(project) if asked and (learned := tuple(_learned(run, asked)))]


def of_documents(project: Project, documents: QuerySet[Document]) -> list[Learner]:
    """The same of documents that are still there."""
    return learners(project, map(Candidate.of, documents.only("sha256", "split", "created", "project")))


def _runs(project: Project) -> Iterator[TrainingRun]:
    """Those with files that hold what was learned: a model, or checkpoints of an unfinished training."""
    rows = project.training_runs.filter(read_after__isnull=False)
    rows = rows.select_related("snapshot", "job", "model_version").defer("curve", "log", "label_audit", "validation")
    for run in rows.order_by("-pk"):
        model = getattr(run, "model_version", None)
        if model is None or model.forgotten is None:
            yield run


def _learned(run: TrainingRun, asked: Mapping[int, Candidate]) -> Iterator[Learned]:
    read_after = run.read_after or 0
    parts = {item.document: item.part for item in run.snapshot.documents} if run.snapshot else {}
    pretrained = set(run.pretraining or ())
    # Earlier versions counted what they pre-trained on, and did not keep what it was: any may have been among it.
    unknown = run.pretraining is None and run.pretraining_documents > 0
    ended = run.model_version.created if hasattr(run, "model_version") else timezone.now()
    for key, candidate in asked.items():
        if 0 < candidate.deletion <= read_after:
            continue
        uses = USES_OF_PART[parts[key]] if key in parts else ()
        if key in pretrained or (unknown and not candidate.test and candidate.added < ended):
            uses = (*uses, Use.PRETRAINING)
        if uses:
            yield Learned(candidate.sha256, uses, candidate.deletion)


def is_active(run: TrainingRun) -> bool:
    """Whether the training goes on or waits."""
    return run.job is not None and run.job.state in Job.ACTIVE
