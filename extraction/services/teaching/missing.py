"""Labels that a teacher has still to give: for each document the fields to ask for.

A field is asked for once: where the teacher gave any label, "not on the document" among them, left the field out of an
answer, or a reviewer answers for the field, it is not asked for again, unless a person chose the documents for that.
Truth is no answer for it: a teacher is measured by what it says beside truth.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace

from django.db.models import Exists, OuterRef, Q, QuerySet

from extraction.domain import label_sources
from extraction.domain.fields import Schema
from extraction.engines.teacher import registry
from extraction.engines.teacher.prompting.methods import Method, method_of
from extraction.models import (
    BestLabel,
    Document,
    Job,
    Label,
    LabelRun,
    Project,
    Response,
    Source,
    TeacherBatch,
    TeacherBatchEntry,
)
from extraction.services.projects import schema_versions
from extraction.services.teaching.results import doubts

# A document by its primary key and a field by its name.
Pair = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Question:
    """Documents, by primary key, of which the same fields are asked for: those of `schema`."""

    schema: Schema
    documents: tuple[int, ...]


def questions(
    project: Project,
    schema: Schema,
    teacher: str,
    documents: QuerySet[Document],
    chosen: Sequence[int] | None = None,
    *,
    doubtful: bool = False,
    asked: Set[Pair] = frozenset(),
) -> list[Question]:
    """What to ask of these documents, in their order; documents that lack the same fields stand together.

    Those that the teacher has in a batch on its way are left out: their answers are paid for. `chosen` are the only
    ones, by primary key: asked again, save for fields that reviewers answer for. `doubtful`: only documents with a
    doubtful first answer, or of a teacher that is asked for one field at a time only such fields; what this teacher
    answered already is not asked again. `asked` is left out, too.
    """
    names = [field.name for field in schema.fields if registry.answers(teacher, field)]
    known = _known(project, teacher) if chosen is None or doubtful else _reviewed(project)
    asking = documents.exclude(pk__in=on_their_way(project, teacher))
    keys: Iterable[int] = asking.values_list("pk", flat=True)
    if chosen is not None:
        keys = filter(set(chosen).__contains__, keys)
    if doubtful:
        pairs = doubts.pairs(project) - known
        if method_of(teacher) is Method.SINGLE:
            known = {(pk, name) for pk, _ in pairs for name in names} - pairs | known
        if chosen is None:
            keys = filter({pk for pk, _ in pairs}.__contains__, keys)
    return divided(schema, teacher, keys, names, known | asked)


def divided(
    schema: Schema, teacher: str, documents: Iterable[int], names: Sequence[str], known: Set[Pair]
) -> list[Question]:
    """The questions about the fields `names` of these documents, those that are `known` left out."""
    single = method_of(teacher) is Method.SINGLE
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for pk in documents:
        fields = tuple(name for name in names if (pk, name) not in known)
        for together in ((name,) for name in fields) if single else (fields,) if fields else ():
            groups[together].append(pk)
    return [Question(restricted(schema, fields), tuple(keys)) for fields, keys in groups.items()]


def asked_in(run: LabelRun) -> set[Pair]:
    """Pairs of document and field, under the names of the run's schema, that it has an answer to, good or not."""
    names = run.schema_version.as_domain().names
    pairs = {(pk, name) for pk, fields in run.responses.values_list("document", "fields") for name in fields or names}
    # A teacher of this program stores labels alone.
    direct = run.label_rows.exclude(document__in=run.responses.values("document")).values_list("document", flat=True)
    return pairs | {(pk, name) for pk in direct.distinct() for name in names}


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
    rows = _waiting().filter(batch__run__project=project, batch__run__teacher=teacher, document__isnull=False)
    return rows.order_by().values_list("document", flat=True)


def awaited(run: LabelRun) -> int:
    """How many documents of the run are in batches that may still be answered."""
    return _waiting().filter(batch__run=run).count()


def awaited_in(run: LabelRun) -> set[int]:
    """Keys of these documents, but for those that were deleted."""
    return set(_waiting().filter(batch__run=run, document__isnull=False).values_list("document", flat=True))


def tried_in_batches(run: LabelRun) -> QuerySet[TeacherBatchEntry, int]:
    """Keys of the documents in the run's batches, but for those that were given up before the teacher saw them."""
    rows = TeacherBatchEntry.objects.filter(batch__run=run, document__isnull=False)
    return rows.exclude(state=TeacherBatchEntry.State.CANCELLED).values_list("document", flat=True)


def _waiting() -> QuerySet[TeacherBatchEntry]:
    """Entries of which an answer is still expected."""
    return TeacherBatchEntry.objects.filter(state=TeacherBatchEntry.State.WAITING, batch__state__in=TeacherBatch.OPEN)


def first(asked: Sequence[Question], limit: int | None, begun: Collection[int] = ()) -> list[Question]:
    """The questions about the first documents, at most `limit` with those that were `begun`."""
    if limit is None:
        return list(asked)
    others = sorted({pk for question in asked for pk in question.documents} - set(begun))
    kept = {*begun, *others[: max(0, limit - len(begun))]}
    shortened = [replace(each, documents=tuple(pk for pk in each.documents if pk in kept)) for each in asked]
    return [each for each in shortened if each.documents]


def in_order(asked: Iterable[Question], documents: Iterable[int]) -> list[Question]:
    """The questions about these documents alone, in their order."""
    place = {pk: number for number, pk in enumerate(documents)}
    ordered = [
        replace(each, documents=tuple(sorted(place.keys() & set(each.documents), key=place.__getitem__)))
        for each in asked
    ]
    return [each for each in ordered if each.documents]


def unanswerable(project: Project, teacher: str) -> tuple[str, ...]:
    """Titles of the fields that the teacher has no answer for, whatever is on a document."""
    return tuple(field.title for field in project.schema.fields if not registry.answers(teacher, field))


def _known(project: Project, teacher: str) -> set[Pair]:
    """Pairs of document and field that the teacher was asked for, or that reviewers answer for."""
    own = Label.objects.filter(document__project=project, source=Source.TEACHER, teacher=teacher)
    return {*own.values_list("document", "field"), *_left_out(project, teacher)} | _reviewed(project)


def _reviewed(project: Project) -> set[Pair]:
    """Pairs of document and field that reviewers answer for."""
    reviewers = [name for name in label_sources.names(by_people=True) if not label_sources.is_final(name)]
    rows = BestLabel.objects.filter(project=project, label__source__in=reviewers)
    return set(rows.values_list("document", "field"))


def _left_out(project: Project, teacher: str) -> Iterator[Pair]:
    """Pairs that an answer of which labels were made was asked for, whether it gave them or not.

    A listing may give none: it counts once its run is done.
    """
    labelled = Exists(Label.objects.filter(run=OuterRef("run"), document=OuterRef("document")))
    done = Q(run__job__state=Job.State.DONE, run__sample__isnull=True, refusal="", malformed=False)
    rows = Response.objects.filter(labelled | done, run__project=project, teacher=teacher)
    runs = project.label_runs.filter(teacher=teacher).select_related("schema_version")
    present = {run.pk: schema_versions.translation(run.schema_version) for run in runs}
    for document, run, fields in rows.values_list("document", "run", "fields"):
        names = present[run]
        yield from ((document, names[name]) for name in fields or names if name in names)
