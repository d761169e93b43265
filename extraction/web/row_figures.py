"""Figures of a group's rows as pages show them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy

from extraction.domain.evaluation.line_items import GroupScore
from extraction.services import figures

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

# In the order of columns; `corrections` is no share.
TITLES: Mapping[str, _StrOrPromise] = {
    "cell_f1": gettext_lazy("Cell F1"),
    "row_f1": gettext_lazy("Row F1"),
    "row_count_right": gettext_lazy("Right number of rows"),
    "nted": gettext_lazy("Tree-edit accuracy"),
    "anls_star": "ANLS*",
    "work_left": gettext_lazy("Work left"),
    "corrections": gettext_lazy("Corrections"),
}
EXPLANATIONS: Mapping[str, _StrOrPromise] = {
    "cell_f1": gettext_lazy("Cells that are right, of those printed and of those answered"),
    "row_f1": gettext_lazy("Rows with every cell right, of those printed and of those answered"),
    "row_count_right": gettext_lazy("Share of documents with as many rows as are printed"),
    "nted": gettext_lazy("How little of the table has to be edited, its order included"),
    "anls_star": gettext_lazy("How alike the texts of the rows are"),
    "work_left": gettext_lazy("Cells that have to be changed, filled or cleared, of all; less is better"),
    "corrections": gettext_lazy("Cells that have to be changed, filled or cleared, a document"),
}


@dataclass(frozen=True, slots=True)
class RowFigure:
    """A figure with its interval, written for people; both empty where it was not measured."""

    title: _StrOrPromise
    explanation: _StrOrPromise
    value: str
    interval: str


def row_figures(score: GroupScore | None, *names: str) -> list[RowFigure]:
    """Those of `names`, else all."""
    return list(_figures(score, names or tuple(TITLES)))


def _figures(score: GroupScore | None, names: tuple[str, ...]) -> Iterator[RowFigure]:
    for name in names:
        value = interval = ""
        if score is not None:
            estimate = score.figure(name)
            value = _written(name, estimate.value, 1)
            interval = " – ".join(_written(name, bound, 0) for bound in estimate.ci95)
        yield RowFigure(TITLES[name], EXPLANATIONS[name], value, interval)


def _written(name: str, figure: float, digits: int) -> str:
    return figures.decimal(figure, 1) if name == "corrections" else figures.percent(figure, digits)
