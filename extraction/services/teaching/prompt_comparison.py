"""Comparison of two trials: their agreement, and their scores against labels of people and against claims."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from extraction.domain.evaluation.scoring import Evaluation, evaluate
from extraction.domain.field_types import Conventions, same
from extraction.domain.fields import Schema
from extraction.domain.prediction import FieldValue
from extraction.models import Document, Label, LabelRun, Project, Response, Source
from extraction.services.labels import conventions, ranking
from extraction.services.teaching import responses

Values = Mapping[str, FieldValue]
Labels = Mapping[int, Mapping[str, Label]]
Responses = Mapping[int, Sequence[Response]]


@dataclass(frozen=True, slots=True)
class Side:
    """One of two trials over the documents that both answered for.

    `reviewed` and `claimed` score it against people's labels and against claims, `None` where there are none.
    """

    run: LabelRun
    refusals: int
    malformed: int
    input_tokens: int
    output_tokens: int
    usd: float
    seconds: float
    reviewed: Evaluation | None
    claimed: Evaluation | None


@dataclass(frozen=True, slots=True)
class Difference:
    """A field for which two trials gave different answers; `right` is the label of a person, where there is one."""

    field: str
    first: str | None
    second: str | None
    right: Label | None


@dataclass(frozen=True, slots=True)
class Row:
    """A document about which two trials differ; `states` say of each side why it has no answers, if it has none."""

    document: Document
    states: tuple[str, str]
    differences: list[Difference]


@dataclass(frozen=True, slots=True)
class Comparison:
    """`agreement` is, by field, the share (0–1) of the `documents` for which both gave the same answer."""

    sides: tuple[Side, Side]
    documents: int
    agreement: Mapping[str, float]
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class _Basis:
    """Schema, conventions and true values, the same for both trials."""

    schema: Schema
    conventions: Conventions
    reviewed: Labels
    claimed: Labels

    def same(self, name: str, first: Values, second: Values) -> bool:
        return same(self.schema[name], text(first, name), text(second, name), conventions=self.conventions)

    def score(self, truths: Labels, values: Mapping[int, Values]) -> Evaluation | None:
        """A document without usable answers counts as all wrong."""
        rows = [
            ({name: [label.value] for name, label in truth.items() if name in self.schema}, values[pk])
            for pk, truth in truths.items()
            if pk in values
        ]
        evaluation = evaluate(self.schema, rows, conventions=self.conventions)
        return evaluation if evaluation.documents else None


def compare(project: Project, first: LabelRun, second: LabelRun) -> Comparison:
    """The comparison over the documents that both trials have responses for."""
    answers = _responses(first), _responses(second)
    both = sorted(set(answers[0]) & set(answers[1]))
    documents = project.documents.filter(pk__in=both).order_by("pk")
    basis = _Basis(
        project.schema,
        conventions.of(project),
        ranking.checked(documents),
        ranking.from_source(documents, Source.CLAIM),
    )
    values = _values(basis, answers[0], both), _values(basis, answers[1], both)
    return Comparison(
        (_side(basis, first, answers[0], values[0]), _side(basis, second, answers[1], values[1])),
        len(both),
        _agreement(basis, *values),
        list(_rows(basis, list(documents), answers, values)),
    )


def text(values: Values, name: str) -> str | None:
    return values[name].value if name in values else None


def state(rows: Sequence[Response]) -> str:
    """Why a document has not all answers, in a few words; empty where it has."""
    if any(row.refusal for row in rows):
        return gettext("Refused")
    return gettext("Off the format") if any(row.malformed for row in rows) else ""


def _responses(run: LabelRun) -> Responses:
    """The responses by document: one, or one for each field."""
    found = defaultdict[int, list[Response]](list)
    for row in run.responses.all():
        found[row.document_id].append(row)
    return found


def _values(basis: _Basis, answers: Responses, both: Sequence[int]) -> dict[int, Values]:
    return {
        pk: {
            name: FieldValue(
                answer.value, conventions.in_format(basis.schema[name], answer.value, basis.conventions, ())
            )
            for row in answers[pk]
            for name, answer in responses.answers(row).items()
            if name in basis.schema
        }
        for pk in both
    }


def _side(basis: _Basis, run: LabelRun, answers: Responses, values: Mapping[int, Values]) -> Side:
    rows = [row for pk in values for row in answers[pk]]
    return Side(
        run,
        refusals=sum(bool(row.refusal) for row in rows),
        malformed=sum(row.malformed for row in rows),
        input_tokens=sum(row.input_tokens for row in rows),
        output_tokens=sum(row.output_tokens for row in rows),
        usd=float(sum(row.usd for row in rows)),
        seconds=sum(row.seconds for row in rows),
        reviewed=basis.score(basis.reviewed, values),
        claimed=basis.score(basis.claimed, values),
    )


def _agreement(basis: _Basis, first: Mapping[int, Values], second: Mapping[int, Values]) -> dict[str, float]:
    if not first:
        return {}
    return {
        name: sum(basis.same(name, first[pk], second[pk]) for pk in first) / len(first) for name in basis.schema.names
    }


def _rows(
    basis: _Basis,
    documents: Sequence[Document],
    answers: Sequence[Responses],
    values: Sequence[Mapping[int, Values]],
) -> Iterator[Row]:
    for document in documents:
        first, second = (side[document.pk] for side in values)
        right = basis.reviewed.get(document.pk, {})
        differences = [
            Difference(name, text(first, name), text(second, name), right.get(name))
            for name in basis.schema.names
            if not basis.same(name, first, second)
        ]
        states = state(answers[0][document.pk]), state(answers[1][document.pk])
        if differences or any(states):
            yield Row(document, states, differences)
