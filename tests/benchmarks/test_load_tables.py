"""Tables of the benchmarks that let many callers work: what their figures are taken from."""

from __future__ import annotations

import pytest

from benchmarks.speed import api, memory, pages
from benchmarks.speed.api import Call


def test_pages_are_compared_with_the_idle_ones() -> None:
    [row] = pages.table({"review": [0.1] * 20}, {"review": [0.2] * 10}, failed=3).rows
    assert row == ("review", 10, 0.1, 0.1, 0.2, 0.2, 2.0)


def test_memory_grows_from_the_second_tenth_to_the_last() -> None:
    growing = [50.0] * 10 + [100.0] * 80 + [110.0] * 10
    rows = memory.table(dict.fromkeys(memory.PARTS, growing), 1000, failed=0).rows
    assert rows[0] == ("web server", 100.0, 110.0, pytest.approx(10.0), 110.0)


def test_errors_other_than_503_are_counted() -> None:
    calls = [Call(1.0, 2, {"ocr": 500.0, "student": 40.0}), Call(1.0, 0, {}, 500)]
    row = api._row(4, calls, 2.0)
    assert row == (4, 2, 1.0, 1.0, 1.0, 1.0, 2, 1, 0.5, 0.04)
