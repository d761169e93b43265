"""Quality of answers: ANLS, exact and normalised exact match of flat fields, and figures of groups, with intervals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Self

import numpy as np

from extraction.domain.evaluation.bootstrap import (
    Drawing,
    Draws,
    Floats,
    Interval,
    interval,
    over,
    p_value,
    percentiles,
)
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
    """One field over `n` documents; every figure is a share from 0 to 1. What earlier versions stored has no interval
    of the exact answers."""

    n: int
    anls: float
    anls_ci95: Interval
    exact: float
    normalized_exact: float
    exact_ci95: Interval | None = None
    normalized_exact_ci95: Interval | None = None

    def to_json(self) -> JsonObject:
        return {
            "n": self.n,
            "anls": self.anls,
            "anls_ci95": list(self.anls_ci95),
            "exact": self.exact,
            "normalized_exact": self.normalized_exact,
            **_known_intervals(exact_ci95=self.exact_ci95, normalized_exact_ci95=self.normalized_exact_ci95),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        exact, meant = (_interval_of(value, name) for name in ("exact_ci95", "normalized_exact_ci95"))
        bounds = interval(value["anls_ci95"])
        return cls(value["n"], value["anls"], bounds, value["exact"], value["normalized_exact"], exact, meant)


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
    all_fields_ci95: Interval | None = None

    def to_json(self) -> JsonObject:
        """As the command `evaluate` prints it; `from_json` restores an equal evaluation."""
        groups = {name: score.to_json() for name, score in self.groups.items()}
        return {
            "documents": self.documents,
            "mean_anls": self.mean_anls,
            "mean_anls_ci95": list(self.mean_anls_ci95),
            "all_fields": self.all_fields,
            **_known_intervals(all_fields_ci95=self.all_fields_ci95),
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
            _interval_of(value, "all_fields_ci95"),
        )


@dataclass(frozen=True, slots=True)
class PairedDifference:
    """The lead of `left` over `right` on the same `documents`, of mean ANLS and of the share of documents with every
    field right, with 95 % intervals and p-values (`bootstrap.p_value`; earlier versions stored none)."""

    left: str
    right: str
    documents: int
    mean_anls: float
    mean_anls_ci95: Interval
    all_fields: float
    all_fields_ci95: Interval
    mean_anls_p: float | None = None
    all_fields_p: float | None = None

    def reversed(self) -> PairedDifference:
        """The lead of `right` over `left`."""
        (low, high), (least, most) = self.mean_anls_ci95, self.all_fields_ci95
        return PairedDifference(
            self.right,
            self.left,
            self.documents,
            -self.mean_anls,
            (-high, -low),
            -self.all_fields,
            (-most, -least),
            self.mean_anls_p,
            self.all_fields_p,
        )

    def to_json(self) -> JsonObject:
        p_values = {"mean_anls_p": self.mean_anls_p, "all_fields_p": self.all_fields_p}
        return {
            "left": self.left,
            "right": self.right,
            "documents": self.documents,
            "mean_anls": self.mean_anls,
            "mean_anls_ci95": list(self.mean_anls_ci95),
            "all_fields": self.all_fields,
            "all_fields_ci95": list(self.all_fields_ci95),
            **{name: value for name, value in p_values.items() if value is not None},
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        intervals = {name: interval(value[name]) for name in ("mean_anls_ci95", "all_fields_ci95")}
        return cls(**{**value, **intervals})


class Sheet:
    """Scores of one system, a document after the other; of its answers nothing is kept."""

    def __init__(self, schema: Schema, conventions: Conventions = UNKNOWN) -> None:
        self.schema, self._conventions = schema, conventions
        self._flat, self._groups = flat(schema), groups(schema)
        self._scores: list[Floats] = []
        self._tables: dict[str, list[TableScore | None]] = {group.name: [] for group in self._groups}
        self._labelled = 0

    @classmethod
    def of(cls, schema: Schema, rows: Iterable[Row], conventions: Conventions = UNKNOWN) -> Self:
        sheet = cls(schema, conventions)
        for row in rows:
            sheet.add(row)
        return sheet

    def add(self, row: Row) -> Floats:
        """Score a document; measure (ANLS, exact, normalised exact) × flat field, NaN where there is no truth."""
        truths, predictions = row
        scores = np.full((3, len(self._flat.names)), np.nan)
        for column, part in enumerate(self._flat.fields):
            if accepted := truths.get(part.name):
                scores[:, column] = _score(part, accepted, predictions.get(part.name), self._conventions)
        self._scores.append(scores)
        for group in self._groups:
            accepted, answer = truths.get(group.name) or (), predictions.get(group.name)
            self._tables[group.name].append(_table_score(group, accepted, answer, self._conventions))
        self._labelled += any(truths.get(name) for name in self.schema.names)
        return scores

    @property
    def flat(self) -> Floats:
        """Measure × document × flat field; documents without any truth there are left out."""
        table = np.array(self._scores).reshape(len(self._scores), 3, len(self._flat.names)).swapaxes(0, 1)
        return table[:, ~np.isnan(table[0]).all(axis=1)]

    @property
    def grouped(self) -> Floats:
        """The same of the groups, by ANLS*; a group is right where all its rows are."""
        return _of_groups(self._tables, len(self._scores))

    @property
    def decisive(self) -> Floats:
        """What systems are compared by: the flat fields, or the groups where no flat field has a truth."""
        table = self.flat
        return table if table.size else self.grouped

    @property
    def compared(self) -> list[bool]:
        """Of each document that was added whether `decisive` has it."""
        known = [not bool(np.isnan(scores[0]).all()) for scores in self._scores]
        if any(known):
            return known
        return [any(tables) for tables in zip(*self._tables.values(), strict=True)]

    def evaluation(self, draws: Drawing = Draws) -> Evaluation:
        """The figures over all documents."""
        flat_table = self.flat
        table = flat_table if flat_table.size else self.grouped
        if not table.size:
            return Evaluation(0, 0.0, (0.0, 0.0), 0.0, {})
        scores, exact, meant = table
        whole = np.nanmin(meant, axis=1, keepdims=True)
        drawn = draws(len(scores)).means(np.hstack([scores, exact, meant, whole]))
        mean_bounds, all_bounds = percentiles(np.column_stack([over(drawn[:, : scores.shape[1]]), drawn[:, -1]]))
        return Evaluation(
            documents=self._labelled,
            mean_anls=_mean(scores),
            mean_anls_ci95=mean_bounds,
            all_fields=float(whole.mean()),
            fields=_fields(self._flat.names, flat_table, drawn) if flat_table.size else {},
            groups={
                name: GroupScore.of(known, draws)
                for name, column in self._tables.items()
                if (known := [table for table in column if table])
            },
            all_fields_ci95=all_bounds,
        )


def evaluate(schema: Schema, rows: Iterable[Row], *, conventions: Conventions = UNKNOWN, seed: int = 0) -> Evaluation:
    """Score predictions against truths.

    A row holds, for one document, every accepted truth of each field (`None`: not on the document) and the predictions.
    A field without truths is not scored in that document; a missing prediction counts as empty. What is compared is the
    printed value where the field's format is "as printed", else the normalised one.
    """
    return Sheet.of(schema, rows, conventions).evaluation(partial(Draws, seed=seed))


def difference(left: tuple[str, Sheet], right: tuple[str, Sheet], draws: Drawing = Draws) -> PairedDifference | None:
    """Of two systems, by name, whose sheets have the same documents and truths; `None` where nothing is scored."""
    (first, _, exact), (second, _, other) = left[1].decisive, right[1].decisive
    if not first.size:
        return None
    lead = first - second
    whole = np.nanmin(exact, axis=1, keepdims=True) - np.nanmin(other, axis=1, keepdims=True)
    drawn = draws(len(lead)).means(np.hstack([lead, whole]))
    leads = over(drawn[:, :-1]), drawn[:, -1]
    bounds = percentiles(np.column_stack(leads))
    p_values = [p_value(each) for each in leads]
    return PairedDifference(
        left[0], right[0], len(lead), _mean(lead), bounds[0], float(whole.mean()), bounds[1], *p_values
    )


def flat_anls(schema: Schema, rows: Sequence[Row], conventions: Conventions) -> Floats:
    """ANLS, document × flat field; NaN where there is no truth, documents without any are left out."""
    scores: Floats = Sheet.of(schema, rows, conventions).flat[0]
    return scores


def group_anls(schema: Schema, rows: Sequence[Row], conventions: Conventions) -> Floats:
    """ANLS*, document × group, otherwise as `flat_anls`."""
    scores: Floats = Sheet.of(schema, rows, conventions).grouped[0]
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
    scores: Floats = Sheet.of(schema, rows, conventions).decisive[0]
    return scores


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


def _mean(scores: Floats) -> float:
    """Of the means of the columns that have any score."""
    return float(np.nanmean(scores[:, ~np.isnan(scores).all(axis=0)], axis=0).mean())


def _score(
    field: Field, truths: Sequence[str | None], prediction: FieldValue | None, conventions: Conventions
) -> tuple[float, float, float]:
    """ANLS, exact and normalised exact, each the best over the truths."""
    answer = _scored(field, prediction, conventions)
    accepted = [_in_format(field, truth, conventions) for truth in truths]
    if answer in accepted:  # most are, and reading an amount or date takes a hundred times as long
        return 1.0, 1.0, 1.0
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


def _fields(names: Sequence[str], table: Floats, drawn: Floats) -> dict[str, FieldScore]:
    """Of the fields that have any truth; `drawn` has the columns of ANLS, exact and normalised exact of all fields."""
    fields, count = {}, len(names)
    for column, name in enumerate(names):
        measures = table[:, ~np.isnan(table[0, :, column]), column]
        if measures.size:
            score, exact, meant = (float(each.mean()) for each in measures)
            bounds = percentiles(drawn[:, [column, count + column, 2 * count + column]])
            fields[name] = FieldScore(measures.shape[1], score, bounds[0], exact, meant, bounds[1], bounds[2])
    return fields


def _known_intervals(**intervals: Interval | None) -> JsonObject:
    return {name: list(bounds) for name, bounds in intervals.items() if bounds is not None}


def _interval_of(value: Mapping[str, Any], name: str) -> Interval | None:
    return interval(value[name]) if name in value else None
