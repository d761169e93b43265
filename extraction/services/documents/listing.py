"""Lists of documents whose cost does not grow with the project, and the labels of one document by field."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.utils.text import Truncator

from extraction.domain.alignment import own_conventions
from extraction.domain.field_types import is_ambiguous
from extraction.domain.fields import Field, Schema
from extraction.domain.line_items.rows import rows_of
from extraction.domain.pages import PageBox
from extraction.models import BestLabel, Document, Label, Project
from extraction.services.documents.filters import Filter
from extraction.services.documents.ordering import NEWEST, Cursor, Order
from extraction.services.labels import alternatives, conventions, ranking, row_places
from extraction.services.labels import rows as label_rows
from extraction.services.labels.alternatives import Alternative
from extraction.services.quality.reasons import Reasons
from extraction.services.quality.reasons import reasons as evidence_of

# Documents of one part of a list.
PAGE = 50
# Rows of a group that a document's page shows.
ROWS = 200
# Number of fields that a list shows beside the documents.
COLUMNS = 4
# Characters of a value in a cell, and of what it shows when pointed at.
SHORT, LONG = 60, 1000


@dataclass(frozen=True, slots=True)
class Cell:
    """A field of a document in a list with its current best label, and the label's value in a line."""

    field: Field
    label: Label | None
    short: str
    long: str

    @classmethod
    def of(cls, field: Field, label: Label | None) -> Cell:
        text = label_rows.shown(label.value) if label and label.value else ""
        return cls(field, label, _shortened(text, SHORT), _shortened(text, LONG))


@dataclass(frozen=True, slots=True)
class Row:
    """A document in a list: one cell for each of the list's columns, and what a narrow screen shows in their place.

    `vendor`, `total` and `date` are the cells of such fields, where the schema has any.
    """

    document: Document
    cells: tuple[Cell, ...]
    vendor: Cell | None
    total: Cell | None
    date: Cell | None


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of a list. `newer` and `older` are the cursors of the parts before and after it."""

    rows: tuple[Row, ...]
    columns: tuple[Field, ...]
    newer: Cursor | None
    older: Cursor | None


def listing(
    project: Project,
    condition: Filter,
    order: Order = NEWEST,
    *,
    older: Cursor | None = None,
    newer: Cursor | None = None,
) -> Slice:
    """At most `PAGE` documents behind the cursor `older` or before the cursor `newer`; always two queries."""
    documents, more = _part(condition.of(project), order, older, newer)
    best = _shown(project.schema, documents)
    rows = tuple(_row(project.schema, document, best.get(document.pk, {})) for document in documents)
    before = order.position(documents[0]) if documents and (older or (newer and more)) else None
    after = order.position(documents[-1]) if documents and (newer or more) else None
    return Slice(rows, project.schema.fields[:COLUMNS], before, after)


def documents(
    project: Project, condition: Filter, order: Order, cursor: Cursor | None, limit: int
) -> tuple[list[Document], Cursor | None]:
    """At most `limit` documents behind the cursor, and the cursor of those that follow; one query."""
    rows = list(order.part(condition.of(project), cursor)[: limit + 1])
    return rows[:limit], order.position(rows[limit - 1]) if len(rows) > limit else None


def _shown(schema: Schema, documents: Sequence[Document]) -> dict[int, dict[str, Label]]:
    """The current best labels of the fields that a list shows, by document; one query, whatever their history."""
    special = (_vendor(schema), _first(schema, "money"), _first(schema, "date"))
    names = {field.name for field in (*schema.fields[:COLUMNS], *special) if field}
    rows = BestLabel.objects.filter(document__in=documents, field__in=names).select_related("label")
    found: dict[int, dict[str, Label]] = defaultdict(dict)
    for row in rows.defer("label__spans", "label__rows"):
        found[row.document_id][row.field] = row.label
    return found


def _row(schema: Schema, document: Document, best: Mapping[str, Label]) -> Row:
    def cell(field: Field | None) -> Cell | None:
        return Cell.of(field, best.get(field.name)) if field else None

    cells = tuple(Cell.of(field, best.get(field.name)) for field in schema.fields[:COLUMNS])
    return Row(document, cells, cell(_vendor(schema)), cell(_first(schema, "money")), cell(_first(schema, "date")))


def _shortened(text: str, length: int) -> str:
    return text if len(text) <= length else Truncator(text).chars(length)


def _vendor(schema: Schema) -> Field | None:
    """The field that tells documents apart at a glance: the first required text, else the first text."""
    texts = [field for field in schema.fields if field.kind.free_text]
    return next((field for field in texts if field.required), texts[0] if texts else None)


def _first(schema: Schema, type: str) -> Field | None:
    return next((field for field in schema.fields if field.type == type), None)


def _part(
    rows: QuerySet[Document], order: Order, older: Cursor | None, newer: Cursor | None
) -> tuple[list[Document], bool]:
    """The documents, and whether more of them follow in the direction of the cursor."""
    if newer is not None:
        documents = list(order.part(rows, newer, back=True)[: PAGE + 1])
        return documents[:PAGE][::-1], len(documents) > PAGE
    documents = list(order.part(rows, older)[: PAGE + 1])
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
    alternatives: tuple[Alternative, ...]

    @property
    def rows(self) -> tuple[Sequence[tuple[Field, str | None]], ...] | None:
        """A group's first rows, each column with its text; `None` where it has none to show."""
        rows = rows_of(self.field, self.best.value) if self.best and self.best.value and self.field.fields else None
        if rows is None:
            return None
        return tuple([(part, row.get(part.name)) for part in self.field.fields] for row in rows[:ROWS])

    @property
    def more_rows(self) -> int:
        """How many rows are not among the first."""
        rows = rows_of(self.field, self.best.value) if self.best else None
        return max(len(rows or ()) - ROWS, 0)

    @property
    def evidence(self) -> Reasons:
        """What speaks for the best label and against it, as it was assessed."""
        return evidence_of(self.best)

    @property
    def ambiguous(self) -> bool:
        """Whether the value can mean one of two days and nothing tells which."""
        best = self.best
        return bool(best and best.value and best.normalized is None and is_ambiguous(self.field, best.value))


def row_boxes(document: Document, field: Field) -> list[tuple[int, PageBox]]:
    """Where the shown rows of a group stand: the number of the row with a box for each line of a cell."""
    label = ranking.best(document).get(field.name)
    rows = rows_of(field, label.value) if label and label.value else None
    if not rows:
        return []
    pages = document.domain_pages()
    printed = own_conventions(pages, (field,), conventions.of(document.project))
    return [
        (number, PageBox(span.page, box))
        for number, cells in enumerate(row_places.places(field, rows, pages, printed)[:ROWS])
        for spans in cells.values()
        for span in spans
        for box in span.boxes(pages)
    ]


def labels_by_field(document: Document) -> list[FieldLabels]:
    """The fields in force with their labels; one query."""
    history: dict[str, list[Label]] = defaultdict(list)
    rows = list(document.labels.select_related("author", "quality").order_by("-pk"))
    for label in rows:
        history[label.field].append(label)
    best = ranking.best_labels(rows, document.project.teacher)
    return [
        FieldLabels(
            field,
            best.get(field.name),
            tuple(history[field.name]),
            alternatives.of_field(best.get(field.name), history[field.name]),
        )
        for field in document.project.schema.fields
    ]
