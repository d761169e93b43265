"""The encoder reads all documents before labels are learned from, once for as long as they are the same."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from extraction.domain.pages import Page
from extraction.domain.progress import Cancelled, Silent
from extraction.engines.student.base import UnlabelledCorpus
from extraction.engines.student.layout.inference.postprocessing import Document
from extraction.engines.student.layout.inference.predictor import LayoutPredictor
from extraction.engines.student.layout.training import pretraining
from tests.support.tiny_student import EXAMPLES, learn, slip

pytestmark = pytest.mark.slow

DOCUMENTS = [(slip(seed)[0],) for seed in range(100, 130)]
# Few labels, as what is learned from them shows nothing here.
SETTINGS: dict[str, Any] = {
    "epochs": 1,
    "pretrain": 6,
    "minutes": 20,
    "train": EXAMPLES[:8],
    "validation": EXAMPLES[36:40],
}


def read(folder: Path, kept: Path, documents: Sequence[Sequence[Page]] = DOCUMENTS, **changed: object) -> str:
    """The log of a run that may read these documents first."""
    settings: dict[str, Any] = {**SETTINGS, **changed}
    return "\n".join(learn(folder, unlabelled=UnlabelledCorpus(documents, kept), **settings)[2])


def scores(folder: Path) -> np.ndarray:
    predictor = LayoutPredictor(folder)
    pages = [slip(5)[0]]
    tokens = predictor.featurizer.tokens(pages)
    return np.stack(predictor.logits(Document(pages, tokens, predictor.featurizer.windows(tokens)))[0])


def test_hidden_words_are_guessed_better_and_what_was_learned_is_kept_for_the_next_run(tmp_path: Path) -> None:
    log = read(tmp_path / "first", tmp_path / "kept", pretrain=40)
    found = re.search(r"the loss on hidden words fell from (\d+\.\d+) to (\d+\.\d+)", log)
    assert found is not None
    assert float(found[2]) < float(found[1]) - 1
    kept = list((tmp_path / "kept").iterdir())
    assert [path.suffix for path in kept] == [".safetensors"]

    again = read(tmp_path / "again", tmp_path / "kept", pretrain=40)
    assert "Starting from what an earlier run had read: the words of 30 documents." in again
    assert "fell from" not in again
    assert np.array_equal(scores(tmp_path / "again"), scores(tmp_path / "first"))
    learn(tmp_path / "without", **{**SETTINGS, "pretrain": 0})
    assert not np.array_equal(scores(tmp_path / "without"), scores(tmp_path / "first"))


def test_other_documents_are_read_anew_and_take_the_place_of_those_before(tmp_path: Path) -> None:
    read(tmp_path / "first", tmp_path, DOCUMENTS[:8])
    before = set(tmp_path.glob("*.safetensors"))
    assert "Reading 9 documents, labelled or not, 6 times" in read(tmp_path / "more", tmp_path, DOCUMENTS[:9])
    after = set(tmp_path.glob("*.safetensors"))
    assert len(before) == len(after) == 1
    assert before != after


def test_what_is_damaged_is_read_again(tmp_path: Path) -> None:
    read(tmp_path / "first", tmp_path, DOCUMENTS[:8])
    [kept] = tmp_path.glob("*.safetensors")
    sound = kept.read_bytes()
    kept.write_bytes(sound[: len(sound) // 2])
    assert "fell from" in read(tmp_path / "second", tmp_path, DOCUMENTS[:8])
    assert kept.read_bytes() == sound


@pytest.mark.parametrize("changed", [{"minutes": 9}, {"pretrain": 0}])
def test_a_short_run_or_one_that_does_not_want_it_reads_nothing_before(
    tmp_path: Path, changed: dict[str, object]
) -> None:
    assert "labelled or not" not in read(tmp_path / "model", tmp_path / "kept", **changed)
    assert not (tmp_path / "kept").exists()


def test_a_reading_without_time_to_spare_ends_at_once_and_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pretraining, "FRACTION", 1e-9)
    log = read(tmp_path / "model", tmp_path / "kept", pretrain=100)
    assert re.search(r"Time ended this after \d+ seconds, \d%", log)
    assert not list(tmp_path.glob("kept/*"))
    assert (tmp_path / "model" / "training.json").is_file()


def test_documents_without_words_are_no_reason_to_fail(tmp_path: Path) -> None:
    assert "labelled or not" not in read(tmp_path / "model", tmp_path / "kept", [()])


def test_reading_stops_when_asked_to_and_keeps_nothing(tmp_path: Path) -> None:
    class Stopping(Silent):
        read = 0

        def report(self, done: int, total: int, message: str = "") -> None:
            self.read += message.startswith("Reading the documents")

        def cancelled(self) -> bool:
            return self.read >= 3

    progress = Stopping()
    with pytest.raises(Cancelled):
        learn(tmp_path / "model", progress, unlabelled=UnlabelledCorpus(DOCUMENTS, tmp_path / "kept"), **SETTINGS)
    assert progress.read == 3
    assert not list(tmp_path.glob("kept/*"))
