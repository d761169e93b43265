"""What serving takes, as a table."""

import json
from dataclasses import asdict
from pathlib import Path

from benchmarks.base import Setting
from benchmarks.speed import serving
from benchmarks.speed.serving_process import Figures

FIGURES = Figures(rate=2.5, single=2.1, megabytes=544.0, peak=718.0, tokens=282.5, median=20.5, p95=24.5)


def test_the_table_says_what_was_measured_and_how_the_student_is_served(tmp_path: Path) -> None:
    for served in ("fp32", "int8"):
        (tmp_path / "student.json").write_text(json.dumps({"precision": {"served": served}}))
        table = serving.table(FIGURES, Setting(tmp_path, threads=2), tmp_path)
        assert sorted(float(str(row[1])) for row in table.rows) == sorted(asdict(FIGURES).values())
        assert f"served as {served}." in " ".join(table.notes)


def test_a_model_from_before_rounding_counts_as_full(tmp_path: Path) -> None:
    (tmp_path / "student.json").write_text("{}")
    assert "served as fp32." in " ".join(serving.table(FIGURES, Setting(tmp_path), tmp_path).notes)
