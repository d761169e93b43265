"""One tiny student, trained once for all tests that only read it."""

from pathlib import Path
from typing import Any

import pytest

from tests.student.corpus import learn


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any, list[Any], list[str]]:
    """Its folder, the result, the points of the curve and the log."""
    folder = tmp_path_factory.mktemp("student") / "first"
    return folder, *learn(folder)
