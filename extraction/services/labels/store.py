"""Writing labels: every label in the database went through `write_many`."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from django.db import transaction

from extraction.domain.alignment import Occurrence, align
from extraction.domain.errors import gettext_noop
from extraction.domain.field_types import Conventions
from extraction.domain.field_types.group import is_empty
from extraction.domain.field_types.readers.dates import has_full_year
from extraction.domain.fields import Field, Schema
from extraction.domain.line_items import stored
from extraction.domain.line_items.rows import held, text_of
from extraction.domain.pages import Box, Page, Span
from extraction.domain.prediction import RowValue
from extraction.domain.text import storable
from extraction.models import ClaimImport, Document, Label, LabelRun, Project, Source, User, as_domain_pages
from extraction.services import events
from extraction.services.errors import Conflict
from extraction.services.labels import conventions, ranking
from extraction.services.projects import schema_versions

BATCH = 400


@dataclass(frozen=True, slots=True)
class LabelInput:
    """A label to write. `value` is the printed or normalised text, `None` for "not on the document".

    `spans` of `None` lets `write_many` align the value with the page. `confidence` is from 0 to 1. `reading_chosen`: a
    person chose the meaning `normalized`. `rows` are those of a group, where the source knows their places or how sure
    it is of them. `unseen`: the author answers for it without having looked at the document.
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
    rows: Sequence[RowValue] | None = None
    claim_import: ClaimImport | None = None
    unseen: bool = False


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
    rows: Sequence[RowValue] | None = None,
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
        rows,
    )
    return write_many(document.project, [label_input])[0]


def write_many(
    project: Project,
    inputs: Sequence[LabelInput],
    printed: Conventions | None = None,
    *,
    written: Callable[[int], None] | None = None,
) -> list[Label]:
    """Add labels under the schema in force and bring what documents say about them up to date.

    `printed` is how the project's documents print values, where that is known and `inputs` show nothing of it.
    `written` is called in the transaction of each batch with the number of its labels.

    Works through batches of `BATCH` inputs, each a transaction of its own with a fixed number of queries, so that
    neither the memory nor the time that others wait for the database grows with the number of inputs.
    """
    inputs = [_without_empty_rows(project.schema, each) for each in inputs]
    printed = printed or conventions.of(project, extra=_printed(project.schema, inputs))
    labels: list[Label] = []
    for start in range(0, len(inputs), BATCH):
        labels += _write_batch(project, inputs[start : start + BATCH], printed, written)
    return labels


def _without_empty_rows(schema: Schema, label_input: LabelInput) -> LabelInput:
    """Rows without any text say nothing, whoever sent them. What else came with the rows is theirs by their order."""
    field = schema[label_input.field]
    rows = held(field, label_input.value)
    kept = [number for number, row in enumerate(rows or ()) if not is_empty(row)]
    if rows is None or len(kept) == len(rows):
        return label_input
    known = label_input.rows and [label_input.rows[number] for number in kept if number < len(label_input.rows)]
    return replace(label_input, value=text_of([rows[number] for number in kept]), normalized=None, rows=known)


def _write_batch(
    project: Project, inputs: Sequence[LabelInput], printed: Conventions, written: Callable[[int], None] | None
) -> list[Label]:
    pages = _pages({each.document.pk for each in inputs if _needs_pages(project.schema, each, printed)})
    rows = [_row(project, label_input, pages.get(label_input.document.pk, ()), printed) for label_input in inputs]
    with transaction.atomic():
        _follow_renames(project, rows)
        labels = Label.objects.bulk_create(rows)
        _choose_first_teacher(project, labels)
        documents = frozenset(label_input.document.pk for label_input in inputs)
        ranking.refresh(project, documents)
        events.send(events.labels_written, project=project, documents=documents)
        if written is not None:
            written(len(labels))
    return labels


def _follow_renames(project: Project, rows: Sequence[Label]) -> None:
    """Give the rows the names that their fields have now, where they were renamed since `project` was loaded."""
    current = schema_versions.hold(project)
    if project.schema_version is None or current.schema_version_id == project.schema_version_id:
        return
    names = schema_versions.translation(project.schema_version)
    for row in rows:
        if row.field not in names:
            raise Conflict(
                gettext_noop("The field {field!r} was deleted, and another one has its name."), field=row.field
            )
        row.field = names[row.field]


