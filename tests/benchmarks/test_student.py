"""The benchmarks of the student name what they depend on, and say so where the receipts are missing."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from benchmarks import sroie
from benchmarks.base import MissingData, Setting, digest
from benchmarks.catalogue import called, find
from benchmarks.quality import confidence, student, student_curve, student_formats, student_generated, training_cache
from benchmarks.quality.training_cache import CachedTraining
from extraction.domain.fields import Field, Schema
from extraction.domain.prediction import FieldValue
from extraction.domain.progress import Silent
from extraction.engines.ingest.reading import ReadPage
from extraction.engines.student.base import Example
from tests.support.page_builders import page

SCHEMA = Schema("S", "slip", (Field("total", "money"),))


@pytest.mark.parametrize("name", [*(part for part in called("student") if "generated" not in part), "speed"])
def test_missing_receipts_are_one_sentence(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KD_SROIE_DIR", str(tmp_path))
    with pytest.raises(MissingData, match=r"KD_SROIE_DIR.*\.$"):
        find(name).inputs(Setting(tmp_path))


SLIP = Example("a", (page("Total 3.30"),), {"total": "3.30", "company": "Shop, Ltd"})
RIGHT = {"total": FieldValue("RM 3.30", "3.30", 0.97), "company": FieldValue("Shop Ltd", "Shop Ltd", 0.6)}
WRONG = {"total": FieldValue("9.90", "9.90", 0.4), "company": FieldValue("Ship", "Ship", 0.3)}


def test_answers_are_counted_by_their_confidence() -> None:
    table = confidence.comes_true(sroie.SCHEMA, [SLIP, SLIP], [[RIGHT, WRONG]])
    assert [row[:2] for row in table.rows] == [("0% to 50%", 2), ("50% to 80%", 1), ("95% to 100%", 1)]
    assert [row[2] for row in table.rows] == pytest.approx([0.35, 0.6, 0.97])
    assert [row[3] for row in table.rows] == [0.0, 1.0, 1.0]


def test_confidence_that_tells_right_from_wrong_shows() -> None:
    rows = {row[0]: row for row in confidence.tells_apart(sroie.SCHEMA, [SLIP, SLIP], [[RIGHT, WRONG]]).rows}
    assert rows["total"][1:4] == (2, 1, 1.0)
    assert rows["total"][4] == pytest.approx(0.215)
    assert rows["company"][1:4] == (2, 1, 1.0)
    assert rows["company"][5] is None  # to the comma both names are wrong
    assert rows["company"][6] == pytest.approx(0.45)
    assert rows["date"][1:4] == (0, 0, None)


@pytest.mark.slow
def test_a_stopped_benchmark_goes_on_where_it_was(tmp_path: Path) -> None:
    asked: list[str] = []
    settings = {"base": "tiny", "epochs": 1, "pretrain": 0, "window": 64, "stride": 8}

    def training(about: str) -> CachedTraining:
        def learned() -> list[Example]:
            asked.append(about)
            return [
                Example(digest(number), (page("Old Lion Ltd", f"Total {number}.30"),), {"total": f"{number}.30"})
                for number in range(1, 9)
            ]

        return CachedTraining(about, SCHEMA, learned, 0, {}, settings)

    setting = Setting(tmp_path)
    assert training_cache.plan([training("a"), training("b")], setting).startswith(
        "2 of 2 trainings are still to do, at most 20"
    )
    training_cache.trained_students([training("a")], setting, Silent())
    assert training_cache.plan([training("a"), training("b")], setting).startswith(
        "1 of 2 trainings are still to do, about "
    )
    kept, new = training_cache.trained_students([training("a"), training("b")], setting, Silent())
    assert asked == ["a", "b"]
    assert training_cache.plan([training("a"), training("b")], setting).startswith("No training is to do")
    assert kept.answers([SLIP])[0].keys() == new.answers([SLIP])[0].keys() == {"total"}
    training_cache.trained_students([training("a")], replace(setting, fresh=True), Silent())
    assert asked == ["a", "b", "a"]


def test_code_is_that_of_all_modules_below_and_not_its_comments(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = tmp_path / "measured" / "inner"
    inner.mkdir(parents=True)
    for folder in (inner.parent, inner):
        (folder / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    before = training_cache.code("measured")
    (inner / "__init__.py").write_text("# Why.")
    assert training_cache.code("measured") == before
    (inner / "__init__.py").write_text("changed = True")
    assert training_cache.code("measured") != before


def test_fewer_documents_are_among_more() -> None:
    examples = [Example(str(number), (), {}) for number in range(20)]
    few, more = student_curve.some(examples, 5, 0), student_curve.some(examples, 10, 0)
    assert {example.id for example in few} < {example.id for example in more}
    assert student_curve.some(examples, 5, 1) != few


def test_new_companies_are_on_no_train_receipt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for part, name in (("dev", "truth"), ("train", "truth")):
        (tmp_path / f"{part}.{name}.jsonl").write_text(json.dumps({"file": "train/1.jpg", "company": "SHOP LTD."}))
    monkeypatch.setenv("KD_SROIE_DIR", str(tmp_path))
    other = replace(SLIP, labels={"company": "Shopping Ltd"})
    assert student.unseen([SLIP, other]) == [1]


def test_labels_in_formats_belong_to_their_receipts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{"file": f"dev/{name}.jpg", "company": "Shop"} for name in "ab"]
    (tmp_path / "dev.truth.jsonl").write_text("\n".join(map(json.dumps, rows)))
    monkeypatch.setenv("KD_SROIE_DIR", str(tmp_path))
    read = [replace(SLIP, id=name) for name in "ab"]
    monkeypatch.setattr(student, "examples", lambda *_: read)
    with pytest.raises(MissingData, match=r"formats.*\.$"):
        student_formats.examples("dev", Setting(tmp_path), Silent())
    wanted = [{"file": f"dev/{name}.jpg", "merchant_name": name, "tax_amount": None} for name in "ba"]
    (tmp_path / "dev.teacher-formats.jsonl").write_text("\n".join(map(json.dumps, wanted)))
    found = student_formats.examples("dev", Setting(tmp_path), Silent())
    assert [example.labels for example in found] == [{"merchant_name": name, "tax_amount": None} for name in "ab"]


def test_generated_documents_are_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(student_generated, "LEARNED", 1)
    monkeypatch.setattr(student_generated, "HELD_BACK", 1)
    read = []
    there = [ReadPage(SLIP.pages[0], Image.new("RGB", (8, 8)), 0, 0.0, "rapidocr", 0.0, 0.0)]

    def reading(path: Path, *_: object) -> list[ReadPage]:
        read.append(path.name)
        return there

    monkeypatch.setattr(student_generated, "engine", lambda *_: None)
    monkeypatch.setattr(student_generated, "read_document", reading)
    first = student_generated.examples(Setting(tmp_path), Silent())
    assert first == student_generated.examples(Setting(tmp_path), Silent())
    assert len(read) == 2
    assert [set(example.labels) for example in first] == [{"company", "date", "address", "total"}] * 2
    assert len({example.id for example in first}) == 2
