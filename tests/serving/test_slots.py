"""Turns: one at a time, a few wait, the rest is told at once."""

import threading

import pytest

from extraction.services.serving.slots import Busy, Turns


def test_turns_follow_each_other() -> None:
    turns = Turns(waiting=0, patience=1)
    with turns.take():
        pass
    with turns.take():
        pass


def test_where_nobody_may_wait_a_second_caller_is_refused_at_once() -> None:
    turns = Turns(waiting=0, patience=60)
    with turns.take(), pytest.raises(Busy, match="Too many files"), turns.take():
        pass


def test_nobody_waits_for_longer_than_patience() -> None:
    turns = Turns(waiting=1, patience=0.01)
    with turns.take(), pytest.raises(Busy, match="take too long"), turns.take():
        pass


def test_a_turn_that_fails_is_given_back() -> None:
    turns = Turns(waiting=0, patience=1)
    with pytest.raises(RuntimeError), turns.take():
        raise RuntimeError
    with turns.take():
        pass


def test_a_waiting_caller_gets_the_next_turn() -> None:
    turns = Turns(waiting=1, patience=10)
    order = []

    def second() -> None:
        with turns.take():
            order.append("second")

    with turns.take():
        waiting = threading.Thread(target=second)
        waiting.start()
        order.append("first")
    waiting.join(10)
    assert order == ["first", "second"]
