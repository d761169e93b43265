"""Targets of a group: tags of its cells, and of where its rows begin and go on.

Unknown is not negative: where a cell is printed but was not found, its field has no weight in the row's lines, and
where a row was not found, nothing has a weight between the rows around it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from extraction.domain.field_types import Conventions
from extraction.domain.line_items.alignment import PlacedRow, align_rows
from extraction.domain.line_items.decoding import BEGIN, INSIDE
from extraction.domain.line_items.rows import Row, rows_of
from extraction.domain.pages import Span
from extraction.engines.student.base import Example
from extraction.engines.student.layout.inference.featurizer import Tokens
from extraction.engines.student.layout.inference.outputs import GroupOutputs

# A group of which a smaller share of the rows was found teaches nothing.
FOUND = 0.5
# The weight of all of a group's outputs together, in flat fields: ten columns must not drown four fields.
WORTH = 5.0

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class RowTargets:
    """`tags` (int64) and `token_weight` (float32) are `[fields + 1, tokens]`, the last of them for the rows; `weight`
    is 0 where the label is unknown or was not found."""

    tags: Ints
    token_weight: NDArray[np.float32]
    weight: float


def row_targets(group: GroupOutputs, example: Example, tokens: Tokens, conventions: Conventions) -> RowTargets:
    """The targets of the group's label in the example, whose pages have these tokens."""
    size = len(group.all)
    result = RowTargets(
        np.zeros((size, len(tokens)), dtype=np.int64), np.ones((size, len(tokens)), dtype=np.float32), 0.0
    )
    rows = rows_of(group.field, example.labels[group.field.name]) if group.field.name in example.labels else None
    if rows is None:
        return result
    placed = align_rows(group.field, rows, example.pages, conventions)
    if rows and sum(row is not None for row in placed) < FOUND * len(rows):
        return result
    lines = _lines(example, tokens)
    for number, (row, place) in enumerate(zip(rows, placed, strict=True)):
        if place is None:
            result.token_weight[:, _between(placed, number, lines)] = 0
        else:
            _mark(result, group, row, place, tokens, lines)
    return RowTargets(result.tags, result.token_weight, example.weight_of(group.field.name) * min(WORTH / size, 1.0))


def _mark(result: RowTargets, group: GroupOutputs, row: Row, place: PlacedRow, tokens: Tokens, lines: Ints) -> None:
    first, last = place.lines
    band = (first <= lines) & (lines <= last)
    marked: list[int] = []
    for column, part in enumerate(group.field.fields):
        if part.name in place.cells:
            run = _tokens(place.cells[part.name], tokens)
            result.tags[column, run] = INSIDE
            result.tags[column, run[:1]] = BEGIN
            marked += run
        elif row.get(part.name, "unknown") is not None:
            result.token_weight[column, band] = 0
    if marked:
        result.tags[-1, min(marked) : max(marked) + 1] = INSIDE
        result.tags[-1, min(marked)] = BEGIN


def _tokens(spans: Sequence[Span], tokens: Tokens) -> list[int]:
    return [int(token) for span in spans for token in tokens.within(span)]


def _lines(example: Example, tokens: Tokens) -> Ints:
    """The number of each token's printed line among those of the whole document, int64 `[tokens]`."""
    numbers: dict[tuple[int, int], int] = {}
    for number, page in enumerate(example.pages):
        for line in page.lines:
            numbers[number, page.words[line[0]].line] = len(numbers)
    printed = zip(tokens.page, tokens.word, strict=True)
    return np.array([numbers[page, example.pages[page].words[word].line] for page, word in printed], dtype=np.int64)


def _between(placed: Sequence[PlacedRow | None], number: int, lines: Ints) -> NDArray[np.bool_]:
    """The tokens between the rows that were found before and after row `number`."""
    before = [row.lines[1] for row in placed[:number] if row]
    after = [row.lines[0] for row in placed[number:] if row]
    inside: NDArray[np.bool_] = (lines > max(before, default=-1)) & (lines < min(after, default=len(lines) + 1))
    return inside
