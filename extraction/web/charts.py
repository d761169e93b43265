"""Geometry of the charts that the server draws as SVG: plain numbers in, positions and labels out.

The templates `includes/_line_chart.html` and `includes/_interval_chart.html` turn a chart into markup; colours come
from CSS classes, so that light and dark need no second picture. Positions are pixels of the view box, in tenths.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext

from extraction.domain.escalation.curve import Curve
from extraction.domain.learning.training import CurvePoint
from extraction.domain.results.reports import ReportedSystem
from extraction.services import figures

WIDTH, HEIGHT = 360, 210
LEFT, RIGHT, TOP, BOTTOM = 50, 18, 12, 42
# Of the chart of intervals: its width, a system's row, a field's name, the free edge on both sides, the foot.
BROAD, ROW, NAME, EDGE, FOOT = 480, 17, 20, 22, 42
# Left of the cost–quality curve, whose labels are larger on phones.
BESIDE = 66
# The least part of the scale that the chart of intervals shows.
NARROWEST = 0.05
PERCENT_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, slots=True)
class Tick:
    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A measured point; `label` is read out and shown by the browser on hovering."""

    x: float
    y: float
    label: str


@dataclass(frozen=True, slots=True)
class LineChart:
    """One curve over steps. `path` is empty when there are fewer than two points."""

    title: str
    description: str
    x_label: str
    y_label: str
    css: str
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    path: str
    dots: tuple[Dot, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = HEIGHT - BOTTOM


@dataclass(frozen=True, slots=True)
class CostChart:
    """Accuracy by the share of documents escalated: by gain and at random, beside the teacher alone (at `teacher`),
    with the chosen point."""

    title: str
    description: str
    x_label: str
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    by_gain: str
    at_random: str
    teacher: float
    chosen: Dot
    width: int = BROAD
    height: int = HEIGHT
    left: int = BESIDE
    right: int = BROAD - RIGHT
    bottom: int = HEIGHT - BOTTOM


@dataclass(frozen=True, slots=True)
class Interval:
    """A value with its 95 % interval, on one row."""

    css: str
    y: float
    low: float
    x: float
    high: float
    label: str


@dataclass(frozen=True, slots=True)
class Measured:
    """A share from 0 to 1 with its 95 % interval; `name` is read out."""

    name: str
    value: float
    ci95: tuple[float, float]


@dataclass(frozen=True, slots=True)
class IntervalChart:
    """Several systems on several fields or parts, values from 0 to 1 as per cent; `x_label` says of what."""

    id: str
    title: str
    description: str
    x_label: str
    ticks: tuple[Tick, ...]
    names: tuple[Tick, ...]
    rules: tuple[float, ...]
    intervals: tuple[Interval, ...]
    height: int
    bottom: int
    width: int = BROAD
    left: int = EDGE
    right: int = BROAD - EDGE


def nice_ticks(low: float, high: float, count: int = 5) -> list[float]:
    """Round numbers, about `count` of them, from at most `low` to at least `high`."""
    if not high > low:
        low, high = min(low, 0.0), max(high, low + 1.0)
    rough = (high - low) / max(count - 1, 1)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(index * step, 10) for index in range(first, last + 1)]


def loss_chart(curve: Iterable[CurvePoint]) -> LineChart:
    """Training loss over steps, from zero up."""
    points = _points((point.step, point.loss) for point in curve)
    ticks = nice_ticks(0.0, max((y for _, y in points), default=1.0))
    return _line(gettext("Loss"), "loss", gettext("Loss"), points, ticks, _plain)


def anls_chart(curve: Iterable[CurvePoint]) -> LineChart:
    """Mean ANLS on the validation part over steps, on the whole scale from 0 to 100 %."""
    points = _points((point.step, point.anls) for point in curve)
    return _line(gettext("ANLS on validation"), "anls", "ANLS", points, PERCENT_TICKS, percent)


def interval_chart(systems: Sequence[ReportedSystem], fields: Sequence[str]) -> IntervalChart:
    """ANLS per field of each of `systems`, with its interval, on the part of the scale that these take up."""
    blocks = [
        (
            name,
            [
                Measured(f"{name}, {system.name}", score.anls, score.anls_ci95)
                if (score := system.score(name)) and score.n
                else None
                for system in systems
            ],
        )
        for name in fields
    ]
    title = gettext("ANLS of each field with its %(level)s interval") % {"level": figures.percent(0.95, 0)}
    return block_chart("intervals", title, blocks)


def block_chart(id: str, title: str, blocks: Sequence[tuple[str, Sequence[Measured | None]]]) -> IntervalChart:
    """Blocks by name, in each a row a series. `id` is the chart's on its page."""
    measured = [each for _, series in blocks for each in series if each]
    ticks = share_ticks([bound for each in measured for bound in (*each.ci95, each.value)])
    across = scale(ticks[0], ticks[-1], EDGE, BROAD - EDGE)
    block = NAME + ROW * max((len(series) for _, series in blocks), default=0)
    bottom = TOP + block * len(blocks)
    intervals = [
        _interval(index, each, across, TOP + block * row + NAME + ROW * (index + 0.5))
        for row, (_, series) in enumerate(blocks)
        for index, each in enumerate(series)
        if each
    ]
    return IntervalChart(
        id=id,
        title=title,
        description="; ".join(interval.label for interval in intervals),
        x_label="ANLS",
        ticks=tuple(Tick(across(value), percent(value)) for value in ticks),
        names=tuple(Tick(TOP + block * row + NAME - 5, name) for row, (name, _) in enumerate(blocks)),
        rules=tuple(float(TOP + block * row) for row in range(1, len(blocks))),
        intervals=tuple(intervals),
        height=bottom + FOOT,
        bottom=bottom,
    )


