"""Lists of documents that stay fast whatever a project holds, and what is shown of one document."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from extraction.domain import label_sources
from extraction.domain.fields import Field
from extraction.models import Document, Label, Project, Split
from extraction.services.labels import store

PAGE = 50
# Bounds of the variance of the Laplacian by which the paper groups its pictures.
FOCUS = {"0": (None, 200), "200": (200, 500), "500": (500, 750), "750": (750, 1000), "1000": (1000, None)}
# How many of the fields a list shows beside the documents.
COLUMNS = 4


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list is narrowed to; an empty text means all."""

    state: str = ""
    split: str = ""
    review: str = ""
    source: str = ""
    focus: str = ""
    name: str = ""

    @classmethod
    def parse(cls, values: Mapping[str, str]) -> Filter:
        """From a page's query; what is not one of the known values narrows nothing."""
        known = {
            "state": Document.State.values,
            "split": Split.values,
            "review": Document.Review.values,
            "source": label_sources.names(),
            "focus": list(FOCUS),
        }
        chosen = {key: value for key, options in known.items() if (value := values.get(key, "")) in options}
        return cls(**chosen, name=values.get("name", "").strip()[:255])

    def of(self, project: Project) -> QuerySet[Document]:
        rows = Document.objects.filter(project=project)
        columns = {"state": self.state, "split": self.split, "review": self.review, "source": self.source}
        rows = rows.filter(**{column: value for column, value in columns.items() if value})
        if self.name:
            rows = rows.filter(name__icontains=self.name)
        low, high = FOCUS.get(self.focus, (None, None))
        if low is not None:
            rows = rows.filter(focus__gte=low)
        return rows.filter(focus__lt=high) if high is not None else rows


@dataclass(frozen=True, slots=True)
class Row:
    """A document in a list with its current best label for each of the list's columns."""

    document: Document
    cells: tuple[tuple[Field, Label | None], ...]


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of a list, newest first. `newer` and `older` are the cursors of the neighbouring parts."""

    rows: list[Row]
    columns: tuple[Field, ...]
    newer: int | None
    older: int | None


def listing(project: Project, wanted: Filter, *, older: int | None = None, newer: int | None = None) -> Slice:
    """`PAGE` documents below the cursor `older` or above the cursor `newer`; two queries whatever there is."""
    found, more = _part(wanted.of(project), older, newer)
    columns = project.schema.fields[:COLUMNS]
    best = store.best_for(Document.objects.filter(pk__in=[document.pk for document in found]))
    rows = [
        Row(document, tuple((field, best.get(document.pk, {}).get(field.name)) for field in columns))
        for document in found
    ]
    before = found[0].pk if found and (older is not None or (newer is not None and more)) else None
    after = found[-1].pk if found and (newer is not None or more) else None
    return Slice(rows, columns, before, after)


def _part(rows: QuerySet[Document], older: int | None, newer: int | None) -> tuple[list[Document], bool]:
    """The documents and whether there are more of them in the direction of reading."""
    if newer is not None:
        found = list(rows.filter(pk__gt=newer).order_by("pk")[: PAGE + 1])
        return found[:PAGE][::-1], len(found) > PAGE
    if older is not None:
        rows = rows.filter(pk__lt=older)
    found = list(rows.order_by("-pk")[: PAGE + 1])
    return found[:PAGE], len(found) > PAGE


def states(project: Project) -> dict[str, int]:
    """How many documents are in each state."""
    return dict(Document.objects.filter(project=project).order_by().values_list("state").annotate(Count("pk")))


@dataclass(frozen=True, slots=True)
class Reading:
    """A field of a document: its current best label and everything that was ever said, newest first."""

    field: Field
    best: Label | None
    history: list[Label]


def readings(document: Document) -> list[Reading]:
    """The fields in force with their labels; one query."""
    said: dict[str, list[Label]] = defaultdict(list)
    rows = list(document.labels.select_related("author").order_by("-pk"))
    for label in rows:
        said[label.field].append(label)
    best = store.best_labels(rows, document.project.teacher)
    return [Reading(field, best.get(field.name), said[field.name]) for field in document.project.schema.fields]
