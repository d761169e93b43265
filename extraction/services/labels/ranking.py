"""The best label of each field: which source wins, and the columns and rows that lists, queue and counts read.

`refresh` derives these from the labels after each change. `BestLabel` has one row for each field in force of a document
that has a current label, so a field that nobody was asked about has none. Labels of other fields count for nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from django.db import transaction
from django.db.models import F, Prefetch, QuerySet

from extraction.domain import label_sources
from extraction.domain.fields import Schema
from extraction.domain.line_items.rows import Row, rows_of, summary
from extraction.models import BestLabel, Document, Label, Project, Source
from extraction.services.projects import schema_versions

# Characters of a value by which lists search and sort.
TEXT = 200
BATCH = 400


def best_labels(rows: Iterable[Label], teacher: str) -> dict[str, Label]:
    """The current best label of each field: by rank of the source, of teachers what most say, then `teacher` first, the
    newest each."""
    newest: dict[tuple[str, str, str], Label] = {}
    for label in sorted(rows, key=lambda label: label.pk):
        newest[label.field, label.source, label.teacher] = label
    current = [label for label in newest.values() if not label.withdrawn]
    majorities = _majorities(current)
    best: dict[str, Label] = {}
    for label in current:
        rival = best.get(label.field)
        if rival is None or _precedence(label, teacher, majorities) < _precedence(rival, teacher, majorities):
            best[label.field] = label
    return best


def _majorities(current: Iterable[Label]) -> dict[str, str | None]:
    """By field the meaning that more teachers are sure of than of any other, two at least; no entry without one."""
    votes = defaultdict[str, Counter[str | None]](Counter)
    for label in current:
        if label.source == Source.TEACHER and not label.unsure:
            votes[label.field][meaning(label)] += 1
    ranked = {name: [*counts.most_common(2), (None, 0)] for name, counts in votes.items()}
    return {name: first[0] for name, (first, second, *_) in ranked.items() if first[1] >= 2 and first[1] > second[1]}


def _precedence(label: Label, teacher: str, majorities: Mapping[str, str | None]) -> tuple[int, bool, bool, int]:
    """The lowest wins: rank of the source, what most teachers say, the project's teacher before others, the newest."""
    outvoted = label.field in majorities and meaning(label) != majorities[label.field]
    rank = label_sources.find(label.source).rank
    return rank, outvoted and label.source == Source.TEACHER, label.teacher != teacher, -label.pk


def best(document: Document) -> dict[str, Label]:
    return best_labels(document.labels.all(), document.project.teacher)


def checked(documents: QuerySet[Document]) -> dict[int, dict[str, Label]]:
    """The current best labels of `documents` that people gave who looked at the document; one query."""
    return best_for(documents, sources=label_sources.names(by_people=True), seen=True)


def best_for(
    documents: QuerySet[Document], *, sources: Iterable[str] | None = None, seen: bool = False
) -> dict[int, dict[str, Label]]:
    """The current best labels of `documents` by primary key, taken from `sources` only, if given; one query.

    `seen`: without those whose author did not look at the document.
    """
    labels = Label.objects.filter(document__in=documents).select_related("quality")
    if sources is not None:
        labels = labels.filter(source__in=list(sources))
    if seen:
        labels = labels.filter(unseen=False)
    rows = labels.annotate(preferred=F("document__project__teacher")).order_by("document_id", "pk")
    # One document after the other, so that only one document's history is in memory at a time.
    groups = groupby(rows.iterator(), key=lambda label: (label.document_id, label.preferred))
    return {pk: best_labels(history, preferred) for (pk, preferred), history in groups}


def from_source(documents: QuerySet[Document], source: Source | str, teacher: str = "") -> dict[int, dict[str, Label]]:
    """The current labels of one source (of one teacher or student, where named), by document and field; one query."""
    rows = Label.objects.filter(document__in=documents, source=source).select_related("quality")
    if teacher:
        rows = rows.filter(teacher=teacher)
    by_document: dict[int, list[Label]] = defaultdict(list)
    for label in rows:
        by_document[label.document_id].append(label)
    return {pk: best_labels(labels, teacher) for pk, labels in by_document.items()}