def cost_chart(curve: Curve, share: float) -> CostChart:
    """A curve that has points, on the part of the scale that they take up; `share` is the chosen one."""
    point = curve.at(share)
    values = [curve.teacher_accuracy, *(value for each in curve.points for value in (each.accuracy, each.random))]
    ticks = share_ticks(values)
    across, up = scale(0.0, 1.0, BESIDE, BROAD - RIGHT), scale(ticks[0], ticks[-1], HEIGHT - BOTTOM, TOP)
    first, last = curve.points[0], curve.points[-1]
    sentence = gettext("From %(start)s right without the teacher to %(end)s with it on every document.")
    return CostChart(
        title=gettext("Fields that are right, by the share of documents that go to the teacher"),
        description=sentence % {"start": percent(first.accuracy), "end": percent(last.accuracy)},
        x_label=gettext("Documents to the teacher"),
        x_ticks=tuple(Tick(across(value), percent(value)) for value in PERCENT_TICKS),
        y_ticks=tuple(Tick(up(value), percent(value)) for value in ticks),
        by_gain=path_of((across(each.share), up(each.accuracy)) for each in curve.points),
        at_random=path_of((across(each.share), up(each.random)) for each in (first, last)),
        teacher=up(curve.teacher_accuracy),
        chosen=Dot(across(point.share), up(point.accuracy), f"{percent(point.share)}: {percent(point.accuracy)}"),
    )


def path_of(points: Iterable[tuple[float, float]]) -> str:
    return "M" + " L".join(f"{x:g} {y:g}" for x, y in points)


def _points(rows: Iterable[tuple[int, float | None]]) -> list[tuple[float, float]]:
    """Steps with a measured value; a diverged loss is no number to draw."""
    return [(float(step), float(value)) for step, value in rows if value is not None and math.isfinite(value)]


def _line(
    title: str,
    css: str,
    y_label: str,
    points: Sequence[tuple[float, float]],
    y_values: Sequence[float],
    name: Callable[[float], str],
) -> LineChart:
    x_values = nice_ticks(0.0, max((x for x, _ in points), default=1.0))
    x_at = scale(x_values[0], x_values[-1], LEFT, WIDTH - RIGHT)
    y_at = scale(y_values[0], y_values[-1], HEIGHT - BOTTOM, TOP)
    dots = [Dot(x_at(x), y_at(y), _at(x, name(y))) for x, y in points]
    path = path_of((dot.x, dot.y) for dot in dots) if len(dots) > 1 else ""
    return LineChart(
        title=title,
        description=_summary(points, name),
        x_label=gettext("Training step"),
        y_label=y_label,
        css=css,
        x_ticks=tuple(Tick(x_at(value), _step(value)) for value in x_values),
        y_ticks=tuple(Tick(y_at(value), name(value)) for value in y_values),
        path=path,
        # Many points are a line already; only the last one is worth a mark.
        dots=tuple(dots if len(dots) <= 30 else dots[-1:]),
    )


def _summary(points: Sequence[tuple[float, float]], name: Callable[[float], str]) -> str:
    if not points:
        return gettext("Nothing was measured yet.")
    (first, start), (last, end) = points[0], points[-1]
    sentence = gettext("From %(start)s at step %(first)s to %(end)s at step %(last)s.")
    return sentence % {"start": name(start), "first": _step(first), "end": name(end), "last": _step(last)}


def _at(step: float, value: str) -> str:
    return gettext("Step %(step)s: %(value)s") % {"step": _step(step), "value": value}


def _step(step: float) -> str:
    return number_format(f"{step:g}" if step < 1e5 else f"{step:.0f}", force_grouping=True)


def share_ticks(values: Sequence[float]) -> list[float]:
    """Round shares around all `values`, within 0 to 1 where these are."""
    if not values:
        return list(PERCENT_TICKS)
    low, high = min(values), max(values)
    ticks = nice_ticks(min(low, 1 - NARROWEST), max(high, low + NARROWEST))
    return [tick for tick in ticks if min(low, 0.0) <= tick <= max(high, 1.0)]


def _interval(index: int, measured: Measured, across: Callable[[float], float], y: float) -> Interval:
    low, high = measured.ci95
    label = gettext("%(name)s: %(value)s, between %(low)s and %(high)s") % {
        "name": measured.name,
        "value": percent(measured.value),
        "low": percent(low),
        "high": percent(high),
    }
    return Interval(f"series-{index + 1}", round(y, 1), across(low), across(measured.value), across(high), label)


def scale(low: float, high: float, start: float, end: float) -> Callable[[float], float]:
    return lambda value: round(start + (value - low) / (high - low) * (end - start), 1)


def _plain(value: float) -> str:
    return number_format(f"{value:.3g}")


def percent(value: float) -> str:
    return figures.percent(value, 0 if f"{value * 100:.1f}".endswith(".0") else 1)
