"""A look through everything stored for what is left of deleted documents.

Rows are found by every column of every table that points to a document; what is kept in JSON and in files is looked
through by kind. Backups are not: they hold what was there when they were made.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.apps import apps
from django.db.models import Q

from extraction.domain.json_types import JsonObject
from extraction.models import (
    ClaimImport,
    CrossCheck,
    Deletion,
    Document,
    Hint,
    Job,
    Project,
    TeacherBatch,
)
from extraction.services import storage
from extraction.services.documents.label_files import imports as label_files
from extraction.services.privacy.deletions import answers_about, reports_about
from extraction.services.privacy.forgetting import lineage
from extraction.services.privacy.forgetting.lineage import Candidate
from extraction.services.serving.canaries import recording
from extraction.services.training.cross_checks import checks


class Place(StrEnum):
    """Where something of a document can be."""

    ROWS = "rows"
    FILES = "files"
    REPORTS = "reports"
    ANSWERS = "answers"
    CANARIES = "canaries"
    HINTS = "hints"
    CLAIMS = "claims"
    LABEL_FILES = "label_files"
    MODELS = "models"
    CHECKPOINTS = "checkpoints"
    PRETRAINED = "pretrained"
    CROSS_CHECKS = "cross_checks"
    REQUESTS = "requests"


@dataclass(frozen=True, slots=True)
class Left:
    """Something that is left: `number` things at a place, with their names where these help to find them."""

    place: Place
    number: int
    names: tuple[str, ...] = ()

    def to_json(self) -> JsonObject:
        return {"place": self.place.value, "number": self.number, "names": list(self.names)}


@dataclass(frozen=True, slots=True)
class Verified:
    """A deleted document, and what is left of it."""

    sha256: str
    deleted: datetime
    settled: datetime | None
    left: tuple[Left, ...]

    def to_json(self) -> JsonObject:
        return {
            "sha256": self.sha256,
            "deleted": self.deleted.isoformat(),
            "settled": self.settled.isoformat() if self.settled else None,
            "left": [left.to_json() for left in self.left],
        }


@dataclass(frozen=True, slots=True)
class Verification:
    """All deletions of a project, the newest first."""

    project: str
    documents: tuple[Verified, ...]

    @property
    def clean(self) -> bool:
        return not any(document.left for document in self.documents)

    def to_json(self) -> JsonObject:
        return {
            "project": self.project,
            "clean": self.clean,
            "documents": [document.to_json() for document in self.documents],
        }


def verify(project: Project) -> Verification:
    """Look for every document that was deleted from the project."""
    rows = list(project.deletions.all())
    found: dict[int, list[Left]] = {row.pk: [] for row in rows}
    for place, counts in _counted(project, rows).items():
        for key, number in counts.items():
            found[key].append(Left(place, number))
    for learner in lineage.learners(project, map(Candidate.deleted, rows)):
        place = Place.CHECKPOINTS if learner.model is None else Place.MODELS
        for each in learner.learned:
            found[each.deletion].append(Left(place, 1, (learner.run.name,)))
    for row in rows:
        found[row.pk] += _named(row)
    documents = (Verified(row.sha256, row.created, row.settled, tuple(found[row.pk])) for row in rows)
    return Verification(project.slug, tuple(documents))


def _counted(project: Project, rows: Sequence[Deletion]) -> dict[Place, Counter[int]]:
    """Number of the things that are left, by place and key of the deletion."""
    pointing, quoting = _pointing({row.document for row in rows}), reports_about(project)
    there = set(project.documents.filter(sha256__in={row.sha256 for row in rows}).values_list("sha256", flat=True))
    folds, batches, weights = _folds(project), _batches(project), _pretrained(project)
    counts: dict[Place, Counter[int]] = defaultdict(Counter)
    for row in rows:
        counts[Place.ROWS][row.pk] = pointing[row.document]
        # The same bytes, added again, are another document.
        counts[Place.FILES][row.pk] = 0 if row.sha256 in there else _files(project, row)
        counts[Place.REPORTS][row.pk] = quoting[row.document]
        counts[Place.ANSWERS][row.pk] = answers_about(row).count()
        counts[Place.CANARIES][row.pk] = recording.kept_of(project, row.sha256, row.created).count()
        counts[Place.CROSS_CHECKS][row.pk] = sum(
            row.document in fold and written <= row.created.timestamp() for fold, written in folds
        )
        counts[Place.LABEL_FILES][row.pk] = label_files.of_before(project, row.created).count()
        counts[Place.REQUESTS][row.pk] = sum(begun <= row.created for begun in batches)
        counts[Place.PRETRAINED][row.pk] = sum(written <= row.created.timestamp() for written in weights)
    return {place: +found for place, found in counts.items()}


def _pointing(documents: set[int]) -> Counter[int]:
    """Rows of any table that point to a document, and its own, by its key."""
    counts = Counter(Document.objects.filter(pk__in=documents).values_list("pk", flat=True))
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.related_model is Document:
                rows = model._default_manager.filter(**{f"{field.attname}__in": documents}).order_by()
                counts.update(rows.values_list(field.attname, flat=True))
    return counts


def _files(project: Project, row: Deletion) -> int:
    """Files of this machine, and of the object store where there is one."""
    folder = storage.relative(storage.project_folder(project) / "documents" / row.sha256[:2] / row.sha256)
    return len({*storage.names_here(folder), *storage.names(folder)})


def _folds(project: Project) -> list[tuple[set[int], float]]:
    """Documents of cross-checks whose students of folds are there, and since when (Unix, seconds): of those that
    stopped and, whatever there is of them yet, of those that go on."""
    stopped = checks.stopped(project)
    rows = CrossCheck.objects.filter(Q(finished=None, job__state__in=Job.ACTIVE) | Q(pk__in=stopped), project=project)
    return [
        ({key for fold in parts for key in fold}, stopped.get(pk, 0.0)) for pk, parts in rows.values_list("pk", "parts")
    ]


def _batches(project: Project) -> list[datetime]:
    """When the batches were begun that are with a teacher: their files of requests show documents of that time."""
    batches = TeacherBatch.objects.filter(run__project=project, state__in=TeacherBatch.OPEN)
    return list(batches.values_list("run__created", flat=True))


def _pretrained(project: Project) -> list[float]:
    """When the kept weights of pre-training were written."""
    return [path.stat().st_mtime for path in (storage.project_folder(project) / "pretrained").glob("*.safetensors")]


def _named(row: Deletion) -> Iterator[Left]:
    """What only a person can judge: hints in the prompt, and tables of claims with lines about other documents."""
    hints = list(Hint.objects.filter(pk__in=row.hints).exclude(text="").values_list("field", flat=True))
    tables = list(ClaimImport.objects.filter(pk__in=row.claim_imports).exclude(file="").values_list("name", flat=True))
    for place, names in ((Place.HINTS, hints), (Place.CLAIMS, tables)):
        if names:
            yield Left(place, len(names), tuple(names))
