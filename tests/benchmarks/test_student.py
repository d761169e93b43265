"""The benchmarks of the student name what they depend on, and say so where the receipts are missing."""

from pathlib import Path

import pytest

from extraction.benchmarks import student
from extraction.benchmarks.base import MissingData, Setting
from extraction.benchmarks.catalogue import find
from extraction.domain.prediction import FieldValue
from extraction.student.config import Example
from tests.printing import page


@pytest.mark.parametrize("name", ["student", "speed"])
def test_missing_receipts_are_one_sentence(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KD_SROIE_DIR", str(tmp_path))
    with pytest.raises(MissingData, match=r"KD_SROIE_DIR.*\.$"):
        find(name).inputs(Setting(tmp_path))


def test_answers_are_counted_by_their_confidence() -> None:
    example = Example("a", (page("Total 3.30"),), {"total": "3.30", "company": "Shop"})
    answers = {"total": FieldValue("RM 3.30", "3.30", 0.97), "company": FieldValue("Ship", "Ship", 0.4)}
    assert student._calibration([example], [answers]) == [("0% to 50%", 1, 0.4, 0.0), ("95% to 100%", 1, 0.97, 1.0)]
