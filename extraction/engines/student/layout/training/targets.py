"""What a student should say of a document, made from labels: tags of tokens, places where values begin, options."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from extraction.domain.alignment import Occurrence, align
from extraction.domain.field_types import DayOrder, normalize
from extraction.domain.fields import Field, Schema
from extraction.engines.student.layout.config import Example
from extraction.engines.student.layout.inference.featurizer import Tokens
from extraction.engines.student.layout.inference.postprocessing import chosen, pointed

OUTSIDE, BEGIN, INSIDE = 0, 1, 2
NO_OPTION = 0
# A text printed twice is learned in both places where both fit nearly equally well.
NEARLY = 0.03
# Of several places of the same amount the student may choose: each is taught with less force.
ONE_OF_SEVERAL = 0.5

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Targets:
    """For one document: `tags` and `force` `[fields, tokens]` (tag and weight of each token), `begins` `[fields,
    tokens]` (correct beginnings), `weight` `[fields]` (0: unknown, teaches nothing), `options` `[choices]` (1 + option,
    0: not on the document) with `option_weight` `[choices]`."""

    tags: NDArray[np.int64]
    force: Floats
    begins: NDArray[np.bool_]
    weight: Floats
    options: NDArray[np.int64]
    option_weight: Floats

    @property
    def teaches(self) -> bool:
        return bool(self.weight.any() or self.option_weight.any())


def targets(schema: Schema, example: Example, tokens: Tokens, day_order: DayOrder) -> Targets:
    """A label that is not found on the pages teaches nothing, save a choice, which need not be printed."""
    fields, choices = pointed(schema), chosen(schema)
    shape = (len(fields), len(tokens))
    made = Targets(
        np.zeros(shape, dtype=np.int64),
        np.ones(shape, dtype=np.float32),
        np.zeros(shape, dtype=np.bool_),
        np.zeros(len(fields), dtype=np.float32),
        np.zeros(len(choices), dtype=np.int64),
        np.zeros(len(choices), dtype=np.float32),
    )
    for row, field in enumerate(fields):
        _mark(made, row, field, example, tokens, day_order)
    for row, field in enumerate(choices):
        _choose(made, row, field, example, day_order)
    return made


def _mark(made: Targets, row: int, field: Field, example: Example, tokens: Tokens, day_order: DayOrder) -> None:
    if field.name not in example.labels:
        return
    value = example.labels[field.name]
    if value is None:
        made.weight[row] = example.weight_of(field.name)
        return
    runs = _runs(field, align(field, value, example.pages, day_order=day_order), tokens)
    for run in runs:
        made.tags[row, run[1:]] = INSIDE
        made.force[row, run] = ONE_OF_SEVERAL if len(runs) > 1 else 1.0
    for run in runs:
        made.tags[row, run[0]] = BEGIN
        made.begins[row, run[0]] = True
    if runs:
        made.weight[row] = example.weight_of(field.name)


def _runs(field: Field, found: Sequence[Occurrence], tokens: Tokens) -> list[list[int]]:
    """The tokens of each correct occurrence."""
    if not field.kind.typed:
        found = [place for place in found if place.score >= found[0].score - NEARLY]
    runs = [[int(token) for span in place.spans for token in tokens.within(span)] for place in found]
    return [run for run in runs if run]


def _choose(made: Targets, row: int, field: Field, example: Example, day_order: DayOrder) -> None:
    if field.name not in example.labels:
        return
    value = example.labels[field.name]
    option = None if value is None else normalize(field, value, day_order=day_order)
    if value is not None and option is None:
        return
    made.options[row] = NO_OPTION if option is None else 1 + field.options.index(option)
    made.option_weight[row] = example.weight_of(field.name)
