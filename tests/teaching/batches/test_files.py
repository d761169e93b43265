"""Batch files that people hand in: written without a key, answers taken back once, and only where they belong."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from extraction.domain.progress import Silent
from extraction.models import Claim, Label, LabelRun, TeacherBatchEntry
from extraction.services import storage
from extraction.services.documents.claims import loading
from extraction.services.documents.claims.loading import ClaimsFile
from extraction.services.errors import Conflict, Invalid
from extraction.services.teaching.batches import files, importing, runs
from extraction.services.teaching.batches.importing import Imported
from tests.support import builders
from tests.support.providers.batches import ANSWERED, EXPIRED, FAILED
from tests.support.providers.bench import Bench, Delivery, documents, handed_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def written(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> LabelRun:
    """A run over four documents whose files wait to be handed in, on a machine without keys."""
    monkeypatch.delenv("ANTHROPIC_API_KEY")
    monkeypatch.delenv("OPENAI_API_KEY")
    documents(bench.project, 4)
    return bench.work(bench.start(Delivery.FILE))


def test_no_request_names_an_employee_or_repeats_a_claim(bench: Bench, tmp_path: Path) -> None:
    names = [row.name for row in documents(bench.project, 2)]
    lines = [f"{name},Marie Curie,1.25,Lunch with Pierre,{name}.ref" for name in names]
    table = tmp_path / "t.csv"
    table.write_text("\n".join(["file,employee,amount,comment,reference", *lines]))
    loaded = loading.load(bench.project, ClaimsFile(table, names=True), Silent())
    assert (loaded.row.claims_new, loaded.row.new) == (2, 2)
    run = bench.work(bench.start(Delivery.FILE))
    text = "".join(path.read_text() for path in storage.batch_folder(run).rglob("*") if path.is_file())
    claim = Claim.objects.latest("pk")
    assert len(text) > 1000
    for secret in (claim.name, claim.employee, claim.comment, claim.reference, "Marie", "1.25"):
        assert secret not in text


def imported(bench: Bench, run: LabelRun, data: bytes) -> tuple[Imported, LabelRun]:
    told, _ = importing.take(run, io.BytesIO(data))
    return told, bench.work(run)


def test_files_are_written_and_their_answers_taken_back(bench: Bench, written: LabelRun) -> None:
    assert (written.state, written.documents, bench.desk.calls) == (LabelRun.State.AWAITING, 0, [])
    told, run = imported(bench, written, handed_in(bench.desk, written))
    assert told == Imported(answers=4)
    assert (run.state, run.documents, run.labels, run.failures) == (LabelRun.State.DONE, 4, 16, 0)
    assert run.usd > 0
    assert not storage.batch_folder(run).exists()


def test_the_same_file_twice_counts_once(bench: Bench, written: LabelRun) -> None:
    data = handed_in(bench.desk, written)
    _, run = imported(bench, written, data)
    before = (run.usd, run.labels, run.input_tokens)
    told, run = imported(bench, run, data)
    assert told == Imported(known=4)
    assert (run.usd, run.labels, run.input_tokens) == before


def test_lines_that_come_twice_count_once(bench: Bench, written: LabelRun) -> None:
    data = handed_in(bench.desk, written)
    told, run = imported(bench, written, data + data.splitlines(keepends=True)[0])
    assert told == Imported(answers=4, doubled=1)
    assert (run.documents, run.input_tokens) == (4, 4000)


def test_parts_of_the_answers_may_come_one_after_the_other(bench: Bench, written: LabelRun) -> None:
    lines = handed_in(bench.desk, written).splitlines(keepends=True)
    told, run = imported(bench, written, b"".join(lines[:3]))
    assert (told, run.state, run.documents) == (Imported(answers=3), LabelRun.State.AWAITING, 3)
    _, run = imported(bench, run, b"".join(lines[3:]))
    assert (run.state, run.documents) == (LabelRun.State.DONE, 4)


def test_failed_requests_may_be_answered_by_a_later_file(bench: Bench, written: LabelRun) -> None:
    fates = {1: FAILED, 2: EXPIRED}
    told, run = imported(bench, written, handed_in(bench.desk, written, lambda number: fates.get(number, ANSWERED)))
    assert told == Imported(answers=2, failed=2)
    assert (run.state, run.failures) == (LabelRun.State.STOPPED, 2)
    again = bench.work(bench.start(Delivery.FILE))
    told, again = imported(bench, again, handed_in(bench.desk, again))
    assert (told.answers, again.documents) == (2, 2)


def test_answers_about_deleted_documents_only_cost(bench: Bench, written: LabelRun) -> None:
    data = handed_in(bench.desk, written)
    first = bench.project.documents.first()
    assert first is not None
    first.delete()
    told, run = imported(bench, written, data)
    assert told == Imported(answers=3, deleted=1)
    assert (run.documents, run.input_tokens) == (3, 4000)


def _other_run(bench: Bench, run: LabelRun, data: bytes) -> bytes:
    documents(bench.project, 1)
    return handed_in(bench.desk, bench.work(bench.start(Delivery.FILE)))


def _other_project(bench: Bench, run: LabelRun, data: bytes) -> bytes:
    other = Bench(builders.project("invoices"), bench.teacher, bench.desk)
    documents(other.project, 1)
    return handed_in(bench.desk, other.work(other.start(Delivery.FILE)))


def _with(change: Callable[[dict[str, Any]], object]) -> Callable[[Bench, LabelRun, bytes], bytes]:
    def changed(bench: Bench, run: LabelRun, data: bytes) -> bytes:
        rows = [json.loads(line) for line in data.splitlines()]
        change(rows[2])
        return b"".join(json.dumps(row).encode() + b"\n" for row in rows)

    return changed


BAD = {
    "another run's": (_other_run, "Line 1 of the file answers another label run"),
    "another project's": (_other_project, "Line 1 of the file answers another label run"),
    "the requests": (lambda b, run, d: files.requests(run.batches.get()).read_bytes(), "the file of requests"),
    "an unknown id": (_with(lambda row: row.update(custom_id="mine-7")), "Line 3 of the file has the id 'mine-7'"),
    "an unknown number": (
        _with(lambda row: row.update(custom_id=row["custom_id"].partition("-")[0] + "-99")),
        "Line 3 of the file has the id",
    ),
    "no result": (_with(lambda row: (row.pop("result", 0), row.pop("response", 0), row.clear())), "Line 3 of the file"),
    "cut off": (lambda b, run, data: data[:-20], "Line 4 of the file is no answer"),
    "empty": (lambda b, run, data: b"\n\n", "The file holds no answers."),
    "a picture": (lambda b, run, data: b"\x89PNG\xff\xfe" * 40, "UTF-8|no answer"),
}


@pytest.mark.parametrize("harm", BAD)
def test_a_file_that_does_not_belong_there_is_refused_as_a_whole(bench: Bench, written: LabelRun, harm: str) -> None:
    data = handed_in(bench.desk, written)
    made, sentence = BAD[harm]
    with pytest.raises(Invalid, match=sentence):
        importing.take(written, io.BytesIO(made(bench, written, data)))
    run = bench.work(written)
    assert (run.state, run.documents, run.usd) == (LabelRun.State.AWAITING, 0, 0)
    assert files.waiting(run) == []
    assert imported(bench, run, data)[0] == Imported(answers=4)


def test_a_changed_answer_is_a_failure_and_nothing_breaks(bench: Bench, written: LabelRun) -> None:
    def harm(row: dict[str, Any]) -> None:
        if "result" in row:
            row["result"]["message"] = {"content": 3}
        else:
            row["response"]["body"] = {"output": 3}

    _, run = imported(bench, written, _with(harm)(bench, written, handed_in(bench.desk, written)))
    assert (run.documents, run.failures + run.malformed) == (3, 1)


def test_a_run_that_is_given_up_frees_its_documents_and_still_takes_answers(bench: Bench, written: LabelRun) -> None:
    data = handed_in(bench.desk, written)
    runs.give_up(written)
    written.refresh_from_db()
    assert (written.state, written.failures) == (LabelRun.State.STOPPED, 4)
    with pytest.raises(Conflict):
        runs.give_up(written)
    assert bench.start(Delivery.FILE).pk
    told, run = imported(bench, written, data)
    assert (told, run.documents, run.failures) == (Imported(answers=4), 4, 0)
    assert Label.objects.filter(run=run).exists()


def test_a_batch_that_was_sent_may_be_answered_by_a_file_too(bench: Bench) -> None:
    run = bench.begun(2)
    bench.desk.ready.set()
    data = bench.desk.results("batch_1")
    told, run = imported(bench, run, data)
    assert (told, run.documents) == (Imported(answers=2), 2)
    assert set(TeacherBatchEntry.objects.values_list("state", flat=True)) == {"answered"}
