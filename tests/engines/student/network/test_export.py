"""What is written down for serving says what the trained student says, or is refused."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from extraction.engines.student.errors import Diverged, ExportError
from extraction.engines.student.layout.network import export
from extraction.engines.student.layout.training import trainer
from tests.support.tiny_student import EXAMPLES, learn

FEW: dict[str, Any] = {"train": EXAMPLES[:8], "validation": EXAMPLES[8:12], "epochs": 1}


@pytest.mark.parametrize("score", [0.1, np.nan])
def test_a_written_model_that_says_something_else_is_refused(
    score: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = export.logits

    def other(*given: object) -> tuple[list[np.ndarray], list[np.ndarray]]:
        tags, options = real(*given)  # type: ignore[arg-type]
        return [there + score for there in tags], options

    monkeypatch.setattr(export, "logits", other)
    with pytest.raises(ExportError, match=r"^The written model differs from the trained one by (0\.1|nan)\.$"):
        learn(tmp_path, **FEW)
    assert not (tmp_path / "student.json").exists()


def test_a_training_that_runs_away_stops_with_a_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = trainer.loss
    monkeypatch.setattr(trainer, "loss", lambda *given: real(*given) * np.inf)
    with pytest.raises(Diverged, match=r"smaller learning_rate \(now 0\.1\)\.$"):
        learn(tmp_path, **FEW, learning_rate=0.1)
    assert not (tmp_path / "student.json").exists()


def test_a_written_model_names_no_folder_of_the_machine(trained: tuple[Path, Any, Any, Any]) -> None:
    graph = (trained[0] / "model.onnx").read_bytes()
    assert b"site-packages" not in graph
    assert b".py" not in graph
    assert str(Path(__file__).parents[4]).encode() not in graph


def test_students_that_share_a_graph_are_written_as_if_each_had_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "_graphs", {})
    for folder, seed in (("first", 1), ("shared", 2)):
        learn(tmp_path / folder, **FEW, seed=seed)
    monkeypatch.setattr(export, "_graphs", {})
    learn(tmp_path / "own", **FEW, seed=2)
    first, shared, own = ((tmp_path / name / "model.onnx").read_bytes() for name in ("first", "shared", "own"))
    assert shared == own
    assert first != own
