"""Label files from programs: queued, loaded by a worker, and told of with what was refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from extraction.models import Document, Label, LabelImport, Project
from extraction.services.projects import tokens
from tests.documents.label_files.files import tasks, worked
from tests.support import builders

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/projects/receipts/label-files"


@pytest.fixture
def program(project: Project, documents: dict[str, Document]) -> Client:
    person = builders.member(project, "owner")
    _, token = tokens.create(project, person, name="loader", scopes=["manage", "read"])
    return Client(headers={"Authorization": f"Bearer {token}"}, raise_request_exception=False)


def send(program: Client, content: str, query: str, headers: dict[str, str] | None = None) -> Any:
    return program.post(f"{ROOT}{query}", {"file": SimpleUploadedFile("l.json", content.encode())}, headers=headers)


def test_a_file_is_loaded_and_told_of(program: Client) -> None:
    content = "\n".join(json.dumps({"file": name, "total": "1.00"}) for name in ("a.jpg", "x.jpg"))
    answer = send(program, content, "?source=truth")
    assert (answer.status_code, answer.json()["state"]) == (202, "loading")
    worked(LabelImport.objects.get())
    told = program.get(answer.headers["Location"]).json()
    assert (told["state"], told["new"], told["known"], told["refused"]) == ("loaded", 1, 0, 1)
    assert told["lines"] == [{"line": 2, "reason": "x.jpg is not in the project."}]
    assert program.get(ROOT).json()["results"] == [told]


def test_names_are_mapped_in_the_call_and_others_passed_over(program: Client) -> None:
    answer = send(program, tasks(Sum="47.11", Stamp="PAID"), "?source=teacher&format=label-studio&map=Sum=total")
    row = worked(LabelImport.objects.get(pk=answer.json()["id"]))
    assert (row.state, row.new, row.passed_over) == ("loaded", 1, {"Stamp": 1})
    assert Label.objects.get().value == "47.11"


def test_a_file_of_which_no_name_is_known_is_refused(program: Client) -> None:
    send(program, tasks(Stamp="PAID"), "?source=teacher&format=label-studio")
    worked(LabelImport.objects.get())
    (told,) = program.get(ROOT).json()["results"]
    assert (told["state"], told["error"]) == ("refused", "l.json names no field of the project.")


@pytest.mark.parametrize(
    "query", ["", "?source=student", "?source=truth&format=docx", "?source=truth&map=a", "?source=truth&map=a=nothing"]
)
def test_wrong_calls_are_refused(program: Client, query: str) -> None:
    answer = send(program, "{}", query)
    assert answer.status_code in (400, 422)
    assert answer.json()["detail"]
    assert not LabelImport.objects.exists()


def test_a_call_that_comes_again_loads_once(program: Client) -> None:
    key = {"Idempotency-Key": "k-1"}
    content = json.dumps({"file": "a.jpg", "total": "1.00"})
    first, second = (send(program, content, "?source=truth", key) for _ in range(2))
    assert first.json()["id"] == second.json()["id"]
    assert LabelImport.objects.count() == 1
