"""Idempotency keys: one thing made for each key, whatever is repeated, comes at once or is killed in between."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from extraction.models import Document, Extraction, IdempotentCall, ModelVersion, Project
from extraction.services.jobs import execution
from extraction.services.projects import idempotency
from extraction.services.serving import extractions
from tests.support.programs import ROOT, Program, model, slip

pytestmark = pytest.mark.django_db

URL = f"{ROOT}/projects/slips/extract?mode=async"
KEY = {"Idempotency-Key": "8e03978e-40d5-43dd-bc93-6894a57f9324"}


@pytest.fixture(autouse=True)
def serving(project: Project) -> ModelVersion:
    return model(project, "first", "production")


def send(caller: Client, headers: dict[str, str] | None = None, **named: Any) -> Any:
    return caller.post(URL, {"file": slip(**named)}, headers=KEY if headers is None else headers)


def test_the_same_call_is_made_once_and_answered_again(caller: Client) -> None:
    first, again = send(caller), send(caller)
    assert (first.status_code, again.status_code) == (202, 202)
    assert again.json() == first.json()
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert Extraction.objects.count() == 1


def test_without_a_key_every_call_counts(caller: Client) -> None:
    send(caller, {})
    send(caller, {})
    assert Extraction.objects.count() == 2


@pytest.mark.parametrize("other", [{"content": b"%PDF-1.4 other"}, {"name": "other.pdf"}])
def test_a_key_stands_for_one_request(caller: Client, other: dict[str, Any]) -> None:
    send(caller)
    assert send(caller, **other).status_code == 422
    assert caller.post(f"{URL}&model=first", {"file": slip()}, headers=KEY).status_code == 422
    assert Extraction.objects.count() == 1


def test_keys_of_other_tokens_are_others(program: Program) -> None:
    send(program())
    send(program())
    assert Extraction.objects.count() == 2


def test_bodies_in_json_are_told_apart(caller: Client, project: Project) -> None:
    url = f"{ROOT}/projects/slips/label-runs"
    first, again, other = (
        caller.post(url, {"teacher": "rules", **more}, content_type="application/json", headers=KEY)
        for more in ({}, {}, {"limit": 3})
    )
    assert (first.status_code, again.status_code, other.status_code) == (202, 202, 422)
    assert again.json() == first.json()
    assert project.label_runs.count() == 1


def test_a_refusal_makes_nothing_and_leaves_the_key_free(caller: Client, serving: ModelVersion) -> None:
    assert send(caller, content=b"no picture").status_code == 422
    ModelVersion.objects.update(stage="archived")
    assert send(caller).status_code == 409
    ModelVersion.objects.update(stage="production")
    assert send(caller).status_code == 202


@pytest.mark.parametrize("key", ["", " " * 300, "x" * 256, "straße"])
def test_a_bad_key_is_refused(caller: Client, key: str) -> None:
    # Servers cut blanks off a header's ends.
    response = send(caller, {"Idempotency-Key": key.strip() or ""})
    assert response.status_code == 422
    assert "Idempotency-Key" in response.json()["detail"]


def test_a_bad_body_is_refused_as_ever(caller: Client) -> None:
    torn = caller.post(URL, b"--x\r\ntorn", content_type="multipart/form-data; boundary=y", headers=KEY)
    assert torn.status_code in (400, 422)
    assert IdempotentCall.objects.count() == 0


def test_a_call_without_a_good_token_keeps_nothing(client: Client, program: Program) -> None:
    assert send(client).status_code == 401
    assert send(program("read")).status_code == 403
    assert IdempotentCall.objects.count() == 0


def test_of_two_at_once_one_works_and_the_other_is_told_to_ask_again(
    caller: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    start, second = extractions.start, []

    def meanwhile(*positional: Any, **named: Any) -> Extraction:
        second.append(send(caller))
        return start(*positional, **named)

    monkeypatch.setattr(extractions, "start", meanwhile)
    assert send(caller).status_code == 202
    assert second[0].status_code == 409
    assert int(second[0].headers["Retry-After"]) > 0
    assert Extraction.objects.count() == 1


def test_a_process_killed_after_it_made_something_is_followed_by_its_answer(
    caller: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No code runs in a process that is killed: the row stays as it was while it worked."""
    with monkeypatch.context() as patched:
        patched.setattr(idempotency, "finish", lambda call, answer: None)
        first = send(caller)
    assert send(caller).status_code == 409
    monkeypatch.setattr(execution, "process_is_dead", lambda token: True)
    again = send(caller)
    assert again.status_code == 202
    assert again.json()["id"] == first.json()["id"]
    assert Extraction.objects.count() == 1


def test_a_process_of_another_machine_is_given_up_after_a_time(caller: Client) -> None:
    send(caller)
    IdempotentCall.objects.update(answer=None, worker="elsewhere/1:1:x")
    assert send(caller).status_code == 409
    IdempotentCall.objects.update(started=timezone.now() - idempotency.LONGEST - timedelta(seconds=1))
    assert send(caller).status_code == 202


def test_an_answer_that_cannot_be_kept_is_found_by_the_next_call(
    caller: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(call: IdempotentCall, answer: object) -> None:
        raise OperationalError("database is locked")

    with monkeypatch.context() as patched:
        patched.setattr(idempotency, "finish", away)
        assert send(caller).status_code == 503
    assert send(caller).status_code == 202
    assert Extraction.objects.count() == 1


def test_keys_are_forgotten_after_a_day(caller: Client) -> None:
    send(caller)
    IdempotentCall.objects.update(started=timezone.now() - idempotency.KEPT - timedelta(seconds=1))
    assert "Idempotent-Replayed" not in send(caller).headers
    assert Extraction.objects.count() == 2
    assert idempotency.forget() == 0
    IdempotentCall.objects.update(started=timezone.now() - idempotency.KEPT - timedelta(seconds=1))
    assert idempotency.forget() == 1


def test_a_deleted_extraction_takes_its_kept_answer_along(caller: Client) -> None:
    location = send(caller).headers["Location"]
    assert caller.delete(location).status_code == 204
    assert IdempotentCall.objects.count() == 0


def test_repetitions_count_as_calls(caller: Client, settings: Settings) -> None:
    settings.KD_API_RATE = (2, 3600)
    assert [send(caller).status_code for _ in range(3)] == [202, 202, 429]


def test_large_files_and_several_of_them(caller: Client) -> None:
    """Files are hashed piece by piece, and read from their start afterwards."""
    url = f"{ROOT}/projects/slips/documents"
    answers = [
        caller.post(url, {"file": [slip("a.pdf"), slip("b.pdf", b"%PDF-" + b"x" * 3_000_000)]}, headers=KEY).json()
        for _ in range(2)
    ]
    assert answers[0] == answers[1]
    assert [row["error"] is None for row in answers[0]["results"]] == [True, False]
    assert Document.objects.count() == 1


def test_reading_takes_no_key(caller: Client) -> None:
    assert caller.get(f"{ROOT}/projects/slips/models", headers=KEY).status_code == 200
    assert IdempotentCall.objects.count() == 0
