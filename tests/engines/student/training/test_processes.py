"""A training by two processes: one student, the same evaluation, checkpoints of the first; killed, it goes on."""

from __future__ import annotations

import os
import signal
import tempfile
from pathlib import Path

import pytest

from benchmarks.speed.temporary_installation import children
from extraction.domain.progress import Cancelled, Silent
from extraction.engines.student.errors import ProcessLost
from extraction.engines.student.layout.training.processes import group
from tests.support.tiny_student import Until, learn

pytestmark = pytest.mark.slow


def helpers() -> list[int]:
    """Further processes of this one's trainings that live."""
    commands = {child: Path(f"/proc/{child}/cmdline").read_text() for child in children(os.getpid())}
    return [child for child, command in commands.items() if group.HELPER in command]


class KillsAnother(Silent):
    """Kills the other process once a few steps were done, and notes the names of what lies in `folder` then."""

    def __init__(self, folder: Path) -> None:
        self.seen, self.folder, self.held = 0, folder, set[str]()

    def report(self, done: int, total: int, message: str = "") -> None:
        self.seen += message.startswith("Training")
        if self.seen == 3:
            self.held = {path.name for path in self.folder.glob("kdweb-training-*/*")}
            (other,) = helpers()
            os.kill(other, signal.SIGKILL)


def test_two_processes_train_one_student_and_go_on_where_they_were_stopped(tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        learn(tmp_path, Until(48), epochs=6, processes=2)
    assert helpers() == []
    # 36 documents, two by two windows a step: nine steps an epoch, as with one process.
    kept = max((tmp_path / "checkpoint").glob("checkpoint-*"))
    assert {path.name for path in kept.glob("rng_state*")} == {"rng_state_0.pth", "rng_state_1.pth"}
    result, points, lines = learn(tmp_path, epochs=6, processes=2)
    assert any("Going on from step 45" in line for line in lines)
    assert points[-1].step == 54
    assert result.validation is not None
    assert result.validation.mean_anls > 0.3
    assert (tmp_path / "model.onnx").is_file()
    assert helpers() == []


def test_a_process_that_does_not_start_ends_the_training_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(group, "HELPER", "this")
    with pytest.raises(ProcessLost), group.gathered(2, print, threads=1):
        pass


def test_a_process_that_is_killed_ends_the_training_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    killer = KillsAnother(temporary)
    with pytest.raises(ProcessLost):
        learn(tmp_path, killer, epochs=2, processes=2)
    assert helpers() == []
    # What they trained on is gone by then, were all killed.
    assert killer.held
    assert group.SHARE not in killer.held
