"""Pacing: a budget lasts to the end of the month, goes to the largest gains, and is never overdrawn."""

from __future__ import annotations

import hashlib
import random
from datetime import UTC, datetime, timedelta

import pytest

from extraction.domain.escalation.pacing import Gains, month_end, month_start, pace

NOW = datetime(2026, 11, 1, tzinfo=UTC)
PRICE = 0.01


def sha(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()


def month(budget: float, a_day: int, gains: list[float], *, known: Gains | None = None) -> list[tuple[int, float]]:
    """A month's traffic, evenly spread: the day and gain of each document that is escalated."""
    held, spent, escalated = known or Gains(), 0.0, []
    for number, gain in enumerate(gains):
        now = NOW + timedelta(days=number / a_day)
        held = held.plus(gain, now)
        left = budget - spent
        if left >= PRICE and pace(held, left=left, price=PRICE, now=now).takes(gain, sha(number)):
            spent += PRICE
            escalated.append((number // a_day, gain))
    return escalated


@pytest.mark.parametrize("gains", ["spread", "equal", "falling"])
def test_a_budget_lasts_and_is_used(gains: str) -> None:
    draw = random.Random(7)
    drawn = {
        "spread": lambda _: draw.random() ** 2,
        "equal": lambda _: 0.3,
        # Traffic that gets easier: what was a small gain is a large one in the end.
        "falling": lambda number: draw.random() * (1 - number / 3500),
    }[gains]
    found = month(3.0, 100, [drawn(number) for number in range(3000)])
    assert 240 <= len(found) <= 300
    # The last third of the month is not left without.
    assert sum(day >= 20 for day, _ in found) >= 50


def test_the_largest_gains_get_it() -> None:
    draw = random.Random(3)
    gains = [draw.random() for _ in range(3000)]
    found = month(3.0, 100, gains)
    best = sum(sorted(gains)[-len(found) :])
    assert sum(gain for _, gain in found) > 0.95 * best


def test_money_for_all_takes_all_and_money_for_none_takes_none() -> None:
    assert len(month(100.0, 10, [0.1] * 300)) == 300
    assert month(0.0, 10, [0.9] * 300) == []
    assert pace(Gains(), left=0, price=0, now=NOW).takes(0.1, sha(1))


def test_what_was_a_month_ago_counts_less() -> None:
    held = Gains()
    for _ in range(100):
        held = held.plus(0.5, NOW)
    later = held.at(NOW + timedelta(days=30))
    assert later.documents == pytest.approx(100 / 2.71828, rel=1e-3)
    # A clock that goes backwards changes nothing.
    assert later.at(NOW).documents == pytest.approx(later.documents)


def test_its_json_is_exact() -> None:
    held = Gains().plus(0.25, NOW).plus(0.0, NOW).plus(99.0, NOW)
    assert Gains.from_json(held.to_json()) == held
    assert Gains.from_json(Gains().to_json()) == Gains()


def test_months_end_where_the_next_begin() -> None:
    for now in (NOW, datetime(2026, 12, 31, 23, 59, tzinfo=UTC), datetime(2028, 2, 29, tzinfo=UTC)):
        assert month_start(now) <= now < month_end(now)
        assert month_end(now).day == 1
