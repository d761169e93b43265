"""Geometry of the pictures of trust: measured points with intervals, a curve, and a line to compare with.

`templates/reports/trust/_plot.html` turns a plot into SVG; the numbers behind it stand in a table beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext

from extraction.domain.trust.confidences import Bin, CoveragePoint
from extraction.domain.trust.learning_curve import LearningPoint
from extraction.services import figures
from extraction.web.charts import BROAD, PERCENT_TICKS, Tick, nice_ticks, path_of, percent, scale, share_ticks

Scale = Callable[[float], float]

HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 280, 62, 20, 12, 48


@dataclass(frozen=True, slots=True)
class Mark:
    """A measured point; `low` and `high` are the ends of its interval, equal without one."""

    x: float
    y: float
    low: float
    high: float
    label: str


@dataclass(frozen=True, slots=True)
class Plot:
    """`name` tells its markup from that of others; `guide` is a dashed line, `path` the curve, each empty for none."""

    name: str
    title: str
    description: str
    x_label: str
    y_label: str
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    guide: str = ""
    path: str = ""
    marks: tuple[Mark, ...] = ()
    width: int = BROAD
    height: int = HEIGHT
    left: int = LEFT
    right: int = BROAD - RIGHT
    bottom: int = HEIGHT - BOTTOM


def reliability(bins: Sequence[Bin]) -> Plot:
    """The share of right answers by confidence; on the dashed line confidences come true."""
    plot, across, up = _shares(PERCENT_TICKS, PERCENT_TICKS)
    marks = [
        Mark(across(each.confidence), up(each.right.share), up(each.right.ci95[0]), up(each.right.ci95[1]), _told(each))
        for each in bins
    ]
    return replace(
        plot,
        name="reliability",
        title=gettext("Right answers by confidence"),
        description="; ".join(mark.label for mark in marks) or gettext("Nothing was measured yet."),
        x_label=gettext("Confidence"),
        y_label=gettext("Right"),
        guide=path_of([(across(0.0), up(0.0)), (across(1.0), up(1.0))]),
        path=path_of((mark.x, mark.y) for mark in marks) if len(marks) > 1 else "",
        marks=tuple(marks),
    )


def coverage(curve: Sequence[CoveragePoint], accepted: float | None) -> Plot:
    """The share of right answers among the surest; `accepted` is the share (0–1) from a threshold on, with its mark."""
    y_values = share_ticks([point.right.share for point in curve])
    plot, across, up = _shares(PERCENT_TICKS, y_values)
    at = [point for point in curve if accepted is not None and point.coverage >= accepted - 1e-9][:1]
    marks = [Mark(across(p.coverage), up(p.right.share), up(p.right.share), up(p.right.share), _covered(p)) for p in at]
    return replace(
        plot,
        name="coverage",
        title=gettext("Right answers among the surest"),
        description="; ".join(map(_covered, (curve[0], curve[-1]))) if curve else gettext("Nothing was measured yet."),
        x_label=gettext("Share of the answers, the surest first"),
        y_label=gettext("Right"),
        path=path_of((across(point.coverage), up(point.right.share)) for point in curve) if len(curve) > 1 else "",
        marks=tuple(marks),
    )


def _shares(x_values: Iterable[float], y_values: Sequence[float]) -> tuple[Plot, Scale, Scale]:
    """An empty plot of shares with what turns a share into a position across and up."""
    across = scale(0.0, 1.0, LEFT, BROAD - RIGHT)
    up = scale(y_values[0], y_values[-1], HEIGHT - BOTTOM, TOP)
    plot = Plot(
        name="",
        title="",
        description="",
        x_label="",
        y_label="",
        x_ticks=tuple(Tick(across(value), percent(value)) for value in x_values),
        y_ticks=tuple(Tick(up(value), percent(value)) for value in y_values),
    )
    return plot, across, up


def _told(each: Bin) -> str:
    values = {
        "low": figures.percent(each.low, 0),
        "high": figures.percent(min(each.high, 1.0), 0),
        "right": figures.percent(each.right.share),
        "number": figures.whole(each.right.count),
    }
    return gettext("From %(low)s to %(high)s sure: %(right)s of %(number)s right") % values


def _covered(point: CoveragePoint) -> str:
    values = {"share": figures.percent(point.coverage), "right": figures.percent(point.right.share)}
    return gettext("Of the surest %(share)s %(right)s are right") % values


def learning(points: Sequence[LearningPoint], values: Sequence[float], x_label: str) -> Plot:
    """Quality of each model with its interval, against `values` of the same order."""
    x_values = nice_ticks(0.0, max(values, default=1.0))
    y_values = share_ticks([bound for point in points for bound in (*point.ci95, point.quality)])
    across = scale(x_values[0], x_values[-1], LEFT, BROAD - RIGHT)
    up = scale(y_values[0], y_values[-1], HEIGHT - BOTTOM, TOP)
    marks = [
        Mark(across(value), up(point.quality), up(point.ci95[0]), up(point.ci95[1]), _learned(point))
        for point, value in zip(points, values, strict=True)
    ]
    line = sorted((mark.x, mark.y) for mark in marks)
    return Plot(
        name="learning",
        title=gettext("Quality of the project's models"),
        description="; ".join(mark.label for mark in marks) or gettext("Nothing was measured yet."),
        x_label=x_label,
        y_label="ANLS",
        x_ticks=tuple(Tick(across(value), figures.decimal(value, 0)) for value in x_values),
        y_ticks=tuple(Tick(up(value), percent(value)) for value in y_values),
        path=path_of(line) if len(line) > 1 else "",
        marks=tuple(marks),
    )


def _learned(point: LearningPoint) -> str:
    values = {
        "model": point.model,
        "labels": figures.whole(point.labels),
        "quality": percent(point.quality),
        "low": percent(point.ci95[0]),
        "high": percent(point.ci95[1]),
    }
    return gettext("%(model)s, %(labels)s labels: %(quality)s, between %(low)s and %(high)s") % values
