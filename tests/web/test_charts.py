"""Charts: round ticks, positions inside the frame, and descriptions for those who do not see them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.domain.learning.training import CurvePoint
from extraction.web import charts
from tests.support import builders

CURVE = [
    CurvePoint(0, 0, 2.4),
    CurvePoint(100, 60, 1.2, 0.41),
    CurvePoint(200, 120, 0.6, 0.9),
]


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [(0, 2.4, [0, 1, 2, 3]), (0, 200, [0, 50, 100, 150, 200]), (0, 0, [0, 0.25, 0.5, 0.75, 1])],
)
def test_ticks_are_round_numbers(low: float, high: float, ticks: list[float]) -> None:
    assert charts.nice_ticks(low, high) == ticks


@given(st.floats(0, 1e9), st.floats(1e-6, 1e9))
def test_ticks_hold_what_is_drawn(low: float, span: float) -> None:
    ticks = charts.nice_ticks(low, low + span)
    assert ticks == sorted(set(ticks))
    assert 2 <= len(ticks) <= 8
    # Far from zero numbers are further apart than a small part of the span.
    margin = max(1e-6 * span, 8 * math.ulp(low))
    assert ticks[0] <= low + margin
    assert ticks[-1] >= low + span - margin


def test_curve_starts_left_and_ends_right_inside_the_frame() -> None:
    chart = charts.loss_chart(CURVE)
    assert chart.path.startswith("M")
    assert [dot.x for dot in chart.dots] == sorted(dot.x for dot in chart.dots)
    assert chart.dots[0].x == chart.left
    assert chart.dots[-1].x == chart.right
    assert all(chart.top <= dot.y <= chart.bottom for dot in chart.dots)
    # Less loss is lower on the page, and SVG counts downwards.
    assert chart.dots[0].y < chart.dots[-1].y


def test_anls_is_drawn_on_the_whole_scale_and_only_where_it_was_measured() -> None:
    chart = charts.anls_chart(CURVE)
    assert [tick.label for tick in chart.y_ticks] == ["0 %", "25 %", "50 %", "75 %", "100 %"]
    assert [dot.label for dot in chart.dots] == ["Step 100: 41 %", "Step 200: 90 %"]
    assert chart.description == "From 41 % at step 100 to 90 % at step 200."


def test_no_points_make_an_empty_chart_with_axes() -> None:
    chart = charts.loss_chart([])
    assert (chart.path, chart.dots, chart.description) == ("", (), "Nothing was measured yet.")
    assert chart.x_ticks
    assert chart.y_ticks


def test_diverged_loss_is_left_out() -> None:
    chart = charts.loss_chart([*CURVE, CurvePoint(300, loss=math.nan), CurvePoint(400, loss=math.inf)])
    assert len(chart.dots) == 3


def test_a_long_curve_marks_its_end_only() -> None:
    chart = charts.loss_chart(CurvePoint(step, loss=1 / (step + 1)) for step in range(500))
    assert len(chart.dots) == 1
    assert chart.path.count("L") == 499


def test_intervals_stand_in_order_and_name_themselves() -> None:
    chart = charts.interval_chart(
        [builders.reported("recorded", "teacher", 0.8), builders.reported("small", "student", 0.7)], ["total"]
    )
    teacher, student = chart.intervals
    assert teacher.low < teacher.x < teacher.high <= chart.right
    assert teacher.y < student.y < chart.bottom
    assert (teacher.css, student.css) == ("series-1", "series-2")
    assert student.label == "total, small: 70 %, between 60 % and 80 %"


def test_a_field_that_nobody_labelled_has_no_interval() -> None:
    chart = charts.interval_chart(
        [builders.reported("recorded", "teacher", 0.8, fields=["total"], n=0)], ["total", "date"]
    )
    assert chart.intervals == ()
    assert [name.label for name in chart.names] == ["total", "date"]


def test_the_axis_of_intervals_fits_its_points_and_says_of_what() -> None:
    systems = [builders.reported("recorded", "teacher", 0.85), builders.reported("small", "student", 0.8)]
    chart = charts.interval_chart(systems, ["total"])
    drawn = [place for interval in chart.intervals for place in (interval.low, interval.high)]
    assert chart.ticks[0].label != "0 %"
    assert all(chart.left <= place <= chart.right for place in drawn)
    assert max(drawn) - min(drawn) > 0.5 * (chart.right - chart.left)
    assert chart.x_label == "ANLS"


@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 0.96, 1.0])
def test_an_interval_of_no_width_has_an_axis(share: float) -> None:
    """As of a few documents that are all right, or all wrong."""
    system = builders.reported("small", "student", share, width=0)
    chart = charts.interval_chart([system], ["total"])
    assert len(chart.ticks) > 1
    assert all(chart.left <= place.low == place.x == place.high <= chart.right for place in chart.intervals)


@pytest.mark.parametrize("anls", [0.1, 0.5, 0.9])
def test_the_axis_of_intervals_stays_within_a_share(anls: float) -> None:
    chart = charts.interval_chart([builders.reported("small", "student", anls)], ["total"])
    assert all(0 <= float(tick.label.removesuffix(" %")) <= 100 for tick in chart.ticks)
    assert all(chart.left <= place.low <= place.high <= chart.right for place in chart.intervals)
