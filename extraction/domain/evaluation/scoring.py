"""Quality of answers: ANLS, exact and normalised exact match, with bootstrap intervals.

Definitions: Biten et al., *Scene Text Visual Question Answering*, 2019 (ANLS); Peer et al., *ANLS\\**, 2024 (groups).
"""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np
from anls_star import anls_score
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from extraction.domain.field_types import UNKNOWN, Conventions, normalize, same
from extraction.domain.field_types.readers.texts import alike
from extraction.domain.fields import Field, Schema
from extraction.domain.json_types import JsonObject
from extraction.domain.prediction import FieldValue

TAU = 0.5
RESAMPLES = 2000
# Values of one list times those of another, and levels of lists and objects, up to which rows are matched: the time
# grows with the first and doubles with the second.
MOST_PAIRS, DEEPEST_ROWS = 250_000, 6
# Numbers drawn at once: 32 MB.
BLOCK = 4_000_000

Answer = str | list[Any] | None
Interval = tuple[float, float]
Row = tuple[Mapping[str, Sequence[str | None]], Mapping[str, FieldValue]]
Floats = NDArray[np.float64]


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
        interval = _interval(value["anls_ci95"])
        return cls(value["n"], value["anls"], interval, value["exact"], value["normalized_exact"])


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A system over `documents` documents that have a truth. `mean_anls` is the mean over the fields.

    Without any document all figures are 0 and `fields` is empty.
    """

    documents: int
    mean_anls: float
    mean_anls_ci95: Interval
    all_fields: float
    fields: dict[str, FieldScore]

    def to_json(self) -> JsonObject:
        """As the command `evaluate` prints it; `from_json` restores an equal evaluation."""
        return {
            "documents": self.documents,
            "mean_anls": self.mean_anls,
            "mean_anls_ci95": list(self.mean_anls_ci95),
            "all_fields": self.all_fields,
            "fields": {name: score.to_json() for name, score in self.fields.items()},
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Restore what `to_json` wrote; other keys are ignored."""
        return cls(
            value["documents"],
            value["mean_anls"],
            _interval(value["mean_anls_ci95"]),
            value["all_fields"],
            {name: FieldScore.from_json(score) for name, score in value["fields"].items()},
        )


def _interval(value: Sequence[float]) -> Interval:
    low, high = value
    return low, high


def nls(a: Answer, b: Answer) -> float:
    """Normalised Levenshtein similarity, 0–1, without regard to what makes no difference between texts: case, runs of
    white space, invisible characters, Unicode composition, the kinds of dashes and quotation marks.

    Two empty answers score 1, one empty answer 0. Lists (groups) score by ANLS*, `a` being the truth; those that are
    too long or deep to match each row with each are compared as texts.
    """
    if isinstance(a, list) or isinstance(b, list):
        (size, depth), (other, deep) = _extent(a), _extent(b)
        if size * other <= MOST_PAIRS and max(depth, deep) <= DEEPEST_ROWS:
            score: Any = anls_score(_leaves(a) or None, _leaves(b) or None)
            return float(score)
        a, b = (json.dumps(each) if isinstance(each, list) else each for each in (a, b))
    first, second = _plain(a), _plain(b)
    if not first or not second:
        return float(first == second)
    return 1 - float(Levenshtein.distance(first, second)) / max(len(first), len(second))


def anls(a: Answer, b: Answer, tau: float = TAU) -> float:
    """`nls`, where less than `tau` counts 0; for lists ANLS* as it is, whose threshold is 0.5 for every leaf."""
    similarity = nls(a, b)
    return similarity if isinstance(a, list) or isinstance(b, list) or similarity >= tau else 0.0


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
        intervals = {name: _interval(value[name]) for name in ("mean_anls_ci95", "all_fields_ci95")}
        return cls(**{**value, **intervals})


def evaluate(schema: Schema, rows: Sequence[Row], *, conventions: Conventions = UNKNOWN, seed: int = 0) -> Evaluation:
    """Score predictions against truths.

    A row holds, for one document, every accepted truth of each field (`None`: not on the document) and the predictions.
    A field without truths is not scored in that document; a missing prediction counts as empty. What is compared is the
    printed value where the field's format is "as printed", else the normalised one.
    """
    table = _table(schema, rows, conventions)
    if not table.shape[1]:
        return Evaluation(0, 0.0, (0.0, 0.0), 0.0, {})
    return _summary(schema.names, table, seed)


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
        (scores, np.nanmin(meant, axis=1, keepdims=True))
        for scores, _, meant in (_table(schema, rows, conventions) for _, rows in (left, right))
    )
    if not len(first):
        return None
    lead, whole = first - second, exact - other
    mean = float(np.nanmean(lead[:, ~np.isnan(lead).all(axis=0)], axis=0).mean())
    intervals = _intervals(lead, seed)[-1], _intervals(whole, seed)[-1]
    return PairedDifference(left[0], right[0], len(lead), mean, intervals[0], float(whole.mean()), intervals[1])


