"""Writing and reading labels. Every label in the database went through `write_many`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from extraction.domain.alignment import align, printed_day_order
from extraction.domain.field_types import DayOrder, normalize
from extraction.domain.field_types.readers.dates import infer_day_order
from extraction.domain.fields import Field, Schema
from extraction.domain.pages import Page, Span
from extraction.models import RANK, Document, Label, LabelRun, Project, Source, User, as_domain_pages
from extraction.services import events

# Enough printed dates to tell a project's order of day and month; more would only slow pages down.
DATES_LOOKED_AT, PAGES_LOOKED_AT = 500, 50
BATCH = 400


@dataclass(frozen=True, slots=True)
class Statement:
    """What somebody says about a field. `value` is the printed or normalised text; `None`: not on the document."""

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
) -> Label:
    """Add one label; normalises the value and finds the words it stands on where these are not given."""
    statement = Statement(
        document, field, value, source, spans, normalized, confidence, unsure, withdrawn, teacher, run, author
    )
    return write_many(document.project, [statement])[0]


def write_many(project: Project, statements: Sequence[Statement]) -> list[Label]:
    """Add labels under the schema in force and bring what documents say about them up to date.

    Works through batches of `BATCH` statements, each a transaction of its own with a fixed number of queries, so that
    neither the memory nor the time that others wait for the database grows with the number of statements.
    """
    order = day_order(project, extra=_dates(project.schema, statements))
    written: list[Label] = []
    for start in range(0, len(statements), BATCH):
        written += _write_batch(project, statements[start : start + BATCH], order)
    return written


def _write_batch(project: Project, statements: Sequence[Statement], order: DayOrder) -> list[Label]:
    pages = _pages({statement.document.pk for statement in statements if statement.spans is None and statement.value})
    rows = [_row(project, statement, pages.get(statement.document.pk, ()), order) for statement in statements]
    with transaction.atomic():
        written = Label.objects.bulk_create(rows)
        _choose_first_teacher(project, written)
        documents = frozenset(statement.document.pk for statement in statements)
        refresh(documents, project.teacher)
        events.send(events.labels_written, project=project, documents=documents)
    return written


def _row(project: Project, statement: Statement, pages: Sequence[Page], order: DayOrder) -> Label:
    field = project.schema[statement.field]
    value = storable(statement.value)
    return Label(
        document=statement.document,
        schema_version=project.schema_version,
        field=statement.field,
        value=value,
        normalized=storable(statement.normalized) or normalized(field, value, order),
        spans=[span.to_json() for span in _spans(field, statement, pages, order)],
        confidence=statement.confidence,
        unsure=statement.unsure,
        withdrawn=statement.withdrawn,
        source=statement.source,
        teacher=statement.teacher,
        run=statement.run,
        author=statement.author,
    )


def storable(text: str | None) -> str | None:
    """Without what no database takes: NUL (PostgreSQL), and halves of characters, which are no UTF-8."""
    return text and text.replace("\x00", " ").encode("utf-8", "replace").decode()


def normalized(field: Field, value: str | None, order: DayOrder) -> str | None:
    """The value in the field's format; `None` where there is none or it cannot be read with certainty."""
    return None if value is None else normalize(field, value, day_order=order)


def _spans(field: Field, statement: Statement, pages: Sequence[Page], order: DayOrder) -> Sequence[Span]:
    if statement.spans is not None:
        return statement.spans
    if not statement.value or not pages:
        return ()
    occurrences = align(field, statement.value, pages, day_order=order)
    return occurrences[0].spans if occurrences else ()


def _pages(documents: set[int]) -> dict[int, tuple[Page, ...]]:
    found = Document.objects.filter(pk__in=documents, state=Document.State.READY).prefetch_related("pages")
    return {document.pk: as_domain_pages(document.pages.all()) for document in found}


def _choose_first_teacher(project: Project, written: Iterable[Label]) -> None:
    """The first teacher that labelled anything is the project's, until somebody chooses another."""
    if project.teacher:
        return
    first = next((label.teacher for label in written if label.source == Source.TEACHER), "")
    if first and Project.objects.filter(pk=project.pk, teacher="").update(teacher=first):
        project.teacher = first


def ground(document: Document) -> None:
    """Find the words of labels that came before their document was read."""
    schema, order = document.project.schema, day_order(document.project)
    pages = document.domain_pages()
    waiting = [label for label in document.labels.all() if label.value and not label.spans and label.field in schema]
    for label in waiting:
        field = schema[label.field]
        if found := align(field, label.value or "", pages, day_order=order):
            label.spans = [span.to_json() for span in found[0].spans]
    Label.objects.bulk_update(waiting, ["spans"])


