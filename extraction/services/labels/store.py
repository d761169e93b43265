"""Writing and reading labels. Every label in the database went through `write_many`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db import transaction
from django.db.models import F, QuerySet

from extraction.domain import label_sources
from extraction.domain.alignment import align
from extraction.domain.field_types import DayOrder
from extraction.domain.fields import Field, Schema
from extraction.domain.pages import Page, Span
from extraction.domain.text import storable
from extraction.models import Document, Label, LabelRun, Project, Source, User, as_domain_pages
from extraction.services import events
from extraction.services.labels.date_order import day_order, depends_on_order, in_format

BATCH = 400


@dataclass(frozen=True, slots=True)
class LabelInput:
    """A label to write. `value` is the printed or normalised text, `None` for "not on the document".

    `spans` of `None` lets `write_many` align the value with the page. `confidence` is from 0 to 1. `reading_chosen`: a
    person chose the meaning `normalized`.
    """

    document: Document
    field: str
    value: str | None
    source: Source | str
    spans: Sequence[Span] | None = None
    normalized: str | None = None
    confidence: float | None = None
    unsure: bool = False
    withdrawn: bool = False
    teacher: str = ""
    run: LabelRun | None = None
    author: User | None = None
    reading_chosen: bool = False


def write(
    document: Document,
    field: str,
    value: str | None,
    *,
    source: Source | str,
    spans: Sequence[Span] | None = None,
    normalized: str | None = None,
    confidence: float | None = None,
    unsure: bool = False,
    withdrawn: bool = False,
    teacher: str = "",
    run: LabelRun | None = None,
    author: User | None = None,
    reading_chosen: bool = False,
) -> Label:
    """Add one label; normalises the value and finds the words it stands on where these are not given."""
    label_input = LabelInput(
        document,
        field,
        value,
        source,
        spans,
        normalized,
        confidence,
        unsure,
        withdrawn,
        teacher,
        run,
        author,
        reading_chosen,
    )
    return write_many(document.project, [label_input])[0]


def write_many(project: Project, inputs: Sequence[LabelInput]) -> list[Label]:
    """Add labels under the schema in force and bring what documents say about them up to date.

    Works through batches of `BATCH` inputs, each a transaction of its own with a fixed number of queries, so that
    neither the memory nor the time that others wait for the database grows with the number of inputs.
    """
    order = day_order(project, extra=_dates(project.schema, inputs))
    written: list[Label] = []
    for start in range(0, len(inputs), BATCH):
        written += _write_batch(project, inputs[start : start + BATCH], order)
    return written


def _write_batch(project: Project, inputs: Sequence[LabelInput], order: DayOrder) -> list[Label]:
    pages = _pages({each.document.pk for each in inputs if _needs_pages(project.schema, each, order)})
    rows = [_row(project, label_input, pages.get(label_input.document.pk, ()), order) for label_input in inputs]
    with transaction.atomic():
        written = Label.objects.bulk_create(rows)
        _choose_first_teacher(project, written)
        documents = frozenset(label_input.document.pk for label_input in inputs)
        refresh(documents, project.teacher)
        events.send(events.labels_written, project=project, documents=documents)
    return written


def _row(project: Project, label_input: LabelInput, pages: Sequence[Page], order: DayOrder) -> Label:
    field = project.schema[label_input.field]
    value = label_input.value and storable(label_input.value)
    return Label(
        document=label_input.document,
        schema_version=project.schema_version,
        field=label_input.field,
        value=value,
        normalized=storable(label_input.normalized or "") or in_format(field, value, order, pages),
        reading_chosen=label_input.reading_chosen,
        spans=[span.to_json() for span in _spans(field, label_input, pages, order)],
        confidence=label_input.confidence,
        unsure=label_input.unsure,
        withdrawn=label_input.withdrawn,
        source=label_input.source,
        teacher=label_input.teacher,
        run=label_input.run,
        author=label_input.author,
    )


def _needs_pages(schema: Schema, label_input: LabelInput, order: DayOrder) -> bool:
    """Whether the value is to be located, or the document's own pages may tell the order of its date."""
    if not label_input.value:
        return False
    unread = order is None and not label_input.normalized and depends_on_order(schema[label_input.field])
    return label_input.spans is None or unread


def _spans(field: Field, label_input: LabelInput, pages: Sequence[Page], order: DayOrder) -> Sequence[Span]:
    if label_input.spans is not None:
        return label_input.spans
    if not label_input.value or not pages:
        return ()
    occurrences = align(field, label_input.value, pages, day_order=order)
    return occurrences[0].spans if occurrences else ()


def _pages(documents: set[int]) -> dict[int, tuple[Page, ...]]:
    rows = Document.objects.filter(pk__in=documents, state=Document.State.READY).prefetch_related("pages")
    return {document.pk: as_domain_pages(document.pages.all()) for document in rows}


