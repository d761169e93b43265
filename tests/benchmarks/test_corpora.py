"""Benchmarks over folders of real documents: what is read, compared and scored, and folders that are missing."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import call_command

from benchmarks import corpora
from benchmarks.base import MissingData, Setting, Table
from benchmarks.catalogue import called, find
from benchmarks.corpora import Corpus
from benchmarks.quality import corpora as quality
from benchmarks.quality.ocr_upper_bound import best_answer
from extraction.domain.field_types import UNKNOWN
from extraction.domain.fields import Field
from extraction.domain.pages import Page
from extraction.domain.progress import Silent
from extraction.engines.student.base import Example
from tests.support.badfiles import text_pdf
from tests.support.page_builders import page

SCHEMA = """
name = "Slips"
document = "slip"

[[field]]
name = "issue_date"
type = "date"
format = "iso"

[[field]]
name = "total"
type = "money"

[[field]]
name = "note"
type = "text"

[[field]]
name = "items"
type = "group"
fields = [{ name = "price", type = "money" }]
"""
# The rules find the first total; the truth of the second stands elsewhere.
FIRST, SECOND = ("Date: 25.12.2018", "Total: 3.30"), ("Date: 24.12.2018", "Total: 9.99", "Smallest coin 7.77")
CORPUS = Corpus("slips", "slips")


def written(folder: Path, name: str, lines: tuple[str, ...], labels: Mapping[str, object]) -> str:
    """A line of the truth, its PDF written."""
    (folder / "files").mkdir(parents=True, exist_ok=True)
    (folder / "files" / name).write_bytes(text_pdf(lines))
    return json.dumps({"file": f"files/{name}", **labels}) + "\n"


@pytest.fixture
def slips(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of `CORPUS`: two documents to measure on and one to train on."""
    monkeypatch.setenv("KD_CORPORA_DIR", str(tmp_path))
    folder = tmp_path / "slips"
    first = {"issue_date": "2018-12-25", "total": "3.30", "note": None, "items": [{"price": "3.30"}]}
    second = {"issue_date": "2018-12-24", "total": "7.77", "note": "Printed nowhere at all"}
    rows = written(folder, "a.pdf", FIRST, first) + written(folder, "b.pdf", SECOND, second)
    (folder / "dev.truth.jsonl").write_text(rows)
    (folder / "train.truth.jsonl").write_text(written(folder, "c.pdf", FIRST, first))
    (folder / "schema.toml").write_text(SCHEMA)
    return folder


def rows(table: Table) -> dict[object, dict[str, object]]:
    """By the first cell; of columns that have the same name the first counts."""
    return {row[0]: dict(zip(reversed(table.columns), reversed(row), strict=True)) for row in table.rows}


def test_figures_of_a_corpus(slips: Path, tmp_path: Path) -> None:
    overall, fields = quality.benchmark(CORPUS).run(Setting(tmp_path / "bench"), Silent())
    by_field = rows(fields)
    assert list(by_field) == ["issue_date", "total", "note"]
    assert [row["documents"] for row in by_field.values()] == [2, 2, 2]
    # A date in another format is obtainable, a text that is printed nowhere is not.
    assert [row["best obtainable"] for row in by_field.values()] == [1, 1, 0.5]
    assert [row["rules"] for row in by_field.values()] == [1, 0.5, 0.5]
    assert [row["student"] for row in by_field.values()] == [None, None, None]
    row = rows(overall)["slips"]
    assert (row["documents"], row["reader"], row["trained on"], row["student"]) == (2, "text layer", None, None)
    assert row["best obtainable"] == pytest.approx((1 + 1 + 0.5) / 3)
    assert row["rules"] == pytest.approx((1 + 0.5 + 0.5) / 3)
    assert overall.rows[0][4:7] == pytest.approx(((1 + 1 + 0.5) / 3, (1 + 1 + 0) / 3, 1))


