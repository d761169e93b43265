"""Quality of the rows of a group, with bootstrap intervals over documents.

Cells are counted after each true row was paired with the answered one that is most like it. Of all the cells that are
right, substituted (another value), missing (not answered) or invented (not true), those that are not right are what is
left to do for a reviewer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np

from extraction.domain.evaluation.bootstrap import Drawing, Draws, Estimate, interval, ratios
from extraction.domain.evaluation.row_texts import Texts, anls_star, tree_accuracy
from extraction.domain.field_types import Conventions, normalize
from extraction.domain.field_types.readers.texts import clean
from extraction.domain.fields import Field
from extraction.domain.json_types import JsonObject
from extraction.domain.line_items.comparison import CellState, compare
from extraction.domain.line_items.rows import Row

NOTHING = Estimate(0.0, (0.0, 0.0))
PERFECT = Estimate(1.0, (1.0, 1.0))


@dataclass(frozen=True, slots=True)
class TableScore:
    """A group of one document. Counts are of rows and cells; `cells` those of each state."""

    anls_star: float
    nted: float
    true_rows: int
    answered_rows: int
    right_rows: int
    cells: Mapping[CellState, int]

    @property
    def right(self) -> bool:
        """Whether every row is right, and none missing or invented."""
        return self.true_rows == self.answered_rows == self.right_rows

    @property
    def corrections(self) -> int:
        """Cells that have to be changed, filled or cleared."""
        return sum(self.cells.values()) - self.cells[CellState.RIGHT]


@dataclass(frozen=True, slots=True)
class GroupScore:
    """A group over `n` documents. Every figure is a share from 0 to 1 but `corrections`, the number a document.

    Means over documents: `anls_star`, `nted` (tree-edit accuracy), `row_count_right` (documents with as many rows as
    are true) and `corrections` (cells to change, fill or clear). Over all rows or cells of the documents: `cell_f1`,
    `row_f1` and `work_left`, the share of cells that are not right among all that are true or answered. The less work
    is left, the better; where nothing is printed and nothing answered there is none.
    """

    n: int
    anls_star: Estimate
    nted: Estimate
    cell_f1: Estimate
    row_f1: Estimate
    row_count_right: Estimate
    work_left: Estimate
    corrections: Estimate

    @classmethod
    def of(cls, tables: Sequence[TableScore], draws: Drawing = Draws) -> Self:
        """Of at least one document."""
        parts, wholes = (np.array(each, dtype=float) for each in zip(*map(_figures, tables), strict=True))
        scores = ratios(parts, wholes, draws)
        empty = [NOTHING if name == "work_left" else PERFECT for name in FIGURES]
        return cls(len(tables), *(score or other for score, other in zip(scores, empty, strict=True)))

    def figure(self, name: str) -> Estimate:
        """One of `FIGURES`."""
        estimate: Estimate = getattr(self, name)
        return estimate

    def to_json(self) -> JsonObject:
        """Each figure with its interval beside it, such as `cell_f1` and `cell_f1_ci95`."""
        value: JsonObject = {"n": self.n}
        for name in FIGURES:
            value |= {name: self.figure(name).value, f"{name}_ci95": list(self.figure(name).ci95)}
        return value

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(value["n"], *(Estimate(value[name], interval(value[f"{name}_ci95"])) for name in FIGURES))


FIGURES = tuple(figure.name for figure in fields(GroupScore) if figure.name != "n")


def score_table(
    field: Field, truths: Sequence[Sequence[Row]], answer: Sequence[Row], conventions: Conventions
) -> TableScore:
    """A document's rows against those truths that they are most like, of at least one."""
    tables = [_table(field, truth, answer, conventions) for truth in truths]
    return max(tables, key=lambda table: (table.nted, table.anls_star))


def _table(field: Field, truth: Sequence[Row], answer: Sequence[Row], conventions: Conventions) -> TableScore:
    compared = compare(field, truth, answer, conventions)
    rows = compared.rows()
    texts = [_texts(field, row, conventions) for row in compared.truth]
    answered = [_texts(field, row, conventions) for row in compared.answer]
    return TableScore(
        anls_star=anls_star(texts, answered, compared.pairs),
        nted=tree_accuracy(texts, answered, compared.pairs),
        true_rows=len(compared.truth),
        answered_rows=len(compared.answer),
        right_rows=sum(row.right for row in rows),
        cells=Counter(state for row in rows for state in row.cells.values()),
    )


def _texts(field: Field, row: Row, conventions: Conventions) -> Texts:
    """The cells as they are compared: as printed, or where their field has a format in that."""
    texts = {}
    for part in field.fields:
        if text := row.get(part.name):
            normalized = None if part.as_printed else normalize(part, text, conventions=conventions)
            texts[part.name] = clean(normalized or text)
    return texts


def _figures(table: TableScore) -> tuple[list[float], list[float]]:
    """Of each of `FIGURES` what is summed over documents, and what that is divided by."""
    cells, rows = sum(table.cells.values()), table.true_rows + table.answered_rows
    right, substituted = table.cells[CellState.RIGHT], table.cells[CellState.SUBSTITUTED]
    figures: dict[str, tuple[float, float]] = {
        "anls_star": (table.anls_star, 1),
        "nted": (table.nted, 1),
        "cell_f1": (2 * right, cells + right + substituted),
        "row_f1": (2 * table.right_rows, rows),
        "row_count_right": (table.true_rows == table.answered_rows, 1),
        "work_left": (table.corrections, cells),
        "corrections": (table.corrections, 1),
    }
    return [figures[name][0] for name in FIGURES], [figures[name][1] for name in FIGURES]
