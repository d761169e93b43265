"""Slots: one caller at a time, a few wait, the rest is refused at once."""

import threading

import pytest

from extraction.services.serving.slots import Busy, Slots


def test_callers_follow_each_other() -> None:
    slots = Slots(waiting=0, timeout=1)
    with slots.acquire():
        pass
    with slots.acquire():
        pass


def test_where_nobody_may_wait_a_second_caller_is_refused_at_once() -> None:
    slots = Slots(waiting=0, timeout=60)
    with slots.acquire(), pytest.raises(Busy, match="Too many files"), slots.acquire():
        pass


def test_nobody_waits_for_longer_than_the_timeout() -> None:
    slots = Slots(waiting=1, timeout=0.01)
    with slots.acquire(), pytest.raises(Busy, match="take too long"), slots.acquire():
        pass


def test_a_slot_is_free_again_after_a_failure() -> None:
    slots = Slots(waiting=0, timeout=1)
    with pytest.raises(RuntimeError), slots.acquire():
        raise RuntimeError
    with slots.acquire():
        pass


def test_a_waiting_caller_gets_the_slot_next() -> None:
    slots = Slots(waiting=1, timeout=10)
    order = []

    def second() -> None:
        with slots.acquire():
            order.append("second")

    with slots.acquire():
        waiting = threading.Thread(target=second)
        waiting.start()
        order.append("first")
    waiting.join(10)
    assert order == ["first", "second"]
