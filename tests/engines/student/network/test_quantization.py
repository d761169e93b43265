"""Rounding to eight bits: measured on labelled documents, noted, and left where it costs answers."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import onnx
import pytest
from onnxruntime.quantization import quantize_dynamic

from extraction.domain.learning.training import CurvePoint, TrainingResult
from extraction.domain.line_items.rows import text_of
from extraction.domain.prediction import FieldValue
from extraction.domain.progress import Silent
from extraction.engines.student.layout.inference.predictor import LayoutPredictor
from extraction.engines.student.layout.network import quantization
from tests.support.tiny_student import EXAMPLES, learn, slip

Trained = tuple[Path, TrainingResult, list[CurvePoint], list[str]]


def rounds(folder: Path) -> bool:
    return any("Integer" in node.op_type for node in onnx.load(folder / "model.onnx").graph.node)


def noted(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "student.json").read_text("utf-8"))["quantization"]
    return found


def test_a_rounded_student_serves_where_it_loses_nothing(trained: Trained) -> None:
    folder, _, _, log = trained
    assert rounds(folder)
    assert noted(folder)["served"] == "int8"
    assert noted(folder)["documents"] == len(EXAMPLES)
    assert noted(folder)["quantized"] >= noted(folder)["full"] - quantization.LOSS
    assert noted(folder)["same"] >= 1 - quantization.CHANGED
    assert any(line.startswith("Rounded to eight bits, the student serves") for line in log)
    assert not list(folder.glob("int8*"))


@pytest.mark.parametrize(
    ("rounded", "served"), [(["tea", "soup"], "int8"), (["tea"], "fp32"), (["te", "soup"], "fp32")]
)
def test_rounding_must_not_cost_rows(
    trained: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rounded: list[str], served: str
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(trained[0], folder)
    said = {"model.onnx": text_of([{"description": name} for name in ("tea", "soup")])}

    class Reads(LayoutPredictor):
        """Answers rows alone, other ones when it was rounded."""

        def __init__(self, folder: Path, threads: int = 1, graph: str = "model.onnx") -> None:
            super().__init__(folder, threads, graph)
            self.rows = said.get(graph) or text_of([{"description": name} for name in rounded])

        def predict(self, pages: object) -> dict[str, FieldValue]:
            return dict.fromkeys(self.schema.names, FieldValue(None, None)) | {"items": FieldValue(self.rows, None)}

    monkeypatch.setattr(quantization, "LayoutPredictor", Reads)
    examples = [replace(example, labels={"items": said["model.onnx"]}) for example in EXAMPLES[:2]]
    assert quantization.choose(folder, examples, 1, Silent()).served == served


@pytest.mark.slow
def test_a_student_that_rounding_harms_serves_as_it_was_trained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def harm(model: onnx.ModelProto, target: Path, **options: Any) -> None:
        quantize_dynamic(model, target, **options)
        written = onnx.load(target)
        for weights in written.graph.initializer:
            if weights.name.endswith("_scale"):
                weights.CopyFrom(onnx.numpy_helper.from_array(-onnx.numpy_helper.to_array(weights), weights.name))
        onnx.save(written, target)

    monkeypatch.setattr(quantization, "quantize_dynamic", harm)
    _, _, log = learn(tmp_path, epochs=8)
    assert not rounds(tmp_path)
    assert noted(tmp_path)["served"] == "fp32"
    assert noted(tmp_path)["quantized"] < noted(tmp_path)["full"]
    assert any(line.startswith("Rounded to eight bits, the student does not serve") for line in log)
    assert not list(tmp_path.glob("int8*"))
    there, labels = slip(2)
    assert LayoutPredictor(tmp_path).predict([there])["date"].value == labels["date"]
