"""Evidence of a canary: figures of both versions from the documents that both have answered.

Documents on which both agree differ by exactly 0, whatever the truth is; of the others people check as many as they
like, and what they have not checked counts as the worst that it may be.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Avg

from extraction.domain.canaries.answers import Answers, FieldPair, answers_from_json, bounds, scored
from extraction.domain.canaries.verdicts import FieldFigures, Figures
from extraction.domain.evaluation.bootstrap import Interval
from extraction.domain.evaluation.sequences import mean_interval
from extraction.domain.field_types import Conventions
from extraction.domain.fields import Schema
from extraction.models import BestLabel, Canary, CanaryDocument, Document, Label, Project
from extraction.services.labels import conventions, ranking
from extraction.services.serving.canaries import lifecycle, recording

AGREED: Interval = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Difference:
    """A document in which the two differ: the fields, both's answers, scores by the truths that there are, and between
    which values the candidate's lead is."""

    fields: Sequence[str]
    candidate: Answers
    serving: Answers
    pairs: Sequence[FieldPair]
    bounds: Interval

    @property
    def checked(self) -> bool:
        return self.bounds[0] == self.bounds[1]


def figures(canary: Canary) -> Figures:
    """Figures of the documents compared so far; a fixed number of queries."""
    rows = canary.compared.filter(state=CanaryDocument.State.COMPARED)
    order = list(rows.order_by("pk").values_list("pk", flat=True))
    if not order:
        return Figures()
    found = _differences(canary)
    between = [found[pk].bounds if pk in found else AGREED for pk in order]
    checked = [each for each in found.values() if each.checked]
    share = len(found) / len(order)
    lead = sum(each.bounds[0] for each in checked) / len(checked) * share if checked else None
    names, taken = canary.project.schema.names, rows.aggregate(Avg("candidate_ms"), Avg("serving_ms"))
    return Figures(
        documents=len(order),
        differing=len(found),
        checked=len(checked),
        lead=lead if found else 0.0,
        ci95=mean_interval(*zip(*between, strict=True)),
        expected=sum(_expected(each) for each in found.values()) / len(names) / len(order),
        candidate_ms=taken["candidate_ms__avg"],
        serving_ms=taken["serving_ms__avg"],
        fields={name: _field(name, found.values()) for name in names},
    )


def unchecked(canary: Canary) -> dict[int, list[str]]:
    """Fields in which the two differ and that nobody has checked, by primary key of the document, in the order in which
    these came; a fixed number of queries."""
    rows = canary.compared.filter(state=CanaryDocument.State.COMPARED, differs=True)
    done = (Document.Review.ACCEPTED, Document.Review.REJECTED)
    waiting = rows.exclude(document=None).exclude(document__review__in=done).order_by("pk")
    people = BestLabel.objects.filter(document__in=rows.values("document"), by_people=True, label__unseen=False)
    checked = defaultdict[int, set[str]](set)
    for document, name in people.values_list("document", "field"):
        checked[document].add(name)
    left = {
        document: [name for name in names if name not in checked[document]]
        for document, names in waiting.values_list("document", "differing")
    }
    return {document: names for document, names in left.items() if names}


def on_labels_written(project: Project, documents: frozenset[int], **kwargs: Any) -> None:
    """Look again where one of the documents belongs to a canary that runs."""
    canary = lifecycle.running(project)
    if canary and documents.intersection(canary.compared.filter(differs=True).values_list("document", flat=True)):
        recording.ask_for_comparison(canary)


def _differences(canary: Canary) -> dict[int, Difference]:
    rows = canary.compared.filter(state=CanaryDocument.State.COMPARED, differs=True)
    truths = ranking.checked(Document.objects.filter(pk__in=rows.values("document")))
    schema, printed = canary.project.schema, conventions.of(canary.project)
    return {
        row.pk: _difference(schema, printed, row, truths.get(row.document_id or 0, {}))
        for row in rows.select_related("document")
    }


def _difference(schema: Schema, printed: Conventions, row: CanaryDocument, labels: Mapping[str, Label]) -> Difference:
    first, second = answers_from_json(row.candidate or {}), answers_from_json(row.serving or {})
    # Fields that were deleted since do not count.
    fields = [name for name in row.differing if name in schema]
    truth = {name: label.value for name, label in labels.items()}
    pairs = list(scored(schema, fields, first, second, truth, printed))
    rejected = row.document is not None and row.document.review == Document.Review.REJECTED
    between = AGREED if rejected else bounds(len(schema.names), len(fields), pairs)
    return Difference(fields, first, second, pairs, between)


def _expected(found: Difference) -> float:
    """By how many fields of the document the candidate should be the better by the confidences of both."""
    return sum(_confidence(found.candidate, name) - _confidence(found.serving, name) for name in found.fields)


def _confidence(answers: Answers, name: str) -> float:
    return (answers[name].confidence or 0.0) if name in answers else 0.0


def _field(name: str, found: Collection[Difference]) -> FieldFigures:
    columns = defaultdict[str, list[float]](list)
    differing = checked = 0
    for each in found:
        if name not in each.fields:
            continue
        differing += 1
        columns["candidate_confidence"].append(_confidence(each.candidate, name))
        columns["serving_confidence"].append(_confidence(each.serving, name))
        for pair in each.pairs:
            if pair.field == name:
                checked += 1
                columns["candidate"].append(pair.candidate)
                columns["serving"].append(pair.serving)
    means = {column: sum(values) / len(values) for column, values in columns.items()}
    return FieldFigures(differing, checked, **means)
