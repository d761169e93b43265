"""Examples in a file: each pass over them is the same, and nothing of them stays."""

from pathlib import Path

import pytest

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


def test_nothing_stays_of_a_training_that_fails(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), stored(TrainingData(SCHEMA, EXAMPLES[:6], []), tmp_path):
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_some_can_be_left_out() -> None:
    left = Without(EXAMPLES[:5], {0, 3})
    assert (len(left), list(left)) == (3, [EXAMPLES[1], EXAMPLES[2], EXAMPLES[4]])
