"""Labels that a teacher has still to give: for each document the fields to ask for.

A field is asked for once: where the teacher gave any label, "not on the document" among them, left the field out of an
answer, or a reviewer answers for the field, it is not asked for again, unless a person chose the documents for that.
Truth is no answer for it: a teacher is measured by what it says beside truth.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from django.db.models import Exists, OuterRef, QuerySet

from extraction.domain import label_sources
from extraction.domain.fields import Schema
from extraction.engines.teacher import registry
from extraction.models import (
    BestLabel,
    Document,
    Label,
    LabelRun,
    Project,
    Response,
    Source,
    TeacherBatch,
    TeacherBatchEntry,
)
from extraction.services.projects import schema_versions


@dataclass(frozen=True, slots=True)
class Question:
    """Documents, by primary key, of which the same fields are asked for: those of `schema`."""

    schema: Schema
    documents: tuple[int, ...]


def questions(
    project: Project, schema: Schema, teacher: str, documents: QuerySet[Document], chosen: Sequence[int] | None = None
) -> list[Question]:
    """What to ask of these documents, in their order; documents that lack the same fields stand together.

    Those that the teacher has in a batch on its way are left out: their answers are paid for. `chosen` are the only
    ones, by primary key: asked again, save for fields that reviewers answer for.
    """
    names = [field.name for field in schema.fields if registry.answers(teacher, field)]
    known = _known(project, teacher) if chosen is None else _reviewed(project)
    keys = documents.exclude(pk__in=on_their_way(project, teacher)).values_list("pk", flat=True)
    wanted = set(chosen or ())
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for pk in keys if chosen is None else filter(wanted.__contains__, keys):
        if fields := tuple(name for name in names if (pk, name) not in known):
            groups[fields].append(pk)
    return [Question(restricted(schema, fields), tuple(keys)) for fields, keys in groups.items()]


def restricted(schema: Schema, names: Iterable[str]) -> Schema:
    """The schema with these fields only; the same one where these are all."""
    chosen = set(names)
    fields = tuple(field for field in schema.fields if field.name in chosen)
    return schema if fields == schema.fields else replace(schema, fields=fields)


def labellable(project: Project) -> QuerySet[Document]:
    """Documents that were read and not rejected, in the order in which they are asked about."""
    ready = project.documents.filter(state=Document.State.READY)
    return ready.exclude(review=Document.Review.REJECTED).order_by("id")


def on_their_way(project: Project, teacher: str) -> QuerySet[TeacherBatchEntry, int]:
    """Keys of the documents in batches that the teacher may still answer."""
    rows = TeacherBatchEntry.objects.filter(state=TeacherBatchEntry.State.WAITING, document__isnull=False)
    open_ones = rows.filter(batch__state__in=TeacherBatch.OPEN, batch__run__project=project)
    return open_ones.filter(batch__run__teacher=teacher).order_by().values_list("document", flat=True)


def awaited(run: LabelRun) -> int:
    """How many documents of the run are in batches that may still be answered."""
    rows = TeacherBatchEntry.objects.filter(batch__run=run, state=TeacherBatchEntry.State.WAITING)
    return rows.filter(batch__state__in=TeacherBatch.OPEN).count()


def first(asked: Sequence[Question], limit: int | None) -> list[Question]:
    """The questions about the first documents, at most `limit`."""
    if limit is None:
        return list(asked)
    kept = set(sorted(pk for question in asked for pk in question.documents)[: max(0, limit)])
    shortened = [replace(each, documents=tuple(pk for pk in each.documents if pk in kept)) for each in asked]
    return [each for each in shortened if each.documents]


def unanswerable(project: Project, teacher: str) -> tuple[str, ...]:
    """Titles of the fields that the teacher has no answer for, whatever is on a document."""
    return tuple(field.title for field in project.schema.fields if not registry.answers(teacher, field))


def _known(project: Project, teacher: str) -> set[tuple[int, str]]:
    """Pairs of document and field that the teacher was asked for, or that reviewers answer for."""
    own = Label.objects.filter(document__project=project, source=Source.TEACHER, teacher=teacher)
    return {*own.values_list("document", "field"), *_left_out(project, teacher)} | _reviewed(project)


def _reviewed(project: Project) -> set[tuple[int, str]]:
    """Pairs of document and field that reviewers answer for."""
    reviewers = [name for name in label_sources.names(by_people=True) if not label_sources.is_final(name)]
    rows = BestLabel.objects.filter(project=project, label__source__in=reviewers)
    return set(rows.values_list("document", "field"))


def _left_out(project: Project, teacher: str) -> Iterator[tuple[int, str]]:
    """Pairs that an answer of which labels were made was asked for, whether it gave them or not."""
    labelled = Label.objects.filter(run=OuterRef("run"), document=OuterRef("document"))
    rows = Response.objects.filter(Exists(labelled), run__project=project, teacher=teacher)
    runs = project.label_runs.filter(teacher=teacher).select_related("schema_version")
    present = {run.pk: schema_versions.translation(run.schema_version) for run in runs}
    for document, run, fields in rows.values_list("document", "run", "fields"):
        names = present[run]
        yield from ((document, names[name]) for name in fields or names if name in names)
