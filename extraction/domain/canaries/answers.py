"""Answers of two versions to one document: the fields in which they differ, and by how much one is the better."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from extraction.domain.evaluation.bootstrap import Interval
from extraction.domain.evaluation.scoring import answer_anls
from extraction.domain.field_types import UNKNOWN, Conventions
from extraction.domain.fields import Schema
from extraction.domain.json_types import JsonObject
from extraction.domain.prediction import FieldValue
from extraction.domain.results.extraction import rounded_confidence


@dataclass(frozen=True, slots=True)
class VersionAnswer:
    """An answer as it is kept to be compared; as a `FieldValue` without its places."""

    value: str | None = None
    normalized: str | None = None
    confidence: float | None = None

    @classmethod
    def of(cls, answer: FieldValue) -> Self:
        return cls(answer.value, answer.normalized, rounded_confidence(answer.confidence))

    @property
    def as_field_value(self) -> FieldValue:
        return FieldValue(self.value, self.normalized, self.confidence)

    def same_as(self, other: VersionAnswer) -> bool:
        """Whether both are scored alike, whatever the truth is."""
        return (self.value or None, self.normalized) == (other.value or None, other.normalized)

    def to_json(self) -> JsonObject:
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(value["value"], value["normalized"], value["confidence"])


Answers = Mapping[str, VersionAnswer]
NOTHING = VersionAnswer()


def answers_from_json(value: Mapping[str, Any]) -> Answers:
    """By field."""
    return {name: VersionAnswer.from_json(answer) for name, answer in value.items()}


@dataclass(frozen=True, slots=True)
class FieldPair:
    """ANLS (0–1) of the answers of both versions for one field, by one truth."""

    field: str
    candidate: float
    serving: float


def differing(names: Sequence[str], candidate: Answers, serving: Answers) -> list[str]:
    """The fields of `names` whose answers may be scored differently. A missing answer is an empty one."""
    return [name for name in names if not candidate.get(name, NOTHING).same_as(serving.get(name, NOTHING))]


def scored(
    schema: Schema,
    names: Sequence[str],
    candidate: Answers,
    serving: Answers,
    truth: Mapping[str, str | None],
    conventions: Conventions = UNKNOWN,
) -> Iterator[FieldPair]:
    """Of the fields of `names` that have a truth."""
    for name in names:
        if name in truth and name in schema:
            first, second = (
                answer_anls(schema[name], truth[name], side.get(name, NOTHING).as_field_value, conventions)
                for side in (candidate, serving)
            )
            yield FieldPair(name, first, second)


def bounds(fields: int, differing: int, pairs: Sequence[FieldPair]) -> Interval:
    """Between which two values the lead of the candidate in the mean of `fields` fields is for one document: fields in
    which the two do not differ add 0, those that differ and have no truth between -1 and 1."""
    lead = sum(pair.candidate - pair.serving for pair in pairs)
    unknown = differing - len(pairs)
    return (lead - unknown) / fields, (lead + unknown) / fields
