"""What is known about documents, for the choice of those that teach most: a fixed number of queries, no pages."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Avg, Case, Count, FloatField, Q, Sum, Value, When
from django.db.models.functions import Coalesce

from extraction.domain import label_sources
from extraction.domain.label_quality.evidence import is_right
from extraction.domain.label_quality.questions import UNKNOWN
from extraction.domain.label_quality.selection import Candidate, Labelled
from extraction.domain.learning.label_audit import IssueReason
from extraction.models import BestLabel, Document, DocumentLayout, Label, LabelQuality, ModelVersion, Project, Source
from extraction.services.labels import conventions

# The newest labelled documents that candidates are compared with, and the newest labels of people that a student's
# answers are compared with.
MOST_LABELLED, MOST_JUDGED = 4000, 5000

# A document by its primary key and a field by its name.
_Pair = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Gathered:
    candidates: list[Candidate]
    labelled: list[Labelled]


def gather(project: Project, documents: Collection[int]) -> Gathered:
    """`documents`, by primary key, as candidates, and the labelled others; without those that have no layout yet."""
    said, right, mistakes = _said(project), _right(project), _mistakes(project)
    wanted = set(documents)
    rows = DocumentLayout.objects.filter(project=project, document__state=Document.State.READY)
    rows = rows.exclude(document__review=Document.Review.REJECTED).order_by("-document")
    candidates, labelled = [], list[Labelled]()
    for pk, vector, legibility in rows.values_list("document", "vector", "legibility"):
        about = said.get(pk)
        if pk in wanted:
            candidates.append(Candidate(pk, bytes(vector), legibility, about.doubt if about else None))
        elif about and about.learned and len(labelled) < MOST_LABELLED:
            labelled.append(Labelled(bytes(vector), right.get(pk), mistakes.get(pk)))
    return Gathered(candidates, labelled)


@dataclass(frozen=True, slots=True)
class _Said:
    """`doubt`: the mean over all fields (0–1) of how unsure the best label is, 1 for none. `learned`: whether a student
    learns from one of the labels."""

    doubt: float
    learned: bool


def _said(project: Project) -> Mapping[int, _Said]:
    """By document that has any label."""
    sure = Case(
        When(by_people=True, then=Value(1.0)),
        default=Coalesce("confidence", Value(1 - UNKNOWN)),
        output_field=FloatField(),
    )
    learned = Q(label__source__in=label_sources.names(learned_from=True))
    rows = BestLabel.objects.filter(project=project).values("document").order_by()
    rows = rows.annotate(sure=Sum(sure), learned=Count("pk", filter=learned))
    fields = len(project.schema.fields)
    return {
        pk: _Said(max(0.0, 1 - sure / fields), bool(learned))
        for pk, sure, learned in rows.values_list("document", "sure", "learned")
    }


def _right(project: Project) -> Mapping[int, float]:
    """How probably the assessed labels of a document are right, their mean."""
    rows = LabelQuality.objects.filter(project=project).values("label__document").order_by()
    return dict(rows.annotate(mean=Avg("probability")).values_list("label__document", "mean"))


def _mistakes(project: Project) -> Mapping[int, float]:
    """How wrong students were on documents that people labelled, where it is known: by answers that they gave before,
    and by what the serving one said against labels that it was trained or validated on. A mistake counts half, and a
    sure one whole."""
    people = {(row.document_id, row.field): row.label for row in _judged(project)}
    fields = Counter(document for document, _ in people)
    known = dict(_contradicted(project, people)) | dict(_answered(project, people))
    wrong: dict[int, float] = defaultdict(float)
    for (document, _), weight in known.items():
        wrong[document] += weight
    return {document: total / fields[document] for document, total in wrong.items()}


def _judged(project: Project) -> list[BestLabel]:
    rows = BestLabel.objects.filter(project=project, by_people=True, label__unseen=False).select_related("label")
    return list(rows.order_by("-document")[:MOST_JUDGED])


def _answered(project: Project, people: Mapping[_Pair, Label]) -> Iterator[tuple[_Pair, float]]:
    """Of each field that a student answered and a person, 0 where both say the same."""
    printed = conventions.of(project)
    rows = Label.objects.filter(document__in={pk for pk, _ in people}, source=Source.STUDENT, withdrawn=False)
    newest = {(row.document_id, row.field): row for row in rows.order_by("pk").only(*_COMPARED)}
    for pair, answer in newest.items():
        if (said := people.get(pair)) is not None:
            same = answer.value == said.value or is_right(project.schema[pair[1]], answer.value, said.value, printed)
            yield pair, 0.0 if same else _weight(answer.confidence)


_COMPARED = ("document_id", "field", "value", "confidence")


def _contradicted(project: Project, people: Mapping[_Pair, Label]) -> Iterator[tuple[_Pair, float]]:
    """Of each field about which the serving student contradicts a person, by its label audit."""
    models = ModelVersion.objects.filter(project=project, stage=ModelVersion.Stage.PRODUCTION).select_related("run")
    model = models.first()
    audit = model.run.audit if model else None
    listed = [issue for issue in audit.listed if IssueReason.CONTRADICTED in issue.reasons] if audit else []
    hashes = {issue.document for issue in listed}
    keys = dict(project.documents.filter(sha256__in=hashes).values_list("sha256", "pk"))
    for issue in listed:
        pair = keys.get(issue.document, 0), issue.field
        if pair in people and issue.answer is not None:
            yield pair, _weight(issue.answer.confidence)


def _weight(confidence: float | None) -> float:
    return (1 + (confidence or 0.0)) / 2
