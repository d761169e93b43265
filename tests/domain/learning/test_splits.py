"""Documents fall into the same parts everywhere, in the right shares."""

import hashlib

from extraction.domain.learning.splits import held_out, split_of

HASHES = [hashlib.sha256(str(number).encode()).hexdigest() for number in range(5000)]


def test_shares() -> None:
    splits = [split_of(value) for value in HASHES]
    assert 0.78 < splits.count("train") / len(HASHES) < 0.82
    assert 0.08 < splits.count("validation") / len(HASHES) < 0.12
    assert 0.08 < splits.count("test") / len(HASHES) < 0.12


def test_a_tenth_of_train_is_held_out() -> None:
    train = [value for value in HASHES if split_of(value) == "train"]
    assert 0.08 < sum(map(held_out, train)) / len(train) < 0.12


def test_the_rule_never_changes() -> None:
    assert split_of("00" * 32) == "train"
    assert split_of("d9" * 32) == "validation"
    assert split_of("ff" * 32) == "test"
    assert held_out("ff" * 4 + "00" * 28)
    assert not held_out("00" * 4 + "ff" * 28)
