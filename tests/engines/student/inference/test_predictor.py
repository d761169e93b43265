"""Serving: without torch, over long documents, from several threads, from whole folders only."""

import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from extraction.domain.learning.training import CurvePoint, TrainingResult
from extraction.engines.student.layout.inference.predictor import LayoutPredictor
from tests.support.tiny_student import slip

Trained = tuple[Path, TrainingResult, list[CurvePoint], list[str]]
LOADED = """
import sys
from pathlib import Path
from extraction.engines.student.layout.inference.predictor import LayoutPredictor
LayoutPredictor(Path(sys.argv[1])).predict([])
print([name for name in ("torch", "transformers", "sklearn", "django") if name in sys.modules])
"""


def test_serving_loads_neither_torch_nor_transformers(trained: Trained) -> None:
    ran = subprocess.run([sys.executable, "-c", LOADED, str(trained[0])], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_a_field_in_the_last_window_of_a_long_document_is_found(trained: Trained) -> None:
    predictor = LayoutPredictor(trained[0])
    found = 0
    for seed in range(200, 210):
        there, labels = slip(seed, filler=30)
        tokens = predictor.featurizer.tokens([there])
        assert len(predictor.featurizer.windows(tokens)) > 2
        found += predictor.predict([there])["total"].value == labels["total"]
    assert found >= 7


def test_a_field_on_the_last_page_is_found(trained: Trained) -> None:
    before, (there, labels) = slip(301, filler=12)[0], slip(300)
    blank = type(before)(before.width, before.height, before.words[:30])
    answer = LayoutPredictor(trained[0]).predict([blank, blank, there])["total"]
    assert answer.value == labels["total"]
    assert answer.spans[0].page == 2


def test_threads_get_their_own_answers(trained: Trained) -> None:
    predictor = LayoutPredictor(trained[0])
    slips = [slip(seed)[0] for seed in range(12)]
    alone = [predictor.predict([there]) for there in slips]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda there: predictor.predict([there]), slips)) == alone


def test_a_folder_of_another_version_is_refused(trained: Trained, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(trained[0], copy, ignore=shutil.ignore_patterns("checkpoint"))
    description = json.loads((copy / "student.json").read_text("utf-8"))
    (copy / "student.json").write_text(json.dumps({**description, "format": 99}), "utf-8")
    with pytest.raises(ValueError, match="another version"):
        LayoutPredictor(copy)


def test_an_incomplete_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        LayoutPredictor(tmp_path)
