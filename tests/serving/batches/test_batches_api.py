"""Batches of programs: many files in one call, an answer or an error for each, whatever happens in between."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from extraction.domain.progress import Silent
from extraction.domain.results.extraction import FileResult
from extraction.models import Extraction, ExtractionBatch, IdempotentCall, Job, ModelVersion, Project, User
from extraction.services import leftovers, storage
from extraction.services.documents import staging
from extraction.services.errors import Conflict
from extraction.services.jobs import execution, queue
from extraction.services.operation.backup import rows as backup_rows
from extraction.services.projects import projects
from extraction.services.serving import field_extraction, registry
from extraction.services.serving.batches import batches, results
from extraction.services.serving.batches import work as working
from extraction.services.serving.jobs import BATCH
from tests.serving.batches.sending import URL, archive, content, work
from tests.support.programs import AUTHORISING, ROOT, Program, slip

pytestmark = pytest.mark.django_db

Sent = Callable[..., ExtractionBatch]


def lines(caller: Client, batch: ExtractionBatch) -> list[dict[str, Any]]:
    response: Any = caller.get(f"{ROOT}/batches/{batch.public_id}/results")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/jsonl"
    return [json.loads(line) for line in b"".join(response.streaming_content).decode().splitlines()]


def kept(project: Project) -> list[Path]:
    folder = storage.extraction_batches_folder(project)
    return [path for path in folder.rglob("*") if path.is_file()] if folder.exists() else []


def test_each_file_gets_its_line(caller: Client, sent: Sent, project: Project) -> None:
    batch = sent(slip("a.pdf"), archive(b=content(), c=b"no picture"), slip("d.pdf", b"%PDF-1.4 torn"))
    state = caller.get(f"{ROOT}/batches/{batch.public_id}").json()
    assert (state["state"], state["files"], state["done"], state["failed"]) == ("queued", 4, 0, 0)
    assert lines(caller, batch) == []
    work(batch)
    state = caller.get(f"{ROOT}/batches/{batch.public_id}").json()
    assert (state["state"], state["files"], state["done"], state["failed"]) == ("done", 4, 2, 2)
    assert state["finished"] is not None
    found = lines(caller, batch)
    assert [line["file"] for line in found] == ["a.pdf", "month.zip/b.pdf", "month.zip/c.pdf", "d.pdf"]
    assert [line["state"] for line in found] == ["done", "done", "failed", "failed"]
    assert found[0]["fields"]["total"]["normalized"] == "3.30"
    assert all(line["error"] and line["fields"] is None for line in found[2:])
    one = caller.get(f"{ROOT}/extractions/{found[0]['id']}").json()
    assert {**one, "file": "a.pdf"} == found[0]
    assert kept(project) == []


def test_the_answer_says_where_the_batch_is(caller: Client, serving: ModelVersion) -> None:
    response = caller.post(URL, {"file": [slip()]})
    assert response.status_code == 202
    assert caller.get(response.headers["Location"]).json() == response.json()
    listed = caller.get(URL).json()
    assert (listed["results"], listed["next"]) == ([response.json()], None)


def test_done_twice_nothing_is_read_again(sent: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = work(sent(slip("a.pdf"), slip("b.pdf")))
    monkeypatch.setattr(field_extraction, "extract_file", pytest.fail)
    working.run(batch.pk, Silent())
    assert batch.extractions.count() == 2


@pytest.mark.parametrize(
    "files", [[slip("a.pdf"), slip("b.pdf"), slip("c.pdf")], [archive(a=content(), b=b"", c=b"x")]]
)
@pytest.mark.parametrize("at", [0, 2])
def test_a_worker_killed_between_files_is_followed_by_another(
    caller: Client, sent: Sent, monkeypatch: pytest.MonkeyPatch, files: list[SimpleUploadedFile], at: int
) -> None:
    for file in files:
        file.seek(0)
    batch, answer, read = sent(*files), working._answer, list[str]()

    def killed(batch: ExtractionBatch, position: int, name: str, source: Any) -> None:
        if position == at and name not in read:
            read.append(name)
            raise SystemExit
        answer(batch, position, name, source)

    monkeypatch.setattr(working, "_answer", killed)
    with pytest.raises(SystemExit):
        work(batch)
    before = [line["id"] for line in lines(caller, batch)]
    assert len(before) == at
    assert work(batch).state == "done"
    after = [line["id"] for line in lines(caller, batch)]
    assert after[:at] == before
    assert len(after) == 3


def test_an_answer_that_another_worker_gave_stays(
    sent: Sent, serving: ModelVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that seemed dead lives on beside the one that took its job over."""
    batch, read = sent(slip("a.pdf")), field_extraction.extract_file

    def both(*positional: Any, **named: Any) -> FileResult:
        Extraction.objects.create(
            project=batch.project, model=serving, batch=batch, position=0, name="a.pdf", state="done"
        )
        return read(*positional, **named)

    monkeypatch.setattr(field_extraction, "extract_file", both)
    assert work(batch).state == "done"
    assert batch.extractions.count() == 1


