"""Lists of documents whose cost does not grow with the project, and the labels of one document by field."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from extraction.domain import label_sources
from extraction.domain.field_types import is_ambiguous
from extraction.domain.fields import Field
from extraction.models import Document, Label, Project, Split
from extraction.services.labels import ranking

# Documents of one part of a list.
PAGE = 50
# Name of a range of focus → bounds (from, below) of the variance of the Laplacian (bins of arXiv 2411.14957).
FOCUS: dict[str, tuple[int | None, int | None]] = {
    "0": (None, 200),
    "200": (200, 500),
    "500": (500, 750),
    "750": (750, 1000),
    "1000": (1000, None),
}
# Number of fields that a list shows beside the documents.
COLUMNS = 4


@dataclass(frozen=True, slots=True)
class Filter:
    """Conditions on the documents of a list; an empty text is no condition."""

    state: str = ""
    split: str = ""
    review: str = ""
    source: str = ""
    focus: str = ""
    name: str = ""

    @classmethod
    def parse(cls, values: Mapping[str, str]) -> Filter:
        """From a page's query; unknown values are no condition."""
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
        """The project's documents that fulfil the conditions, in no order."""
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
class Cell:
    """A field of a document in a list with its current best label."""

    field: Field
    label: Label | None


@dataclass(frozen=True, slots=True)
class Row:
    """A document in a list, with one cell for each of the list's columns."""

    document: Document
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of a list, newest first. `newer` and `older` are the cursors of the neighbouring parts."""

    rows: tuple[Row, ...]
    columns: tuple[Field, ...]
    newer: int | None
    older: int | None


def listing(project: Project, condition: Filter, *, older: int | None = None, newer: int | None = None) -> Slice:
    """At most `PAGE` documents below the cursor `older` or above the cursor `newer`; always two queries."""
    documents, more = _part(condition.of(project), older, newer)
    columns = project.schema.fields[:COLUMNS]
    best = ranking.best_for(Document.objects.filter(pk__in=[document.pk for document in documents]))
    rows = tuple(_row(document, columns, best.get(document.pk, {})) for document in documents)
    before = documents[0].pk if documents and (older is not None or (newer is not None and more)) else None
    after = documents[-1].pk if documents and (newer is not None or more) else None
    return Slice(rows, columns, before, after)


def _row(document: Document, columns: tuple[Field, ...], best: Mapping[str, Label]) -> Row:
    return Row(document, tuple(Cell(field, best.get(field.name)) for field in columns))


def _part(rows: QuerySet[Document], older: int | None, newer: int | None) -> tuple[list[Document], bool]:
    """The documents, and whether more of them follow in the direction of the cursor."""
    if newer is not None:
        documents = list(rows.filter(pk__gt=newer).order_by("pk")[: PAGE + 1])
        return documents[:PAGE][::-1], len(documents) > PAGE
    if older is not None:
        rows = rows.filter(pk__lt=older)
    documents = list(rows.order_by("-pk")[: PAGE + 1])
    return documents[:PAGE], len(documents) > PAGE


@dataclass(frozen=True, slots=True)
class ReadingProgress:
    """Number of a project's documents in each state of reading."""

    queued: int
    ready: int
    failed: int

    @property
    def total(self) -> int:
        return self.queued + self.ready + self.failed

    @property
    def done(self) -> int:
        """Documents for which reading has ended, well or not."""
        return self.ready + self.failed


def reading_progress(project: Project) -> ReadingProgress:
    """One query."""
    rows = Document.objects.filter(project=project).order_by().values_list("state").annotate(Count("pk"))
    counts = dict(rows)
    return ReadingProgress(
        queued=counts.get(Document.State.QUEUED, 0),
        ready=counts.get(Document.State.READY, 0),
        failed=counts.get(Document.State.FAILED, 0),
    )


@dataclass(frozen=True, slots=True)
class FieldLabels:
    """A field of a document: its current best label and all its labels, newest first."""

    field: Field
    best: Label | None
    history: tuple[Label, ...]

    @property
    def ambiguous(self) -> bool:
        """Whether the value can mean one of two days and nothing tells which."""
        best = self.best
        return bool(best and best.value and best.normalized is None and is_ambiguous(self.field, best.value))


def labels_by_field(document: Document) -> list[FieldLabels]:
    """The fields in force with their labels; one query."""
    history: dict[str, list[Label]] = defaultdict(list)
    rows = list(document.labels.select_related("author").order_by("-pk"))
    for label in rows:
        history[label.field].append(label)
    best = ranking.best_labels(rows, document.project.teacher)
    return [
        FieldLabels(field, best.get(field.name), tuple(history[field.name])) for field in document.project.schema.fields
    ]