@transaction.atomic(savepoint=False)
def refresh(project: Project, documents: Iterable[int]) -> None:
    """Bring the documents' columns and `BestLabel` rows up to date with the labels; a fixed number of queries."""
    # Locked, so that of two writers the second derives the columns from the labels of both. `no_key`: their new labels
    # point to the row already, and must not bar each other from it.
    project = schema_versions.hold(project)
    locked = Document.objects.select_for_update(no_key=True).filter(pk__in=list(documents)).order_by("pk")
    looked_at, changed, rows, schema = list[int](), list[Document](), list[BestLabel](), project.schema
    for document in locked.prefetch_related(Prefetch("labels", Label.objects.select_related("quality").defer("rows"))):
        labels = [label for label in document.labels.all() if label.field in schema]
        best = best_labels(labels, project.teacher)
        before = document.source, document.confidence, document.review
        document.source = _best_source(best)
        document.confidence = _lowest_confidence(best)
        document.review = _review(document, best)
        if before != (document.source, document.confidence, document.review):
            changed.append(document)
        looked_at.append(document.pk)
        rows += [_row(project, label, labels) for label in best.values()]
    Document.objects.bulk_update(changed, ["source", "confidence", "review"])
    _store(looked_at, rows)


def refresh_all(project: Project, documents: QuerySet[Any]) -> None:
    """`refresh` for the documents of a subquery, a batch in memory at a time."""
    keys = list(project.documents.filter(pk__in=documents).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        refresh(project, keys[start : start + BATCH])


# Columns of a `BestLabel` that follow from the labels.
_DERIVED = ("label_id", "by_people", "disputed", "confidence", "text", "number")


def _store(documents: Sequence[int], rows: Sequence[BestLabel]) -> None:
    """Write the rows of the documents that are new or changed; most writes change none of a document's others."""
    there = {(row.document_id, row.field): row for row in BestLabel.objects.filter(document__in=documents)}
    wanted = {(row.document_id, row.field): row for row in rows}
    if stale := [row.pk for place, row in there.items() if place not in wanted]:
        BestLabel.objects.filter(pk__in=stale).delete()
    BestLabel.objects.bulk_create(
        [row for place, row in wanted.items() if place not in there or _derived(row) != _derived(there[place])],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["document", "field"],
        update_fields=[name.removesuffix("_id") for name in _DERIVED],
    )


def _derived(row: BestLabel) -> tuple[object, ...]:
    return tuple(getattr(row, name) for name in _DERIVED)


def _row(project: Project, label: Label, labels: Sequence[Label]) -> BestLabel:
    rows = _rows(project.schema, label)
    text = _written(label) or "" if rows is None else summary(rows)
    return BestLabel(
        project=project,
        document_id=label.document_id,
        field=label.field,
        label=label,
        by_people=label.source_kind.by_people,
        disputed=bool(disagreeing(label, labels)),
        confidence=label.probability,
        text=text.casefold()[:TEXT],
        number=_number(project.schema, label) if rows is None else len(rows),
    )


def _rows(schema: Schema, label: Label) -> Sequence[Row] | None:
    """Of a group's label; `None` for any other, and for one that holds none."""
    if label.value is None or label.field not in schema or not schema[label.field].kind.has_parts:
        return None
    return rows_of(schema[label.field], _written(label))


def _number(schema: Schema, label: Label) -> float | None:
    """The size of an amount or number, by which lists sort; exact values stay in the label."""
    if label.normalized is None or label.field not in schema or not schema[label.field].kind.numeric:
        return None
    return float(label.normalized)


def disagreeing(best: Label, labels: Iterable[Label]) -> list[Label]:
    """The current labels of other sources of the field whose meaning differs from that of the best one."""
    newest = {
        (label.source, label.teacher): label
        for label in sorted(labels, key=lambda label: label.pk)
        if label.field == best.field
    }
    return [label for label in newest.values() if not label.withdrawn and meaning(label) != meaning(best)]


def _written(label: Label) -> str | None:
    return label.normalized if label.normalized is not None else label.value


def meaning(label: Label) -> str | None:
    """What two labels of a field have alike that say the same; `None` for "not on the document"."""
    return label.normalized if label.normalized is not None else label.value and label.value.casefold()


def _best_source(best: Mapping[str, Label]) -> str:
    return min((label.source for label in best.values()), key=lambda name: label_sources.find(name).rank, default="")


def _lowest_confidence(best: Mapping[str, Label]) -> float | None:
    return min((label.probability for label in best.values() if label.probability is not None), default=None)


def _review(document: Document, best: Mapping[str, Label]) -> str:
    """Follows from the fields: a document is accepted while people answer for every field that has a label, and one of
    them is final or somebody accepted it. A rejection stands."""
    if document.review == Document.Review.REJECTED:
        return document.review
    if not best:
        return Document.Review.UNLABELLED
    decided = document.review == Document.Review.ACCEPTED or document.reviewed is not None
    answered = all(label.source_kind.by_people for label in best.values())
    if answered and (decided or any(label.source_kind.final for label in best.values())):
        return Document.Review.ACCEPTED
    return Document.Review.WAITING
