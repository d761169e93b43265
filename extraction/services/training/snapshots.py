"""Freezing what a student learns from."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from extraction.domain import label_sources
from extraction.domain.splits import held_out
from extraction.models import Document, Label, Project, Snapshot, Source, Split
from extraction.services.errors import Invalid
from extraction.services.labels import store

BEST = "best"


def choices() -> list[str]:
    """What a student can learn from: the best label of each field, or one source's."""
    return [BEST, *label_sources.names(learned_from=True)]


def freeze(project: Project, labels: str = "best") -> Snapshot:
    """The labels of the splits train and validation as they are now; the same labels give the same snapshot.

    Split `test` is never read. Where no document of split `validation` has labels, a tenth of `train` takes its place.
    Raises `Invalid` where there is nothing to learn from.
    """
    version = project.schema_version
    if version is None:
        raise Invalid(f"Project {project} has no fields yet.")
    if labels not in choices():
        raise Invalid(f"Labels are one of {', '.join(choices())}, not {labels!r}.")
    items = _items(project, labels)
    if not any(item["part"] == "train" for item in items):
        raise Invalid(f"No document of the split train has labels of the kind {labels!r}; label or review some first.")
    text = json.dumps([version.pk, items], sort_keys=True)
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    snapshot, _ = Snapshot.objects.get_or_create(
        project=project,
        sha256=sha256,
        labels=labels,
        defaults={"schema_version": version, "items": items},
    )
    return snapshot


def usable(project: Project) -> dict[str, int]:
    """How many documents of the split train each choice of labels has for a field in force."""
    documents, fields = readable(project).filter(split=Split.TRAIN), project.schema.names

    def count(*sources: str) -> int:
        held = documents.filter(labels__source__in=sources, labels__field__in=fields)
        return held.values("pk").distinct().count()

    names = label_sources.names(learned_from=True)
    return {BEST: count(*names), **{source: count(source) for source in names}}


def sources(snapshot: Snapshot) -> dict[str, int]:
    """How many of the snapshot's labels came from each source, the most first; deleted ones are not counted."""
    wanted = [pk for item in snapshot.items for pk in item["labels"].values()]
    found = Counter(label.source for label in Label.objects.only("source").in_bulk(wanted).values())
    return dict(found.most_common())


def readable(project: Project) -> QuerySet[Document]:
    """Documents whose words are known and that nobody rejected."""
    return project.documents.filter(state=Document.State.READY).exclude(review=Document.Review.REJECTED)


def _items(project: Project, labels: str) -> list[dict[str, Any]]:
    documents = readable(project).filter(split__in=[Split.TRAIN, Split.VALIDATION])
    held = _held(project, documents, labels)
    rows = [row for row in documents.order_by("sha256").values_list("pk", "sha256", "split") if held.get(row[0])]
    parts = _parts(rows)
    return [_item(pk, parts[pk], held[pk]) for pk, _, _ in rows]


def _held(project: Project, documents: QuerySet[Document], labels: str) -> dict[int, dict[str, Label]]:
    """By document the labels to learn from; a field that was removed since has none."""
    if labels == "best":
        found = store.best_for(documents, sources=label_sources.names(learned_from=True))
    else:
        found = store.from_source(documents, labels, project.teacher if labels == Source.TEACHER else "")
    names = set(project.schema.names)
    return {pk: {name: label for name, label in row.items() if name in names} for pk, row in found.items()}


def _item(document: int, part: str, labels: Mapping[str, Label]) -> dict[str, Any]:
    return {
        "document": document,
        "part": part,
        "labels": {name: label.pk for name, label in sorted(labels.items())},
        "weight": 1.0,
    }


def _parts(rows: Sequence[tuple[int, str, str]]) -> dict[int, str]:
    """Which documents train and which calibrate the confidence and show the curve; `rows` are (key, content hash,
    split)."""
    parts = {pk: split for pk, _, split in rows}
    train = [(sha256, pk) for pk, sha256, split in rows if split == Split.TRAIN]
    if len(train) == len(rows) and len(train) > 1:
        chosen = [pk for sha256, pk in train if held_out(sha256)] or [min(train)[1]]
        parts.update(dict.fromkeys(chosen[: len(train) - 1], Split.VALIDATION.value))
    return parts