def settle(project: Project) -> None:
    """Normalise the dates that could not be read while the project's order of day and month was unknown."""
    order, schema = day_order(project), project.schema
    if order is None:
        return
    names = [field.name for field in schema.fields if field.kind.uses_day_order]
    rows = Label.objects.filter(document__project=project, field__in=names, value__isnull=False, normalized=None)
    settled = []
    for label in rows:
        label.normalized = normalized(schema[label.field], label.value, order)
        if label.normalized is not None:
            settled.append(label)
    Label.objects.bulk_update(settled, ["normalized"], batch_size=BATCH)


def choose(rows: Iterable[Label], teacher: str) -> dict[str, Label]:
    """The current best label of each field: truth, reviewer, teacher (the project's before others), claim, student."""
    newest: dict[tuple[str, str, str], Label] = {}
    for label in sorted(rows, key=lambda label: label.pk):
        newest[label.field, label.source, label.teacher] = label
    best: dict[str, Label] = {}
    for label in newest.values():
        if not label.withdrawn:
            held = best.get(label.field)
            if held is None or _standing(label, teacher) < _standing(held, teacher):
                best[label.field] = label
    return best


def _standing(label: Label, teacher: str) -> tuple[int, bool, int]:
    return RANK[Source(label.source)], label.teacher != teacher, -label.pk


def best(document: Document) -> dict[str, Label]:
    return choose(document.labels.all(), document.project.teacher)


def best_for(documents: QuerySet[Document], *, sources: Iterable[str] = Source.values) -> dict[int, dict[str, Label]]:
    """The current best labels of `documents` by primary key, taken from `sources` only; one query."""
    said = Label.objects.filter(document__in=documents, source__in=list(sources))
    rows = said.annotate(preferred=F("document__project__teacher")).order_by("document_id", "pk")
    # One document after the other, so that what was said before is held of one only.
    found = groupby(rows.iterator(), key=lambda label: (label.document_id, label.preferred))
    return {pk: choose(labels, preferred) for (pk, preferred), labels in found}


def from_source(documents: QuerySet[Document], source: Source | str, teacher: str = "") -> dict[int, dict[str, Label]]:
    """What one source (one teacher or student, where named) says now, by document and field; one query."""
    rows = Label.objects.filter(document__in=documents, source=source)
    if teacher:
        rows = rows.filter(teacher=teacher)
    by_document: dict[int, list[Label]] = defaultdict(list)
    for label in rows:
        by_document[label.document_id].append(label)
    return {pk: choose(labels, teacher) for pk, labels in by_document.items()}


def day_order(project: Project, *, extra: Iterable[str] = ()) -> DayOrder:
    """Whether this project's documents print the day or the month first, as far as its dates tell."""
    fields = [field.name for field in project.schema.fields if field.kind.uses_day_order]
    if not fields:
        return None
    dates = Label.objects.filter(document__project=project, field__in=fields, value__isnull=False).order_by("-id")
    values = dates.values_list("value", flat=True)[:DATES_LOOKED_AT]
    order = infer_day_order([*(value for value in values if value), *extra])
    if order is not None:
        return order
    # Labels in a format of their own do not tell, but the dates do that are printed where they were found.
    newest = dates.select_related("document").prefetch_related("document__pages")[:PAGES_LOOKED_AT]
    printed = ((label.value or "", label.document.domain_pages()) for label in newest)
    return printed_day_order(printed, today=timezone.now().date())


def _dates(schema: Schema, statements: Iterable[Statement]) -> list[str]:
    return [s.value for s in statements if s.value and schema[s.field].kind.uses_day_order]


@transaction.atomic(savepoint=False)
def refresh(documents: Iterable[int], teacher: str) -> None:
    """Bring the columns that lists are filtered by up to date with the labels."""
    # Held, so that of two writers the second derives the columns from the labels of both. `no_key`: their new labels
    # point to the row already, and must not bar each other from it.
    held_rows = Document.objects.select_for_update(no_key=True).filter(pk__in=list(documents)).order_by("pk")
    rows = held_rows.prefetch_related("labels")
    changed = []
    for document in rows:
        held = choose(document.labels.all(), teacher)
        document.source = _best_source(held)
        document.confidence = _lowest_confidence(held)
        document.review = _review(document, document.source)
        changed.append(document)
    Document.objects.bulk_update(changed, ["source", "confidence", "review"])


def _best_source(held: Mapping[str, Label]) -> str:
    return min((label.source for label in held.values()), key=lambda source: RANK[Source(source)], default="")


def _lowest_confidence(held: Mapping[str, Label]) -> float | None:
    return min((label.confidence for label in held.values() if label.confidence is not None), default=None)


def _review(document: Document, source: str) -> str:
    """Truth needs no review; a person's decision stands; anything else that was said waits for one."""
    decided = (Document.Review.ACCEPTED, Document.Review.REJECTED)
    if document.review in decided:
        return document.review
    if not source:
        return Document.Review.UNLABELLED
    return Document.Review.ACCEPTED if source == Source.TRUTH else Document.Review.WAITING
