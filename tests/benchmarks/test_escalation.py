"""The benchmark of escalation: what it counts, on receipts of a line each, and that missing data are one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from benchmarks.base import MissingData, Setting
from benchmarks.catalogue import find
from benchmarks.labels import escalation, sources
from benchmarks.labels.escalation import Escalated
from benchmarks.labels.sources import RECORDED, RULES, Labels, Receipt, Stated
from benchmarks.quality import student, training_cache
from extraction.domain.field_types import UNKNOWN
from extraction.domain.prediction import FieldValue
from extraction.domain.progress import Silent
from extraction.engines.student.base import Example
from tests.support.page_builders import page

TOTALS = [f"{number}.50" for number in range(1, 11)]
RECEIPTS = [
    Receipt(total, (page(f"Total {total}"),), {RECORDED: {"total": Stated(total)}, RULES: {}}, {"total": total})
    for total in TOTALS
]
DEV = [Example(total, receipt.pages, {"total": total}) for total, receipt in zip(TOTALS, RECEIPTS, strict=True)]


class Trained:
    """Wrong about the first two receipts, and unsure there."""

    def answers(self, examples: Sequence[Example]) -> list[dict[str, FieldValue]]:
        wrong = {example.id: example.id in TOTALS[:2] for example in examples}
        return [
            {"total": FieldValue(None if wrong[example.id] else example.id, None, 0.2 if wrong[example.id] else 0.97)}
            for example in examples
        ]


def test_the_gap_is_closed_by_the_doubtful_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def trained(trainings: Sequence[Any], *_: object) -> list[Trained]:
        return [Trained() for _ in trainings]

    monkeypatch.setattr(sources, "labels", lambda *_: Labels(RECEIPTS, UNKNOWN))
    monkeypatch.setattr(student, "examples", lambda *_: DEV)
    monkeypatch.setattr(training_cache, "trained_students", trained)
    monkeypatch.setattr(student, "data", dict)
    [table] = escalation.run(Setting(tmp_path), Silent())
    # Each receipt once by the student that did not learn from it, of both parts; then each seed on one part.
    cross_fitted, *by_rules = [row[:3] for row in table.rows]
    assert cross_fitted == ("the teacher, cross-fitted", None, 20)
    assert by_rules == [("rules", seed, 10) for seed in range(3)]
    for row in table.rows:
        figures = dict(zip(table.columns[3:7], row[3:7], strict=True))
        assert figures == pytest.approx(
            {"student ANLS": 0.8, "teacher ANLS": 1.0, "10% escalated": 0.9, "20% escalated": 1.0}
        )
        # By gain half of the gap, then all of it; at random a tenth and a fifth.
        assert row[-4:] == pytest.approx((0.5, 0.1, 1.0, 0.2))


def test_no_student_is_asked_about_what_it_learned_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(student, "data", dict)
    setting = Setting(tmp_path)
    folds = [{example.id for example in escalation._fold(DEV, number, setting).examples()} for number in range(5)]
    for example in DEV:
        assert [example.id not in fold for fold in folds].count(True) == 1
        assert example.id not in folds[escalation._fold_of(example)]


def test_a_student_that_is_as_good_has_no_gap() -> None:
    found = Escalated([1.0, 0.5], [1.0, 0.5], [1.0, 0.5], [0.1, 0.2])
    assert escalation._figures(found, 0)[-4:] == (None,) * 4
    assert found.at(0.5) == [1.0, 0.5]


def test_missing_receipts_are_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KD_SROIE_DIR", str(tmp_path))
    with pytest.raises(MissingData, match=r"KD_SROIE_DIR.*\.$"):
        find("escalation").inputs(Setting(tmp_path))