def _row(project: Project, label_input: LabelInput, pages: Sequence[Page], printed: Conventions) -> Label:
    field = project.schema[label_input.field]
    value = label_input.value and storable(label_input.value)
    return Label(
        document=label_input.document,
        schema_version=project.schema_version,
        field=label_input.field,
        value=value,
        normalized=storable(label_input.normalized or "") or conventions.in_format(field, value, printed, pages),
        reading_chosen=label_input.reading_chosen,
        spans=[span.to_json() for span in _spans(field, label_input, pages, printed)],
        rows=None if label_input.rows is None else stored.to_json(label_input.rows),
        confidence=label_input.confidence,
        unsure=label_input.unsure,
        withdrawn=label_input.withdrawn,
        unseen=label_input.unseen,
        source=label_input.source,
        teacher=label_input.teacher,
        run=label_input.run,
        author=label_input.author,
        claim_import=label_input.claim_import,
    )


def _needs_pages(schema: Schema, label_input: LabelInput, printed: Conventions) -> bool:
    """Whether the value is to be located, or the document's own pages may tell how it is printed."""
    if not label_input.value:
        return False
    if label_input.spans is None:
        return True
    field = schema[label_input.field]
    short_year = field.kind.uses_day_order and not has_full_year(label_input.value)
    unknown = short_year or None in (printed.day_order, printed.decimal_sign)
    return unknown and not label_input.normalized and conventions.matter(field)


def _spans(field: Field, label_input: LabelInput, pages: Sequence[Page], printed: Conventions) -> Sequence[Span]:
    if label_input.spans is not None:
        return label_input.spans
    if not label_input.value or not pages:
        return ()
    occurrences = align(field, label_input.value, pages, conventions=printed)
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


def locate_spans(document: Document, before: Sequence[Page] = ()) -> None:
    """Align the labels that were written before their document was read, and read them by it.

    `before` are the pages of an earlier reading, on whose words labels stand: they are aligned anew, near their places.
    """
    # Read anew: reading the pages took so long that fields may have been renamed meanwhile.
    project = Project.objects.select_related("schema_version").get(pk=document.project_id)
    schema, printed = project.schema, conventions.of(project)
    pages = document.domain_pages()
    moved = bool(before) and before != pages
    waiting = [
        label for label in document.labels.all() if label.value and (moved or not label.spans) and label.field in schema
    ]
    for label in waiting:
        places = align(schema[label.field], label.value or "", pages, conventions=printed)
        spans = _nearest(label, places, before, pages)
        label.spans = [span.to_json() for span in spans]
        label.rows = stored.without_places(label.rows) if moved and label.rows else label.rows
        field = schema[label.field]
        label.normalized = label.normalized or conventions.in_format(field, label.value, printed, pages)
    if waiting:
        with transaction.atomic():
            Label.objects.bulk_update(waiting, ["spans", "rows", "normalized"])
            ranking.refresh(project, [document.pk])


def _printed(schema: Schema, inputs: Iterable[LabelInput]) -> list[tuple[Field, str]]:
    return [(schema[each.field], each.value) for each in inputs if each.value and each.claim_import is None]


def _nearest(
    label: Label, places: Sequence[Occurrence], before: Sequence[Page], pages: Sequence[Page]
) -> Sequence[Span]:
    """The spans of the place that is nearest to where the label stood; of the best one where it stood nowhere."""
    if not places:
        return ()
    was = _center(label.as_domain().spans, before)
    if was is None:
        return places[0].spans

    def distance(place: Occurrence) -> float:
        at = _center(place.spans, pages)
        return math.dist(was, at) if at else math.inf

    return min(places, key=distance).spans


def _center(spans: Sequence[Span], pages: Sequence[Page]) -> tuple[float, float] | None:
    """The middle of the first span in pages and fractions of one; `None` where there is none."""
    span = next(iter(spans), None)
    if span is None or span.page >= len(pages) or span.last >= len(pages[span.page].words):
        return None
    words = pages[span.page].words[span.first : span.last + 1]
    x, y = Box.around(word.box for word in words).center
    return x, span.page + y
