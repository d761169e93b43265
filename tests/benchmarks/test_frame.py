"""The frame of the benchmarks, and the command that runs them."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from benchmarks import catalogue, sroie
from benchmarks.base import Benchmark, MissingData, Setting, Table, measure
from benchmarks.quality.ocr_upper_bound import anls, mean_anls
from extraction.domain.pages import Box, Page, Word
from extraction.domain.progress import Progress, Silent

TABLE = Table("Speed", ("engine", "seconds"), (("fast", 0.12345), ("slow", None)), ("Two cores.",))


class Counting:
    """A benchmark that counts its runs."""

    def __init__(self) -> None:
        self.runs = 0
        self.data = "a"
        self.benchmark = Benchmark("counting", "Counts.", lambda setting: {"data": self.data}, self._run)

    def _run(self, setting: Setting, progress: Progress) -> Sequence[Table]:
        self.runs += 1
        return [TABLE]


def test_a_result_is_kept_until_what_it_depends_on_changes(tmp_path: Path) -> None:
    counting = Counting()
    setting = Setting(tmp_path)
    assert measure(counting.benchmark, setting, Silent()) == ([TABLE], False)
    assert measure(counting.benchmark, setting, Silent()) == ([TABLE], True)
    assert measure(counting.benchmark, Setting(tmp_path, fresh=True), Silent()) == ([TABLE], False)
    assert measure(counting.benchmark, Setting(tmp_path, seed=1), Silent())[1] is False
    counting.data = "b"
    assert measure(counting.benchmark, setting, Silent())[1] is False
    assert counting.runs == 4


def test_a_table_lines_up() -> None:
    assert TABLE.text().splitlines() == [
        "Speed",
        "",
        "engine  seconds",
        "------  -------",
        "fast      0.123",
        "slow          –",
        "  Two cores.",
    ]


def test_every_listed_benchmark_can_be_found() -> None:
    assert [catalogue.find(name).name for name in catalogue.NAMES] == list(catalogue.NAMES)


def test_a_name_stands_for_its_parts_too() -> None:
    assert catalogue.called("student")[0] == "student"
    assert {"student-labels", "student-curve", "student-generated", "student-formats"} < set(
        catalogue.called("student")
    )
    assert catalogue.called("student-curve") == ["student-curve"]


@pytest.mark.django_db
def test_an_unknown_benchmark_is_wrong_usage() -> None:
    with pytest.raises(CommandError, match="no benchmark 'speeed'") as caught:
        call_command("bench", "speeed")
    assert caught.value.returncode == 2


@pytest.mark.django_db
def test_missing_receipts_are_an_error_only_where_they_were_asked_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KD_SROIE_DIR", str(tmp_path))
    monkeypatch.setattr("benchmarks.management.commands.bench.NAMES", ("ocr",))
    with pytest.raises(MissingData, match="set KD_SROIE_DIR"):
        sroie.CORPUS.documents("dev")
    with pytest.raises(CommandError, match="no SROIE receipts") as caught:
        call_command("bench", "ocr")
    assert caught.value.returncode == 2
    call_command("bench", "--json")
    assert "no SROIE receipts" in json.loads(capsys.readouterr().out)["ocr"]["skipped"]


def test_the_best_obtainable_answer_may_start_inside_a_word_and_run_over_lines() -> None:
    words = [("Date:25/12/2018", 0), ("12", 1), ("High", 1), ("Street,", 1), ("Leeds", 2), ("T0TAL", 3)]
    page = Page(100, 100, tuple(Word(text, Box(0, line / 5, 1, line / 5 + 0.1), 1, line) for text, line in words))
    assert anls("25/12/2018", [page]) == 1
    assert anls("12 HIGH STREET, LEEDS", [page]) == 1
    assert anls("TOTAL", [page]) == pytest.approx(0.8)
    assert anls("Corner Bakery", [page]) == 0
    assert anls(None, [page]) == 1
    assert mean_anls([{"date": "25/12/2018", "total": "TOTAL"}], [[page]]) == (
        pytest.approx(0.9),
        {"date": 1, "total": pytest.approx(0.8)},
    )
