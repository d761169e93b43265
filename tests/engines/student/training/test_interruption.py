"""A run that is cancelled or killed loses little and goes on; the same run ends the same way."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tokenizers import Tokenizer

from extraction.domain.learning.training import TrainingResult
from extraction.domain.progress import Cancelled
from extraction.engines.student.base import UnlabelledCorpus
from extraction.engines.student.layout.inference.postprocessing import Document
from extraction.engines.student.layout.inference.predictor import LayoutPredictor
from extraction.engines.student.layout.inference.tokenization import byte_tokens
from extraction.engines.student.layout.network import pretrained
from tests.support.tiny_student import EXAMPLES, Until, learn, slip

pytestmark = pytest.mark.slow

# Eighteen steps an epoch; a run of five epochs.
ROUNDS: dict[str, Any] = {"train": EXAMPLES[:18], "batch": 1}
RUN = {**ROUNDS, "epochs": 5}


def test_cancelled_at_the_next_step(tmp_path: Path) -> None:
    progress = Until(3)
    with pytest.raises(Cancelled):
        learn(tmp_path, progress)
    assert progress.seen == 3
    assert not (tmp_path / "student.json").exists()


def broken_off(folder: Path) -> Path:
    """A run that is broken off at its 80th step; its folder of checkpoints."""
    with pytest.raises(Cancelled):
        learn(folder, Until(80), **RUN)
    return folder / "checkpoint"


def scores(folder: Path) -> list[np.ndarray]:
    """What the exported network says of a page."""
    predictor = LayoutPredictor(folder)
    pages = [slip(5)[0]]
    tokens = predictor.featurizer.tokens(pages)
    return [np.stack(part) for part in predictor.logits(Document(pages, tokens, predictor.featurizer.windows(tokens)))]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, TrainingResult]:
    """A run of five epochs that nothing interrupted."""
    folder = tmp_path_factory.mktemp("whole")
    return folder, learn(folder, **RUN)[0]


def test_the_same_labels_settings_and_seed_give_the_same_student(
    whole: tuple[Path, TrainingResult], tmp_path: Path
) -> None:
    again, _, _ = learn(tmp_path, **RUN)
    assert again.validation == whole[1].validation
    assert again.label_audit == whole[1].label_audit
    for one, other in zip(scores(tmp_path), scores(whole[0]), strict=True):
        assert np.array_equal(one, other)


def test_another_seed_gives_another_student(whole: tuple[Path, TrainingResult], tmp_path: Path) -> None:
    learn(tmp_path, **RUN, seed=4)
    assert not np.array_equal(scores(tmp_path)[0], scores(whole[0])[0])


def test_an_interrupted_run_goes_on_from_its_checkpoint_to_the_same_end(
    whole: tuple[Path, TrainingResult], tmp_path: Path
) -> None:
    saved = broken_off(tmp_path)
    # What a process that is killed while it writes leaves behind.
    (saved / "checkpoint-72").mkdir()
    progress = Until(10_000)
    result, points, lines = learn(tmp_path, progress, **RUN)
    assert any("Going on from step 54" in line for line in lines)
    assert not any("damaged" in line for line in lines)
    assert progress.seen == 90 - 54
    assert points[0].step > 54
    assert result.validation == whole[1].validation
    for one, other in zip(scores(tmp_path), scores(whole[0]), strict=True):
        assert np.array_equal(one, other)


def test_a_damaged_checkpoint_is_passed_over(tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        learn(tmp_path, Until(116), **ROUNDS, epochs=8)
    saved = tmp_path / "checkpoint"
    assert {path.name for path in saved.glob("checkpoint-*")} == {"checkpoint-54", "checkpoint-108"}
    weights = saved / "checkpoint-108" / "model.safetensors"
    held = bytearray(weights.read_bytes())
    held[len(held) // 2] ^= 1
    weights.write_bytes(held)
    _, _, lines = learn(tmp_path, **ROUNDS, epochs=8)
    assert any("checkpoint of step 108 is damaged" in line for line in lines)
    assert any("Going on from step 54" in line for line in lines)
    assert (tmp_path / "student.json").is_file()


def test_without_a_sound_checkpoint_a_run_starts_anew(tmp_path: Path) -> None:
    saved = broken_off(tmp_path)
    (saved / "checkpoint-54" / "optimizer.pt").write_bytes(b"")
    progress = Until(10_000)
    _, _, lines = learn(tmp_path, progress, **RUN)
    assert any("checkpoint of step 54 is damaged" in line for line in lines)
    assert not any("Going on" in line for line in lines)
    assert progress.seen == 90


def test_a_run_that_an_earlier_version_began_goes_on_without_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its checkpoints hold weights for the vocabulary that it had, and no tokenizer."""
    with monkeypatch.context() as before:
        before.setattr(pretrained, "add_byte_tokens", lambda tokenizer: tokenizer)
        saved = broken_off(tmp_path)
    (saved / "tokenizer.json").unlink()
    _, _, lines = learn(tmp_path, **RUN)
    assert any("Going on from step 54" in line for line in lines)
    assert not byte_tokens(LayoutPredictor(tmp_path).featurizer.tokenizer)


def test_documents_that_come_during_a_run_change_no_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A vocabulary that is cut to the documents is cut once a run."""
    texts = []

    def cut(base: str, pages: Iterable[list[str]]) -> Tokenizer:
        texts.append(list(pages))
        return pretrained.add_byte_tokens(pretrained.published_tokenizer("tiny"))

    monkeypatch.setattr(pretrained, "load_tokenizer", cut)
    saved = broken_off(tmp_path)
    kept = (saved / "tokenizer.json").read_bytes()
    learn(tmp_path, **RUN, unlabelled=UnlabelledCorpus([[slip(99)[0]]], tmp_path / "kept"))
    assert len(texts) == 1
    assert LayoutPredictor(tmp_path).featurizer.tokenizer.get_vocab() == Tokenizer.from_buffer(kept).get_vocab()