def test_a_killed_request_leaves_nothing(
    sent: Sent, project: Project, monkeypatch: pytest.MonkeyPatch, serving: ModelVersion
) -> None:
    class Killed(BaseException):
        pass

    with monkeypatch.context() as dead:
        dead.setattr(leftovers, "settle", lambda relative: (_ for _ in ()).throw(OSError("killed")))
        dead.setattr(Path, "replace", lambda self, target: (_ for _ in ()).throw(Killed))
        with pytest.raises(Killed):
            batches.start(project, [("a.pdf", slip())])
    assert not ExtractionBatch.objects.exists()
    leftovers.sweep()
    assert not list(storage.extraction_batches_folder(project).glob("*"))


def test_cancelled_while_it_waits(caller: Client, sent: Sent, project: Project) -> None:
    batch = sent(slip("a.pdf"))
    answer = caller.post(f"{ROOT}/batches/{batch.public_id}/cancel")
    assert (answer.status_code, answer.json()["state"]) == (200, "cancelled")
    assert caller.post(f"{ROOT}/batches/{batch.public_id}/cancel").status_code == 409
    batches.expire()
    assert kept(project) == []
    batch.refresh_from_db()
    assert batch.job is not None
    with pytest.raises(Conflict):
        queue.retry(batch.job)


