"""`label` with batches: sent and left to a worker, written into files, and taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from extraction.models import LabelRun
from tests.support.commands import Command
from tests.support.providers.bench import Bench, documents, handed_in

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_batch_is_sent_and_left_to_a_worker(bench: Bench, command: Command) -> None:
    documents(bench.project, 3)
    bench.desk.ready.clear()
    arguments = ("label", "receipts", "--teacher", bench.teacher, "--batch")
    code, dry = command(*arguments, "--dry-run")
    full = command("label", "receipts", "--teacher", bench.teacher, "--dry-run")[1]
    assert (code, dry["documents"], dry["usd"]) == (0, 3, pytest.approx(full["usd"] / 2))
    code, told = command(*arguments)
    assert (code, told["documents"], told["awaited"]) == (0, 0, 3)
    code, told = command(*arguments)
    assert (LabelRun.objects.count(), told["awaited"]) == (1, 3)
    bench.desk.ready.set()
    code, told = command(*arguments)
    assert (code, told["documents"], told["awaited"], told["labels"]) == (0, 3, 0, 12)
    assert set(bench.desk.paid.values()) == {1}


def test_files_are_written_and_their_answers_taken_back(bench: Bench, command: Command, tmp_path: Path) -> None:
    documents(bench.project, 3)
    target = tmp_path / "requests.jsonl"
    arguments = ("label", "receipts", "--teacher", bench.teacher, "--export-batch", str(target))
    code, told = command(*arguments)
    assert (code, told["awaited"], target.exists()) == (0, 3, True)
    answers = tmp_path / "answers.jsonl"
    answers.write_bytes(handed_in(bench.desk, LabelRun.objects.get()))
    code, told = command("label", "receipts", "--import-batch", str(answers))
    assert (code, told["documents"], told["awaited"]) == (0, 3, 0)
    code, told = command("label", "receipts", "--import-batch", str(answers))
    assert (code, told["documents"]) == (0, 3)


def test_what_cannot_be_done_is_one_sentence(bench: Bench, command: Command, tmp_path: Path) -> None:
    documents(bench.project, 1)
    there = tmp_path / "there.jsonl"
    there.write_text("{}\n")
    named = ("label", "receipts", "--teacher", bench.teacher, "--export-batch")
    assert command(*named, str(there)) == (2, f"{there} must name a new file in a folder that is there.")
    assert command(*named, str(tmp_path / "no" / "x"))[0] == 2
    assert command("label", "receipts", "--import-batch", str(there)) == (2, "The file holds no answers.")
    assert command("label", "receipts", "--import-batch", str(tmp_path / "none"))[0] == 2
    assert command("label", "receipts", "--teacher", "rules", "--batch")[1].startswith("rules takes no batches")
    assert not LabelRun.objects.exists()