def _choose_first_teacher(project: Project, written: Iterable[Label]) -> None:
    """The first teacher that labelled anything is the project's, until somebody chooses another."""
    if project.teacher:
        return
    first = next((label.teacher for label in written if label.source == Source.TEACHER), "")
    if first and Project.objects.filter(pk=project.pk, teacher="").update(teacher=first):
        project.teacher = first


def locate_spans(document: Document) -> None:
    """Align the labels that were written before their document was read, and read their dates by it."""
    schema, order = document.project.schema, day_order(document.project)
    pages = document.domain_pages()
    waiting = [label for label in document.labels.all() if label.value and not label.spans and label.field in schema]
    for label in waiting:
        field = schema[label.field]
        if places := align(field, label.value or "", pages, day_order=order):
            label.spans = [span.to_json() for span in places[0].spans]
        label.normalized = label.normalized or in_format(field, label.value, order, pages)
    Label.objects.bulk_update(waiting, ["spans", "normalized"])


def best_labels(rows: Iterable[Label], teacher: str) -> dict[str, Label]:
    """The current best label of each field: by rank of the source, of teachers `teacher` first, the newest each."""
    newest: dict[tuple[str, str, str], Label] = {}
    for label in sorted(rows, key=lambda label: label.pk):
        newest[label.field, label.source, label.teacher] = label
    best: dict[str, Label] = {}
    for label in newest.values():
        if not label.withdrawn:
            rival = best.get(label.field)
            if rival is None or _precedence(label, teacher) < _precedence(rival, teacher):
                best[label.field] = label
    return best


def _precedence(label: Label, teacher: str) -> tuple[int, bool, int]:
    """The lowest wins: rank of the source, the project's teacher before others, the newest first."""
    return label_sources.find(label.source).rank, label.teacher != teacher, -label.pk


def best(document: Document) -> dict[str, Label]:
    return best_labels(document.labels.all(), document.project.teacher)


def best_for(documents: QuerySet[Document], *, sources: Iterable[str] | None = None) -> dict[int, dict[str, Label]]:
    """The current best labels of `documents` by primary key, taken from `sources` only, if given; one query."""
    labels = Label.objects.filter(document__in=documents)
    if sources is not None:
        labels = labels.filter(source__in=list(sources))
    rows = labels.annotate(preferred=F("document__project__teacher")).order_by("document_id", "pk")
    # One document after the other, so that only one document's history is in memory at a time.
    groups = groupby(rows.iterator(), key=lambda label: (label.document_id, label.preferred))
    return {pk: best_labels(history, preferred) for (pk, preferred), history in groups}


def from_source(documents: QuerySet[Document], source: Source | str, teacher: str = "") -> dict[int, dict[str, Label]]:
    """The current labels of one source (of one teacher or student, where named), by document and field; one query."""
    rows = Label.objects.filter(document__in=documents, source=source)
    if teacher:
        rows = rows.filter(teacher=teacher)
    by_document: dict[int, list[Label]] = defaultdict(list)
    for label in rows:
        by_document[label.document_id].append(label)
    return {pk: best_labels(labels, teacher) for pk, labels in by_document.items()}


def _dates(schema: Schema, inputs: Iterable[LabelInput]) -> list[str]:
    return [each.value for each in inputs if each.value and schema[each.field].kind.uses_day_order]


@transaction.atomic(savepoint=False)
def refresh(documents: Iterable[int], teacher: str) -> None:
    """Bring the columns that lists are filtered by up to date with the labels."""
    # Locked, so that of two writers the second derives the columns from the labels of both. `no_key`: their new labels
    # point to the row already, and must not bar each other from it.
    locked = Document.objects.select_for_update(no_key=True).filter(pk__in=list(documents)).order_by("pk")
    changed = []
    for document in locked.prefetch_related("labels"):
        best = best_labels(document.labels.all(), teacher)
        document.source = _best_source(best)
        document.confidence = _lowest_confidence(best)
        document.review = _review(document, document.source)
        changed.append(document)
    Document.objects.bulk_update(changed, ["source", "confidence", "review"])


def _best_source(best: Mapping[str, Label]) -> str:
    return min((label.source for label in best.values()), key=lambda name: label_sources.find(name).rank, default="")


def _lowest_confidence(best: Mapping[str, Label]) -> float | None:
    return min((label.confidence for label in best.values() if label.confidence is not None), default=None)


def _review(document: Document, source: str) -> str:
    """A final source needs no review; a person's decision stands; any other labelled document waits for review."""
    decided = (Document.Review.ACCEPTED, Document.Review.REJECTED)
    if document.review in decided:
        return document.review
    if not source:
        return Document.Review.UNLABELLED
    return Document.Review.ACCEPTED if label_sources.find(source).final else Document.Review.WAITING