def test_cancelled_while_it_is_read_its_answers_stay(
    caller: Client, sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch, answer = sent(slip("a.pdf"), slip("b.pdf")), working._answer

    def then_cancelled(batch: ExtractionBatch, *rest: Any) -> None:
        answer(batch, *rest)
        monkeypatch.setattr("extraction.services.jobs.progress.THROTTLE", 0)
        caller.post(f"{ROOT}/batches/{batch.public_id}/cancel")

    monkeypatch.setattr(working, "_answer", then_cancelled)
    assert work(batch).state == "cancelled"
    assert [line["file"] for line in lines(caller, batch)] == ["a.pdf"]


def test_a_model_that_cannot_be_used_stops_it_with_a_sentence_and_it_can_go_on(
    caller: Client, sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = sent(slip("a.pdf"))

    def broken(model: ModelVersion) -> None:
        raise Conflict("The model is damaged.")

    with monkeypatch.context() as patched:
        patched.setattr(registry, "predictor", broken)
        work(batch)
    state = caller.get(f"{ROOT}/batches/{batch.public_id}").json()
    assert (state["state"], state["error"]) == ("failed", "The model is damaged.")
    assert batch.job is not None
    batch.job.refresh_from_db()
    queue.retry(batch.job)
    assert work(batch).state == "done"


def test_other_work_of_the_worker_has_its_turn(caller: Client, sent: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as webhooks that tell of its answers, and a single extraction."""
    batch = sent(slip("a.pdf"), slip("b.pdf"), slip("c.pdf"))
    monkeypatch.setattr(working, "TURN", 0)
    caller.post(f"{ROOT}/projects/slips/extract?mode=async", {"file": slip()})
    work(batch)
    assert batch.job is not None
    assert (batch.state, len(lines(caller, batch)), batch.job.is_put_off) == ("running", 1, True)
    assert (batch.job.done, batch.job.total) == (1, 3)
    execution.run(Job.objects.get(kind="extract").pk)
    assert work(batch).state == "done"
    assert len(lines(caller, batch)) == 3


def test_an_answer_that_was_deleted_is_not_given_again(
    caller: Client, sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = sent(slip("a.pdf"), slip("b.pdf"), slip("c.pdf"))
    monkeypatch.setattr(working, "TURN", 0)
    sent(slip())
    work(batch)
    work(batch)
    batch.extractions.get(position=0).delete()
    work(batch)
    assert [line["file"] for line in lines(caller, batch)] == ["b.pdf", "c.pdf"]


def test_a_lost_job_is_made_anew(sent: Sent) -> None:
    batch = sent(slip("a.pdf"))
    Job.objects.all().delete()
    queue.heal()
    execution.run(Job.objects.get(kind=BATCH.name).pk)
    batch.refresh_from_db()
    assert batch.state == "done"


def test_a_file_that_is_too_large_is_refused_alone(caller: Client, sent: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "LIMITS", staging.Limits(bytes=10_000))
    batch = work(sent(slip("a.pdf"), slip("b.pdf", b"%PDF-" + b"x" * 20_000)))
    assert [(line["file"], line["state"]) for line in lines(caller, batch)] == [("a.pdf", "done"), ("b.pdf", "failed")]


def test_a_batch_of_refused_files_names_no_folder(sent: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    """A backup takes a folder without files for lost ones."""
    monkeypatch.setattr(staging, "LIMITS", staging.Limits(bytes=10))
    sent(slip("a.pdf"))
    assert backup_rows.missing(backup_rows.live) == ()


@pytest.mark.parametrize("body", [{}, {"file": "text"}])
def test_without_a_file_it_is_refused(caller: Client, serving: ModelVersion, body: dict[str, str]) -> None:
    assert caller.post(URL, body).status_code == 422


def test_without_a_model_and_with_too_many_it_is_refused(
    caller: Client, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert caller.post(URL, {"file": slip()}).status_code == 409
    assert caller.post(f"{URL}?model=nobody", {"file": slip()}).status_code == 404
    monkeypatch.setattr(batches, "WAITING", 0)
    response = caller.post(URL, {"file": slip()})
    assert (response.status_code, response.headers["Retry-After"]) == (503, "60")
    assert kept(project) == []


def test_a_repeated_call_makes_one_batch(caller: Client, serving: ModelVersion) -> None:
    first, again = (caller.post(URL, {"file": slip()}, headers={"Idempotency-Key": "k"}).json() for _ in range(2))
    assert first == again
    IdempotentCall.objects.update(answer=None, worker="")
    assert caller.post(URL, {"file": slip()}, headers={"Idempotency-Key": "k"}).json()["id"] == first["id"]
    assert ExtractionBatch.objects.count() == 1


@pytest.mark.parametrize("read", [False, True])
def test_deleted_it_leaves_nothing(caller: Client, sent: Sent, project: Project, read: bool) -> None:
    batch = sent(slip("a.pdf"))
    if read:
        work(batch)
    assert caller.delete(f"{ROOT}/batches/{batch.public_id}").status_code == 204
    assert caller.get(f"{ROOT}/batches/{batch.public_id}").status_code == 404
    assert not Extraction.objects.exists()
    assert kept(project) == []
    assert not Job.objects.filter(state__in=Job.ACTIVE).exists()


def test_old_batches_go_with_their_files(sent: Sent, project: Project, settings: Settings) -> None:
    batch = sent(slip("a.pdf"))
    assert batches.expire() == 0
    old = timezone.now() - timedelta(days=settings.KD_EXTRACTION_DAYS + 1)
    ExtractionBatch.objects.filter(pk=batch.pk).update(created=old)
    assert batches.expire() == 1
    assert kept(project) == []


def test_other_projects_find_nothing(sent: Sent, program: Program, owner: User) -> None:
    batch = sent(slip())
    other = program(held=projects.create("others", batch.project.schema, owner=owner))
    for path in ("", "/results"):
        assert other.get(f"{ROOT}/batches/{batch.public_id}{path}").status_code == 404
    assert other.delete(f"{ROOT}/batches/{batch.public_id}").status_code == 404


def test_queries_do_not_grow(
    caller: Client, sent: Sent, django_assert_num_queries: DjangoAssertNumQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = work(sent(archive(**{f"f{number}": b"x" for number in range(5)})))
    sent(slip())
    # The token's last use is written already.
    with django_assert_num_queries(AUTHORISING - 1):
        caller.get(URL)
    monkeypatch.setattr(results, "PART", 2)
    # Of the files with their models by parts of two, and of the documents that they are.
    with django_assert_num_queries(8):
        assert len(list(results.lines(batch))) == 5
