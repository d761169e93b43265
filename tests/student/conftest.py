"""One tiny student, trained once for all tests that only read it."""

from pathlib import Path

import pytest

from extraction.domain.training import CurvePoint, TrainingResult
from tests.student.corpus import learn


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, TrainingResult, list[CurvePoint], list[str]]:
    """Its folder, the result, the points of the curve and the log."""
    folder = tmp_path_factory.mktemp("student") / "first"
    return folder, *learn(folder)