def test_a_student_is_trained_on_the_train_part_alone(
    slips: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    learned: list[Example] = []

    class Trained:
        seconds, stop = 3.0, "All epochs are done."

        def answers(self, examples: list[Example]) -> list[dict[str, object]]:
            return [{} for _ in examples]

    def trained(trainings: list[quality.CachedTraining], *_: object) -> list[Trained]:
        learned.extend(trainings[0].examples())
        return [Trained()]

    monkeypatch.setattr(quality, "LEAST", 1)
    monkeypatch.setattr(quality.training_cache, "trained_students", trained)
    overall, fields = quality.benchmark(CORPUS).run(Setting(tmp_path / "bench"), Silent())
    assert [example.labels["total"] for example in learned] == ["3.30"]
    assert rows(overall)["slips"]["trained on"] == 1
    # Empty answers are right where the field is not on the document.
    assert [row["student"] for row in rows(fields).values()] == [0, 0, 0.5]
    assert "3 s" in overall.notes[-1]


def test_no_minutes_leave_the_student_out(slips: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("A student was trained.")

    monkeypatch.setattr(quality, "LEAST", 1)
    monkeypatch.setattr(quality.training_cache, "trained_students", never)
    overall, _ = quality.benchmark(CORPUS).run(Setting(tmp_path / "bench", minutes=0), Silent())
    assert rows(overall)["slips"]["student"] is None


def test_documents_are_read_once(slips: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    setting = Setting(tmp_path / "bench")
    first = CORPUS.read("dev", "rapidocr", setting, Silent())
    monkeypatch.setattr(corpora, "read_document", lambda *_: pytest.fail("read again"))
    assert CORPUS.read("dev", "rapidocr", setting, Silent()) == first
    assert [reading.reader for reading in first] == ["text layer"] * 2
    assert replace(CORPUS, train=None).documents("train") == []


def test_what_a_corpus_depends_on(slips: Path, tmp_path: Path) -> None:
    inputs = quality.benchmark(CORPUS).inputs
    before = inputs(Setting(tmp_path))
    assert inputs(Setting(tmp_path, minutes=1)) != before
    (slips / "schema.toml").write_text(SCHEMA.replace('"money"', '"number"'))
    changed = inputs(Setting(tmp_path))
    assert changed != before
    (slips / "dev.truth.jsonl").write_text("")
    assert inputs(Setting(tmp_path)) != changed


CLOSED = page("Old Lion Inn", "Total RM 3.30")


def scored(spaced: bool, labels: dict[str, str | None], pages: tuple[Page, ...] = (CLOSED,)) -> tuple[float, float]:
    """Best obtainable, and that of an answer as it is printed."""

    class Slips(Corpus):
        schema = quality.Schema("Slips", "slip", (Field("name", "text"), Field("total", "money")))

    corpus, example = Slips("slips", "slips", spaced=spaced), Example("a", pages, labels)
    printed = quality.training_cache.as_answers({"name": "Old Lion Inn", "total": "RM 3.30"})
    return (
        quality.score(corpus, [example], quality.best(corpus, [example])).mean_anls,
        quality.score(corpus, [example], [printed]).mean_anls,
    )


def test_a_truth_without_spaces_is_compared_without_them() -> None:
    truth = {"name": "OldLionInn", "total": "RM3.30"}
    assert scored(False, truth) == (1, 1)
    best, printed = scored(True, truth)
    assert best < 1
    assert printed < 1
    # Other differences stay, and so do spaces where the truth has them.
    assert scored(False, {"name": "OldLiOnIn", "total": "RM3.30"})[1] == pytest.approx((0.9 + 1) / 2)
    assert scored(True, {"name": "Old Lion Inn", "total": "RM 3.30"}) == (1, 1)


def test_a_run_without_spaces_may_cross_words() -> None:
    name = Field("name", "text")
    assert best_answer(name, "lioninn", [CLOSED], UNKNOWN, spaced=False) == "lioninn"
    assert best_answer(name, "lion inn", [CLOSED], UNKNOWN) == "lion inn"
    assert best_answer(name, None, [CLOSED], UNKNOWN) is None
    choice = Field("currency", "choice", options=("EUR", "USD"))
    assert best_answer(choice, "EUR", [CLOSED], UNKNOWN) == "EUR"


@pytest.mark.parametrize("name", called("corpora"))
def test_a_missing_corpus_is_one_sentence(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KD_SROIE_DIR", raising=False)
    monkeypatch.setenv("KD_CORPORA_DIR", str(tmp_path))
    with pytest.raises(MissingData, match=r"^There are no [^.]*; set KD_\w+ to [^.]*\.$") as caught:
        find(name).inputs(Setting(Path("bench")))
    assert str(tmp_path) in str(caught.value)


@pytest.mark.django_db
def test_the_others_are_measured_where_one_is_missing(
    slips: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    known = {
        "corpora-gone": quality.benchmark(Corpus("gone", "lost slips")),
        "corpora-slips": quality.benchmark(CORPUS),
    }
    monkeypatch.setattr("benchmarks.catalogue.NAMES", tuple(known))
    monkeypatch.setattr("benchmarks.management.commands.bench.find", known.__getitem__)
    call_command("bench", "corpora", "--json")
    found = json.loads(capsys.readouterr().out)
    assert "no lost slips" in found["corpora-gone"]["skipped"]
    assert found["corpora-slips"]["skipped"] is None
    assert len(found["corpora-slips"]["tables"]) == 2