def _table(schema: Schema, rows: Sequence[Row], conventions: Conventions) -> Floats:
    """Measure × document × field, NaN where there is no truth; documents without any truth are left out."""
    names = schema.names
    table = np.full((3, len(rows), len(names)), np.nan)
    for place, (truths, predictions) in enumerate(rows):
        for column, name in enumerate(names):
            if accepted := truths.get(name):
                table[:, place, column] = _score(schema[name], accepted, predictions.get(name), conventions)
    return table[:, ~np.isnan(table[0]).all(axis=1)] if rows else table


def paired_bootstrap(a: Sequence[float], b: Sequence[float], *, seed: int = 0) -> tuple[float, float, float]:
    """The lead of `a` over `b` on the same documents: mean difference and its 95 % interval.

    Raises `ValueError` where the two differ in length or are empty.
    """
    if len(a) != len(b) or not a:
        raise ValueError("A paired comparison needs the same documents, at least one, on both sides.")
    difference = np.asarray(a, dtype=float) - np.asarray(b, dtype=float)
    low, high = _intervals(difference[:, None], seed)[0]
    return float(difference.mean()), low, high


def _extent(value: object) -> tuple[int, int]:
    """How many values a list holds, with those inside them and with lists and objects, and on how many levels."""
    count = depth = 0
    level = [value]
    while level:
        count, depth = count + len(level), depth + 1
        level = [inner for each in level for inner in _inside(each)]
    return count, depth


def _inside(value: object) -> Iterable[object]:
    if isinstance(value, Mapping):
        return value.values()
    return value if isinstance(value, list) else ()


def _leaves(value: Any) -> Any:
    """The value with its texts as they are compared."""
    if isinstance(value, Mapping):
        return {key: _leaves(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_leaves(inner) for inner in value]
    return _plain(value) if isinstance(value, str) else value


def _plain(text: str | None) -> str:
    return alike(text or "")


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


def _summary(names: Sequence[str], table: Floats, seed: int) -> Evaluation:
    """`table`: measure × document × field, NaN where there is no truth."""
    scores, exact, meant = table
    *field_intervals, mean_interval = _intervals(scores, seed)
    fields = {}
    for column, name in enumerate(names):
        scored = ~np.isnan(scores[:, column])
        if scored.any():
            fields[name] = FieldScore(
                int(scored.sum()),
                float(scores[scored, column].mean()),
                field_intervals[column],
                float(exact[scored, column].mean()),
                float(meant[scored, column].mean()),
            )
    return Evaluation(
        documents=len(scores),
        mean_anls=statistics.fmean(score.anls for score in fields.values()),
        mean_anls_ci95=mean_interval,
        all_fields=float(np.nanmin(meant, axis=1).mean()),
        fields=fields,
    )


def _intervals(scores: Floats, seed: int) -> list[Interval]:
    """95 % percentile intervals of every column's mean and of the mean over the columns, resampling documents."""
    documents = len(scores)
    known = ~np.isnan(scores)
    filled = np.where(known, scores, 0.0)
    generator = np.random.default_rng(seed)
    block = max(1, BLOCK // documents)
    means = []
    for start in range(0, RESAMPLES, block):
        size = min(block, RESAMPLES - start)
        counts = generator.multinomial(documents, np.full(documents, 1 / documents), size=size)
        weights = counts @ known.astype(float)
        # A column that a resample misses altogether has no mean there.
        means.append(np.where(weights > 0, counts @ filled / np.maximum(weights, 1), np.nan))
    drawn = np.concatenate(means)
    scored = drawn[:, known.any(axis=0)]
    drawn = np.column_stack([np.nan_to_num(drawn), np.nanmean(scored, axis=1)])
    low, high = np.percentile(drawn, [2.5, 97.5], axis=0)
    return [(float(a), float(b)) for a, b in zip(low, high, strict=True)]
