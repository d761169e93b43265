"""A run counts in steps as long as there is time for all of them, else in time."""

import time
from pathlib import Path

import pytest
from transformers import TrainerControl, TrainerState, TrainingArguments

from extraction.engines.student.layout.training.pacing import Clock, PacingCallback


def test_with_time_to_spare_only_steps_count() -> None:
    for before in (0.0, 30.0, 55.0):
        assert Clock(limit=100, before=before, started=time.monotonic()).fraction(5, 10) == 0.5


def test_when_time_is_short_the_clock_counts() -> None:
    # A second a step and 95 steps to go: of 100 seconds 60 are for training, and half of these are gone.
    clock = Clock(limit=100, before=30, started=time.monotonic(), steps=5, first=time.monotonic() - 5)
    assert 0.49 < clock.fraction(5, 100) < 0.55
    assert clock.fraction(0, 100) == 0.0
    late = Clock(limit=100, before=90, started=time.monotonic(), steps=5, first=time.monotonic() - 5)
    assert late.fraction(5, 100) == 1.0


def test_what_went_before_the_training_is_no_part_of_it() -> None:
    # 60 seconds of 100 are for training, which began after 40: half of the 20 that were left are gone.
    clock = Clock(limit=100, before=50, started=time.monotonic(), steps=5, first=time.monotonic() - 5, begun=40)
    assert 0.49 < clock.fraction(5, 1000) < 0.55


def test_the_clock_never_counts_less_than_the_steps() -> None:
    clock = Clock(limit=100, before=10, started=time.monotonic(), steps=9, first=time.monotonic() - 5000)
    assert clock.fraction(9, 10) == 0.9


class Follower:
    """A progress that keeps what it hears."""

    def __init__(self) -> None:
        self.heard: list[tuple[int, int]] = []

    def report(self, done: int, total: int, message: str = "") -> None:
        self.heard.append((done, total))

    def cancelled(self) -> bool:
        return False


@pytest.mark.parametrize(("before", "steps"), [(100, 1000), (0, 7)])
def test_progress_is_full_at_the_end_by_time_or_by_steps(tmp_path: Path, before: float, steps: int) -> None:
    clock = Clock(limit=100, before=before, started=time.monotonic(), steps=6, first=time.monotonic() - 6)
    follower = Follower()
    callback = PacingCallback("Training", steps, clock, follower)
    arguments = TrainingArguments(output_dir=str(tmp_path), use_cpu=True)
    callback.on_step_end(arguments, TrainerState(global_step=7), TrainerControl())
    assert follower.heard == [(100, 100)]
