"""The figures of serving as a table."""

from dataclasses import asdict
from pathlib import Path

from benchmarks.base import Setting
from benchmarks.speed import serving
from benchmarks.speed.serving_process import Figures
from extraction.engines.student.layout.inference.calibration import Calibration
from extraction.engines.student.layout.inference.description import ModelDescription, Quantization
from extraction.engines.student.layout.inference.lexicon import Lexicon
from tests.support.builders import RECEIPT

FIGURES = Figures(rate=2.5, single=2.1, megabytes=544.0, peak=718.0, tokens=282.5, median=20.5, p95=24.5)


def describe(folder: Path, quantization: Quantization | None) -> None:
    ModelDescription(RECEIPT, None, 64, {}, Calibration(), Lexicon(), quantization=quantization).write(folder)


def test_the_table_says_what_was_measured_and_how_the_student_is_served(tmp_path: Path) -> None:
    for served in ("fp32", "int8"):
        describe(tmp_path, Quantization(served, documents=10, full=0.9, quantized=0.9, same=1.0))
        table = serving.table(FIGURES, Setting(tmp_path, threads=2), tmp_path)
        assert sorted(float(str(row[1])) for row in table.rows) == sorted(asdict(FIGURES).values())
        assert f"served as {served}." in " ".join(table.notes)


def test_a_model_without_a_decision_on_quantization_counts_as_full(tmp_path: Path) -> None:
    describe(tmp_path, None)
    assert "served as fp32." in " ".join(serving.table(FIGURES, Setting(tmp_path), tmp_path).notes)
