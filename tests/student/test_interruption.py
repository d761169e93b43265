"""A run that is cancelled or killed loses little and goes on."""

from pathlib import Path

import pytest

from extraction.domain.progress import Cancelled
from extraction.student.predictor import Predictor
from extraction.student.rounds import last_checkpoint
from tests.student.corpus import learn, slip


class Until:
    """A progress that asks to stop once `steps` training steps are done."""

    def __init__(self, steps: int) -> None:
        self.steps, self.done, self.seen = steps, 0, 0

    def report(self, done: int, total: int, message: str = "") -> None:
        if message.startswith("Training"):
            self.done, self.seen = done, self.seen + 1

    def cancelled(self) -> bool:
        return self.done >= self.steps


def test_cancelled_at_the_next_step(tmp_path: Path) -> None:
    progress = Until(3)
    with pytest.raises(Cancelled):
        learn(tmp_path, progress)
    assert progress.done == 3
    assert not (tmp_path / "student.json").exists()


def test_an_interrupted_run_goes_on_from_its_checkpoint_to_the_same_end(tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        learn(tmp_path / "broken", Until(25), epochs=5)
    broken = last_checkpoint(tmp_path / "broken" / "checkpoint")
    assert broken is not None
    assert broken.name == "checkpoint-20"
    # What a process that is killed while it writes leaves behind.
    (broken.parent / "checkpoint-24").mkdir()
    progress = Until(10_000)
    _, points, lines = learn(tmp_path / "broken", progress, epochs=5)
    assert any("Going on from step 20" in line for line in lines)
    assert progress.seen == 25
    assert points[0]["step"] > 20
    learn(tmp_path / "whole", epochs=5)
    there = slip(5)[0]
    one, other = (Predictor(tmp_path / name).predict([there]) for name in ("broken", "whole"))
    assert {name: answer.value for name, answer in one.items()} == {
        name: answer.value for name, answer in other.items()
    }
