"""Snapshots: the labels that a student is trained on, frozen."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import QuerySet

from extraction.domain import label_sources
from extraction.domain.errors import gettext_noop
from extraction.domain.label_quality.weights import training_weight
from extraction.domain.learning.splits import held_out
from extraction.domain.learning.training import Part, SnapshotItem
from extraction.models import Document, Label, Project, SchemaVersion, Snapshot, Split
from extraction.services.errors import Conflict, Invalid
from extraction.services.labels import ranking
from extraction.services.projects import schema_versions

BEST = "best"


def choices() -> list[str]:
    """What a student can be trained on: the best label of each field, or one source's."""
    return [BEST, *label_sources.names(learned_from=True)]


def freeze(project: Project, labels: str = "best") -> Snapshot:
    """The labels of the splits train and validation as they are now; the same labels give the same snapshot.

    Split `test` is never read. Where no document of split `validation` has labels, a tenth of `train` takes its place.
    Raises `Invalid` where there is nothing to learn from, and `Conflict` where the fields changed at this moment.
    """
    version = project.schema_version
    if version is None:
        raise Invalid(gettext_noop("Project {project} has no fields yet."), project=project)
    if labels not in choices():
        raise Invalid(
            gettext_noop("Labels are one of {choices}, not {labels!r}."), choices=", ".join(choices()), labels=labels
        )
    items = _items(project, labels)
    if not any(item.part is Part.TRAIN for item in items):
        raise Invalid(
            gettext_noop(
                "No document of the split train has labels of the kind {labels!r}; label or review some first."
            ),
            labels=labels,
        )
    with transaction.atomic():
        if schema_versions.hold(project).schema_version_id != version.pk:
            raise Conflict(gettext_noop("The fields were changed at this moment: start again."))
        return _store(project, version, labels, items)


def of_remaining(snapshot: Snapshot) -> Snapshot:
    """The same frozen labels without the documents that were deleted since.

    Raises `Invalid` where nothing to learn from is left.
    """
    items = snapshot.documents
    there = set(snapshot.project.documents.values_list("pk", flat=True).order_by())
    left = [item for item in items if item.document in there]
    if not any(item.part is Part.TRAIN for item in left):
        raise Invalid(gettext_noop("Nothing is left to learn from: its documents were deleted."))
    return _store(snapshot.project, snapshot.schema_version, snapshot.labels, left)


def _store(project: Project, version: SchemaVersion, labels: str, items: Sequence[SnapshotItem]) -> Snapshot:
    rows = [item.to_json() for item in items]
    text = json.dumps([version.pk, rows], sort_keys=True)
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    snapshot, _ = Snapshot.objects.get_or_create(
        project=project, sha256=sha256, labels=labels, defaults={"schema_version": version, "items": rows}
    )
    return snapshot


def usable(project: Project) -> dict[str, int]:
    """Number of documents of split `train` that have labels for a field in force, by choice of labels."""
    return {choice: labelled(project, choice).values("document").distinct().count() for choice in choices()}


def labelled(project: Project, labels: str) -> QuerySet[Label]:
    """The labels of a choice for fields in force, also replaced ones, of readable documents of split `train`."""
    documents = readable(project).filter(split=Split.TRAIN)
    return Label.objects.filter(
        document__in=documents, field__in=project.schema.names, source__in=sources_of(labels)
    ).order_by()


def sources_of(labels: str) -> list[str]:
    """The sources that a choice of labels takes."""
    return label_sources.names(learned_from=True) if labels == BEST else [labels]


def sources(snapshot: Snapshot) -> dict[str, int]:
    """Number of the snapshot's labels by source, the most first; deleted ones are not counted."""
    keys = [pk for item in snapshot.documents for pk in item.labels.values()]
    counts = Counter(label.source for label in Label.objects.only("source").in_bulk(keys).values())
    return dict(counts.most_common())


def readable(project: Project) -> QuerySet[Document]:
    """Documents that were read and that nobody rejected."""
    return project.documents.filter(state=Document.State.READY).exclude(review=Document.Review.REJECTED)


def _items(project: Project, labels: str) -> list[SnapshotItem]:
    documents = readable(project).filter(split__in=[Split.TRAIN, Split.VALIDATION])
    chosen = _labels(project, documents, labels)
    rows = [row for row in documents.order_by("sha256").values_list("pk", "sha256", "split") if chosen.get(row[0])]
    parts = _parts(rows)
    return [_item(pk, parts[pk], chosen[pk]) for pk, _, _ in rows]


def _labels(project: Project, documents: QuerySet[Document], labels: str) -> dict[int, dict[str, Label]]:
    """The labels to train on, by document and field; fields that were removed since have none."""
    if labels == BEST:
        rows = ranking.best_for(documents, sources=label_sources.names(learned_from=True))
    else:
        rows = ranking.from_source(documents, labels, project.teacher if label_sources.find(labels).named else "")
    names = set(project.schema.names)
    return {pk: {name: label for name, label in row.items() if name in names} for pk, row in rows.items()}


def _item(document: int, part: Part, labels: Mapping[str, Label]) -> SnapshotItem:
    weights = {name: _weight(label) for name, label in sorted(labels.items())}
    return SnapshotItem(
        document,
        part,
        {name: label.pk for name, label in sorted(labels.items())},
        weights={name: weight for name, weight in weights.items() if weight != 1},
    )


def _weight(label: Label) -> float:
    """What people answer for counts in full."""
    return 1.0 if label.source_kind.by_people else training_weight(label.assessed, unsure=label.unsure)


def _parts(rows: Sequence[tuple[int, str, str]]) -> dict[int, Part]:
    """Part of each document by key; `rows` are (key, content hash, split)."""
    parts = {pk: Part(split) for pk, _, split in rows}
    train = [(sha256, pk) for pk, sha256, split in rows if split == Split.TRAIN]
    if len(train) == len(rows) and len(train) > 1:
        chosen = [pk for sha256, pk in train if held_out(sha256)] or [min(train)[1]]
        parts.update(dict.fromkeys(chosen[: len(train) - 1], Part.VALIDATION))
    return parts
