"""Targets of a document, made from its labels: tags of tokens, start positions of values, options of choices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from extraction.domain.alignment import Occurrence, align
from extraction.domain.field_types import Conventions, normalize
from extraction.domain.fields import Field, Schema
from extraction.engines.student.base import Example
from extraction.engines.student.layout.inference.featurizer import Tokens
from extraction.engines.student.layout.inference.outputs import (
    GroupOutputs,
    chosen,
    group_outputs,
    number_of_outputs,
    pointed,
)
from extraction.engines.student.layout.training.row_targets import RowTargets, row_targets

OUTSIDE, BEGIN, INSIDE = 0, 1, 2
NO_OPTION = 0
# A text printed twice has targets in both places, where their alignment scores differ by no more than this.
NEARLY = 0.03
# Token weight of a value that stands in several places, of which the student may choose one.
ONE_OF_SEVERAL = 0.5

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Targets:
    """Targets of one document.

    `tags`, `token_weight` and `starts` are `[outputs, tokens]`: tag, weight in the tagging loss, and whether a correct
    value starts there. `weight` is `[outputs]` (0: unknown, trains nothing); `start_weight` `[outputs]` is the same
    for flat fields, of whose places one is to be chosen, and 0 for those of groups. `options` `[choices]` are 1 +
    option (0: not on the document), with their `option_weight` `[choices]`.
    """

    tags: NDArray[np.int64]
    token_weight: Floats
    starts: NDArray[np.bool_]
    weight: Floats
    start_weight: Floats
    options: NDArray[np.int64]
    option_weight: Floats

    @property
    def has_weight(self) -> bool:
        """Whether anything can be trained on."""
        return bool(self.weight.any() or self.option_weight.any())

    @property
    def has_rows(self) -> bool:
        """Whether rows of a group can be trained on."""
        return bool((self.weight > self.start_weight).any())


def targets(schema: Schema, example: Example, tokens: Tokens, conventions: Conventions) -> Targets:
    """Targets of the example, whose pages have these tokens.

    A label that is not found on the pages trains nothing, except a choice, which need not be printed.
    """
    fields, choices = pointed(schema), chosen(schema)
    outputs = number_of_outputs(schema)
    shape = (outputs, len(tokens))
    result = Targets(
        np.zeros(shape, dtype=np.int64),
        np.ones(shape, dtype=np.float32),
        np.zeros(shape, dtype=np.bool_),
        np.zeros(outputs, dtype=np.float32),
        np.zeros(outputs, dtype=np.float32),
        np.zeros(len(choices), dtype=np.int64),
        np.zeros(len(choices), dtype=np.float32),
    )
    for row, field in enumerate(fields):
        _mark(result, row, field, example, tokens, conventions)
    result.start_weight[: len(fields)] = result.weight[: len(fields)]
    for group in group_outputs(schema):
        _mark_rows(result, group, row_targets(group, example, tokens, conventions))
    for row, field in enumerate(choices):
        _choose(result, row, field, example, conventions)
    return result


def _mark(result: Targets, row: int, field: Field, example: Example, tokens: Tokens, conventions: Conventions) -> None:
    if field.name not in example.labels:
        return
    value = example.labels[field.name]
    if value is None:
        result.weight[row] = example.weight_of(field.name)
        return
    runs = _runs(field, align(field, value, example.pages, conventions=conventions), tokens)
    for run in runs:
        result.tags[row, run[1:]] = INSIDE
        result.token_weight[row, run] = ONE_OF_SEVERAL if len(runs) > 1 else 1.0
    for run in runs:
        result.tags[row, run[0]] = BEGIN
        result.starts[row, run[0]] = True
    if runs:
        result.weight[row] = example.weight_of(field.name)


def _mark_rows(result: Targets, group: GroupOutputs, rows: RowTargets) -> None:
    result.tags[group.all], result.token_weight[group.all] = rows.tags, rows.token_weight
    result.weight[group.all] = rows.weight


def _runs(field: Field, occurrences: Sequence[Occurrence], tokens: Tokens) -> list[list[int]]:
    """Indices of the tokens of each correct occurrence."""
    if not field.kind.typed:
        occurrences = [place for place in occurrences if place.score >= occurrences[0].score - NEARLY]
    runs = [[int(token) for span in place.spans for token in tokens.within(span)] for place in occurrences]
    return [run for run in runs if run]


def _choose(result: Targets, row: int, field: Field, example: Example, conventions: Conventions) -> None:
    if field.name not in example.labels:
        return
    value = example.labels[field.name]
    option = None if value is None else normalize(field, value, conventions=conventions)
    if value is not None and option is None:
        return
    result.options[row] = NO_OPTION if option is None else 1 + field.options.index(option)
    result.option_weight[row] = example.weight_of(field.name)
