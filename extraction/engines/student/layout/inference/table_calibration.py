"""Calibration of rows: the probability that a cell, a row with all its cells, and a whole group are right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from extraction.domain.field_types import Conventions, normalize
from extraction.domain.json_types import JsonObject
from extraction.domain.line_items.matching import match, wrong_cells
from extraction.domain.line_items.rows import Row, rows_of, text_of
from extraction.domain.prediction import FieldValue, RowValue
from extraction.engines.student.layout.inference.calibration import Calibration, fit
from extraction.engines.student.layout.inference.postprocessing import logit
from extraction.engines.student.layout.inference.tables import (
    AGAINST,
    CELL_SIGNALS,
    ROW_SIGNALS,
    DecodedRow,
    DecodedTable,
)

GROUP_SIGNALS = ("worst_row", "mean_row", "adds_up", "does_not_add_up")


@dataclass(frozen=True)
class TableCalibration:
    """One calibration each for cells, rows and groups; that of groups takes the confidences of their rows."""

    cells: Calibration = field(default_factory=lambda: Calibration(signals=CELL_SIGNALS))
    rows: Calibration = field(default_factory=lambda: Calibration(signals=ROW_SIGNALS))
    groups: Calibration = field(default_factory=lambda: Calibration(signals=GROUP_SIGNALS))

    def apply(self, table: DecodedTable, conventions: Conventions) -> FieldValue:
        """The answer with confidences: `value` and `normalized` are JSON as in labels, `rows` have the cells."""
        name = table.field.name
        rows = tuple(self._row(name, row) for row in table.rows)
        text = text_of([_as_label(table, row) for row in table.rows]) if table.rows else None
        normalized = normalize(table.field, text, conventions=conventions) if text else None
        confidence = self.groups.confidence(name, _group_signals(table, [row.confidence or 0.0 for row in rows]))
        return FieldValue(text, normalized, confidence, (), rows, table.adds_up)

    def _row(self, name: str, row: DecodedRow) -> RowValue:
        cells = {
            part: FieldValue(
                cell.value.value,
                cell.value.normalized,
                self.cells.confidence(f"{name}.{part}", cell.signals),
                cell.value.spans,
            )
            for part, cell in row.cells.items()
        }
        return RowValue(cells, self.rows.confidence(name, row.signals), row.product)

    def to_json(self) -> JsonObject:
        return {"cells": self.cells.to_json(), "rows": self.rows.to_json(), "groups": self.groups.to_json()}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(
            Calibration.from_json(value["cells"], CELL_SIGNALS),
            Calibration.from_json(value["rows"], ROW_SIGNALS),
            Calibration.from_json(value["groups"], GROUP_SIGNALS),
        )


def fit_tables(labelled: Sequence[tuple[DecodedTable, str | None]], conventions: Conventions) -> TableCalibration:
    """Fitted on answers for validation documents with their labels. Right is a cell that means the same as that of the
    row which is most like its own, a row of such cells, and a group of such rows, none missing."""
    cells: list[tuple[str, NDArray[np.float64], bool]] = []
    rows: list[tuple[str, NDArray[np.float64], bool]] = []
    groups: list[tuple[DecodedTable, bool]] = []
    for table, label in labelled:
        truth = rows_of(table.field, label)
        if truth is None:
            continue
        answered = [_as_label(table, row) for row in table.rows]
        partner = {answer: truth[row] for row, answer in match(table.field, truth, answered, conventions)}
        right = []
        for number, row in enumerate(table.rows):
            wrong = wrong_cells(table.field, partner.get(number, {}), answered[number], conventions)
            unmatched = number not in partner
            cells += [
                (f"{table.field.name}.{part}", cell.signals, not unmatched and part not in wrong)
                for part, cell in row.cells.items()
            ]
            right.append(not unmatched and not wrong)
            rows.append((table.field.name, row.signals, right[-1]))
        groups.append((table, len(truth) == len(right) and all(right)))
    of_rows = fit(rows, ROW_SIGNALS, AGAINST)
    of_groups = [
        (
            table.field.name,
            _group_signals(table, [of_rows.confidence(table.field.name, row.signals) for row in table.rows]),
            right,
        )
        for table, right in groups
    ]
    return TableCalibration(
        fit(cells, CELL_SIGNALS, AGAINST), of_rows, fit(of_groups, GROUP_SIGNALS, ("does_not_add_up",))
    )


def _as_label(table: DecodedTable, row: DecodedRow) -> Row:
    return {
        part.name: row.cells[part.name].value.value if part.name in row.cells else None for part in table.field.fields
    }


def _group_signals(table: DecodedTable, confidences: Sequence[float]) -> NDArray[np.float64]:
    """`GROUP_SIGNALS`; a group without rows counts as sure as a coin."""
    odds = [logit(confidence) for confidence in confidences] or [0.0]
    return np.array([min(odds), float(np.mean(odds)), float(table.adds_up is True), float(table.adds_up is False)])
