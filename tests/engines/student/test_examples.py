"""Examples in a file: each pass over them is the same, and nothing of them stays."""

from contextlib import ExitStack
from pathlib import Path

from extraction.engines.student.base import TrainingData
from extraction.engines.student.examples import Without, stored
from tests.support.tiny_student import EXAMPLES, SCHEMA


def test_what_changes_elsewhere_meanwhile_changes_no_pass(tmp_path: Path) -> None:
    train = EXAMPLES[:6]
    with stored(TrainingData(SCHEMA, train, EXAMPLES[6:8]), tmp_path) as data:
        del train[2:]
        assert [list(data.train), list(data.train)] == [EXAMPLES[:6]] * 2
        assert list(zip(data.train, data.train, strict=True)) == [(each, each) for each in EXAMPLES[:6]]
        assert (len(data.train), list(data.validation)) == (6, EXAMPLES[6:8])


def test_a_kill_leaves_nothing_of_them(tmp_path: Path) -> None:
    with stored(TrainingData(SCHEMA, EXAMPLES[:6], EXAMPLES[6:8]), tmp_path / "checkpoint") as data:
        assert list(data.train) == EXAMPLES[:6]
        # What the kernel finds in the folder when it ends the process.
        assert list((tmp_path / "checkpoint").iterdir()) == []


def test_an_attempt_that_ends_late_takes_nothing_from_the_next_one(tmp_path: Path) -> None:
    given = TrainingData(SCHEMA, EXAMPLES[:6], EXAMPLES[6:8])
    with ExitStack() as late, stored(given, tmp_path) as data:
        late.enter_context(stored(given, tmp_path))
        late.close()
        assert (list(data.train), list(data.validation)) == (EXAMPLES[:6], EXAMPLES[6:8])


def test_some_can_be_left_out() -> None:
    left = Without(EXAMPLES[:5], {0, 3})
    assert (len(left), list(left)) == (3, [EXAMPLES[1], EXAMPLES[2], EXAMPLES[4]])
