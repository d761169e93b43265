"""Quality of answers: ANLS, exact and normalised exact match of flat fields, and figures of groups, with intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Self

import numpy as np

from extraction.domain.evaluation.bootstrap import Floats, Interval, interval, intervals
from extraction.domain.evaluation.line_items import GroupScore, TableScore, score_table
from extraction.domain.evaluation.similarity import Answer, anls, nls
from extraction.domain.field_types import UNKNOWN, Conventions, normalize, same
from extraction.domain.fields import Field, Schema
from extraction.domain.json_types import JsonObject
from extraction.domain.line_items.comparison import answered
from extraction.domain.line_items.rows import flat, groups, rows_of
from extraction.domain.prediction import FieldValue

Row = tuple[Mapping[str, Sequence[str | None]], Mapping[str, FieldValue]]


@dataclass(frozen=True, slots=True)
class FieldScore:
    """One field over `n` documents; every figure is a share from 0 to 1."""

    n: int
    anls: float
    anls_ci95: Interval
    exact: float
    normalized_exact: float

    def to_json(self) -> JsonObject:
        return {**asdict(self), "anls_ci95": list(self.anls_ci95)}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        bounds = interval(value["anls_ci95"])
        return cls(value["n"], value["anls"], bounds, value["exact"], value["normalized_exact"])


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A system over `documents` documents that have a truth. `fields` and `all_fields` are of flat fields alone, and
    `mean_anls` is the mean over these; `groups` are the figures of rows.

    Where no flat field has a truth, the mean is that of the groups' ANLS*, and `all_fields` the share of documents
    with every row right. Without any document all figures are 0, and `fields` and `groups` are empty.
    """

    documents: int
    mean_anls: float
    mean_anls_ci95: Interval
    all_fields: float
    fields: dict[str, FieldScore]
    groups: dict[str, GroupScore] = field(default_factory=dict)

    def to_json(self) -> JsonObject:
        """As the command `evaluate` prints it; `from_json` restores an equal evaluation."""
        groups = {name: score.to_json() for name, score in self.groups.items()}
        return {
            "documents": self.documents,
            "mean_anls": self.mean_anls,
            "mean_anls_ci95": list(self.mean_anls_ci95),
            "all_fields": self.all_fields,
            "fields": {name: score.to_json() for name, score in self.fields.items()},
            **({"groups": groups} if groups else {}),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Restore what `to_json` wrote; other keys are ignored. Earlier versions wrote no groups."""
        return cls(
            value["documents"],
            value["mean_anls"],
            interval(value["mean_anls_ci95"]),
            value["all_fields"],
            {name: FieldScore.from_json(score) for name, score in value["fields"].items()},
            {name: GroupScore.from_json(score) for name, score in value.get("groups", {}).items()},
        )


@dataclass(frozen=True, slots=True)
class PairedDifference:
    """The lead of `left` over `right` on the same `documents`, of mean ANLS and of the share of documents with every
    field right, with 95 % intervals."""

    left: str
    right: str
    documents: int
    mean_anls: float
    mean_anls_ci95: Interval
    all_fields: float
    all_fields_ci95: Interval

    def reversed(self) -> PairedDifference:
        """The lead of `right` over `left`."""
        (low, high), (least, most) = self.mean_anls_ci95, self.all_fields_ci95
        intervals = (-high, -low), (-most, -least)
        return PairedDifference(
            self.right, self.left, self.documents, -self.mean_anls, intervals[0], -self.all_fields, intervals[1]
        )

    def to_json(self) -> JsonObject:
        return {
            **asdict(self),
            "mean_anls_ci95": list(self.mean_anls_ci95),
            "all_fields_ci95": list(self.all_fields_ci95),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        intervals = {name: interval(value[name]) for name in ("mean_anls_ci95", "all_fields_ci95")}
        return cls(**{**value, **intervals})


def evaluate(schema: Schema, rows: Sequence[Row], *, conventions: Conventions = UNKNOWN, seed: int = 0) -> Evaluation:
    """Score predictions against truths.

    A row holds, for one document, every accepted truth of each field (`None`: not on the document) and the predictions.
    A field without truths is not scored in that document; a missing prediction counts as empty. What is compared is the
    printed value where the field's format is "as printed", else the normalised one.
    """
    table, tables = _table(flat(schema), rows, conventions), _tables(schema, rows, conventions)
    decisive = table if table.size else _of_groups(tables, len(rows))
    if not decisive.size:
        return Evaluation(0, 0.0, (0.0, 0.0), 0.0, {})
    *bounds, mean_bounds = intervals(decisive[0], seed)
    return Evaluation(
        documents=sum(any(truths.get(name) for name in schema.names) for truths, _ in rows),
        mean_anls=_mean(decisive[0]),
        mean_anls_ci95=mean_bounds,
        all_fields=float(np.nanmin(decisive[2], axis=1).mean()),
        fields=_fields(flat(schema).names, table, bounds) if table.size else {},
        groups={name: GroupScore.of(scored, seed) for name, column in tables.items() if (scored := _known(column))},
    )


def difference(
    schema: Schema,
    left: tuple[str, Sequence[Row]],
    right: tuple[str, Sequence[Row]],
    *,
    conventions: Conventions = UNKNOWN,
    seed: int = 0,
) -> PairedDifference | None:
    """Of two systems, by name, whose rows have the same documents and truths; `None` where nothing is scored."""
    (first, exact), (second, other) = (
        (scores, np.nanmin(meant, axis=1, keepdims=True) if scores.size else meant)
        for scores, _, meant in (_decisive(schema, rows, conventions) for _, rows in (left, right))
    )
    if not first.size:
        return None
    lead, whole = first - second, exact - other
    bounds = intervals(lead, seed)[-1], intervals(whole, seed)[-1]
    return PairedDifference(left[0], right[0], len(lead), _mean(lead), bounds[0], float(whole.mean()), bounds[1])


def flat_anls(schema: Schema, rows: Sequence[Row], conventions: Conventions) -> Floats:
    """ANLS, document × flat field; NaN where there is no truth, documents without any are left out."""
    scores: Floats = _table(flat(schema), rows, conventions)[0]
    return scores


def group_anls(schema: Schema, rows: Sequence[Row], conventions: Conventions) -> Floats:
    """ANLS*, document × group, otherwise as `flat_anls`."""
    scores: Floats = _of_groups(_tables(schema, rows, conventions), len(rows))[0]
    return scores


def answer_anls(
    field: Field, truth: str | None, answer: FieldValue | None, conventions: Conventions = UNKNOWN
) -> float:
    """ANLS of one answer, of a group's rows ANLS*; 0 where the truth of a group holds no rows that can be read."""
    if not field.kind.has_parts:
        return _score(field, [truth], answer, conventions)[0]
    scored = _table_score(field, [truth], answer, conventions)
    return scored.anls_star if scored else 0.0


def is_right(field: Field, truth: str | None, answer: FieldValue | None, conventions: Conventions = UNKNOWN) -> bool:
    """Whether an answer counts as normalised exact; of a group every row."""
    if not field.kind.has_parts:
        return bool(_score(field, [truth], answer, conventions)[2])
    scored = _table_score(field, [truth], answer, conventions)
    return bool(scored and scored.right)


def scored_forms(
    field: Field, truth: str | None, answer: FieldValue | None, conventions: Conventions = UNKNOWN
) -> tuple[str | None, str | None]:
    """Truth and answer in the form in which they are compared."""
    return _in_format(field, truth, conventions), _scored(field, answer, conventions)


def decisive_anls(schema: Schema, rows: Sequence[Row], conventions: Conventions) -> Floats:
    """What systems are compared by: that of the flat fields, else that of the groups."""
    scores: Floats = _decisive(schema, rows, conventions)[0]
    return scores


def _decisive(schema: Schema, rows: Sequence[Row], conventions: Conventions) -> Floats:
    """What systems are compared by: the flat fields, or the groups where no flat field has a truth."""
    table = _table(flat(schema), rows, conventions)
    return table if table.size else _of_groups(_tables(schema, rows, conventions), len(rows))


def _table(schema: Schema, rows: Sequence[Row], conventions: Conventions) -> Floats:
    """Measure × document × field, NaN where there is no truth; documents without any truth are left out."""
    names = schema.names
    table = np.full((3, len(rows), len(names)), np.nan)
    for place, (truths, predictions) in enumerate(rows):
        for column, name in enumerate(names):
            if accepted := truths.get(name):
                table[:, place, column] = _score(schema[name], accepted, predictions.get(name), conventions)
    return table[:, ~np.isnan(table[0]).all(axis=1)] if rows else table


def _tables(schema: Schema, rows: Sequence[Row], conventions: Conventions) -> dict[str, list[TableScore | None]]:
    """Scores by group, one a document, `None` where there is no truth."""
    return {
        group.name: [
            _table_score(group, truths.get(group.name) or (), predictions.get(group.name), conventions)
            for truths, predictions in rows
        ]
        for group in groups(schema)
    }


def _table_score(
    group: Field, truths: Sequence[str | None], prediction: FieldValue | None, conventions: Conventions
) -> TableScore | None:
    accepted = [rows for truth in truths if (rows := rows_of(group, truth)) is not None]
    return score_table(group, accepted, answered(group, prediction), conventions) if accepted else None


def _of_groups(tables: Mapping[str, Sequence[TableScore | None]], documents: int) -> Floats:
    """As `_table`; a group is right where all its rows are."""
    measured = [
        [(table.anls_star, table.right, table.right) if table else (np.nan,) * 3 for table in column]
        for column in tables.values()
    ]
    table = np.array(measured, dtype=float).reshape(len(tables), documents, 3).T
    return table[:, ~np.isnan(table[0]).all(axis=1)]


def _known(column: Sequence[TableScore | None]) -> list[TableScore]:
    return [table for table in column if table]


def _mean(scores: Floats) -> float:
    """Of the means of the columns that have any score."""
    return float(np.nanmean(scores[:, ~np.isnan(scores).all(axis=0)], axis=0).mean())


def _score(
    field: Field, truths: Sequence[str | None], prediction: FieldValue | None, conventions: Conventions
) -> tuple[float, float, float]:
    """ANLS, exact and normalised exact, each the best over the truths."""
    answer = _scored(field, prediction, conventions)
    accepted = [_in_format(field, truth, conventions) for truth in truths]
    similarity = max(nls(_parsed(field, truth), _parsed(field, answer)) for truth in accepted)
    meant = any(same(field, truth, answer, conventions=conventions) for truth in accepted)
    score = max(anls(_parsed(field, truth), _parsed(field, answer)) for truth in accepted)
    return score, float(similarity == 1), float(meant)


def _scored(field: Field, prediction: FieldValue | None, conventions: Conventions) -> str | None:
    """The form of the prediction that is scored; an answer that cannot be normalised is still an answer."""
    if prediction is None:
        return None
    return (
        prediction.value
        if field.as_printed
        else prediction.normalized or _in_format(field, prediction.value, conventions)
    )


def _in_format(field: Field, truth: str | None, conventions: Conventions) -> str | None:
    if truth is None or field.as_printed:
        return truth
    return normalize(field, truth, conventions=conventions) or truth


def _parsed(field: Field, answer: str | None) -> Answer:
    """The answer as it is compared: rows where the field's type has them."""
    return field.kind.to_json(answer) if answer else answer


def _fields(names: Sequence[str], table: Floats, bounds: Sequence[Interval]) -> dict[str, FieldScore]:
    """Of the fields that have any truth."""
    fields = {}
    for column, name in enumerate(names):
        scores, exact, meant = table[:, ~np.isnan(table[0, :, column]), column]
        if scores.size:
            means = float(scores.mean()), bounds[column], float(exact.mean()), float(meant.mean())
            fields[name] = FieldScore(scores.size, *means)
    return fields
