"""A file in, its fields out at once: the contract's JSON, refusals, and who may wait."""

import hashlib
import json
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from extraction.domain.prediction import FieldValue
from extraction.models import AnswerCheck, Extraction, ModelVersion, Project
from extraction.services import storage
from extraction.services.serving import extractions, field_extraction
from extraction.services.serving.slots import Slots
from tests.support.badfiles import pdf, text_pdf
from tests.support.programs import ROOT, model, slip

URL = f"{ROOT}/projects/slips/extract"


def files(data_dir: Path) -> list[Path]:
    return [path for path in (data_dir / "files").rglob("*") if path.is_file() and "models" not in path.parts]


def test_the_answer_is_the_contract_s(caller: Client, served: ModelVersion, data_dir: Path) -> None:
    sent = slip()
    response = caller.post(URL, {"file": sent})
    answer = response.json()
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    of_file = {"id", "state", "error", "document", "model", "timing_ms", "unsure", "review"}
    assert set(answer) == {*of_file, "fields", "escalated", "usd"}
    assert (answer["escalated"], answer["usd"], answer["review"]) == ("off", 0, None)
    assert (answer["state"], answer["error"], answer["model"]) == ("done", None, "small")
    sent.seek(0)
    assert answer["document"] == {"sha256": hashlib.sha256(sent.read()).hexdigest(), "pages": 1}
    assert set(answer["fields"]) == {"company", "date", "total", "payment", "items"}
    total = answer["fields"]["total"]
    assert set(total) == {"value", "normalized", "confidence", "boxes", "source", "accepted"}
    assert (total["value"], total["normalized"], total["source"]) == ("47.11", "47.11", "student")
    assert 0 < total["confidence"] <= 1
    assert set(total["boxes"][0]) == {"page", "x0", "y0", "x1", "y1"}
    assert set(answer["timing_ms"]) == {"ingest", "ocr", "student", "total"}
    assert files(data_dir) == []


def test_what_was_answered_can_be_read_again(caller: Client, served: ModelVersion) -> None:
    answer = caller.post(URL, {"file": slip()}).json()
    row = Extraction.objects.get()
    assert (row.author, row.token and row.token.name, row.name) == (row.token and row.token.user, "test", "slip.pdf")
    again = caller.get(f"{ROOT}/extractions/{answer['id']}")
    assert (again.status_code, again.json()) == (200, answer)


def test_a_model_may_be_named(caller: Client, served: ModelVersion) -> None:
    served.stage = "archived"
    served.save()
    assert caller.post(URL, {"file": slip()}).status_code == 409
    assert caller.post(f"{URL}?model=small", {"file": slip()}).json()["model"] == "small"
    assert caller.post(f"{URL}?model=ghost", {"file": slip()}).status_code == 404
    assert caller.post(f"{URL}?model=no/name", {"file": slip()}).status_code == 422


def test_a_model_of_another_format_answers_with_a_sentence(
    caller: Client, served: ModelVersion, data_dir: Path
) -> None:
    description = storage.path(served.folder) / "student.json"
    description.write_text(json.dumps({**json.loads(description.read_text()), "format": 1}))
    ModelVersion.objects.filter(pk=served.pk).update(sha256="another")
    answer = caller.post(URL, {"file": slip()})
    assert answer.status_code == 409
    assert "cannot be used" in answer.json()["detail"]


def test_a_file_that_takes_too_long_gives_its_turn_back(
    caller: Client, served: ModelVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(field_extraction, "SECONDS_WAITING", 0.0)
        answer = caller.post(URL, {"file": slip()})
        assert answer.status_code in (400, 413, 422)
        assert "took longer" in answer.json()["detail"]
    assert caller.post(URL, {"file": slip()}).status_code == 200


@pytest.mark.parametrize(("order", "normalized"), [("dmy", "2026-02-06"), ("mdy", "2026-06-02"), ("found", None)])
def test_a_students_dates_follow_the_order_that_the_project_has_now(
    project: Project, order: str, normalized: str | None
) -> None:
    project.date_order = order
    answers = {"date": FieldValue("06/02/2026", None, 0.9), "total": FieldValue("3.30", "3.30", 0.9)}
    found = field_extraction.by_the_projects_order(project, answers)
    assert (found["date"].normalized, found["total"].normalized) == (normalized, "3.30")


def test_a_model_without_files_answers_nothing(caller: Client, project: Project, data_dir: Path) -> None:
    row = model(project, "gone", "production")
    (data_dir / "files" / row.folder / "model.onnx").unlink()
    response = caller.post(URL, {"file": slip()})
    assert response.status_code == 409
    assert response.json()["detail"] == "The files of the model gone are gone."


@pytest.mark.parametrize("content", [b"", b"<html>", b"MZ a program", b"\xff\xd8\xff\xe0 cut off", b"%PDF-1.4 nothing"])
@pytest.mark.parametrize("mode", ["sync", "async"])
def test_a_file_that_is_no_document_is_refused_in_one_sentence(
    caller: Client, project: Project, data_dir: Path, content: bytes, mode: str
) -> None:
    model(project, "small", "production")
    response = caller.post(f"{URL}?mode={mode}", {"file": slip("bad.pdf", content)})
    problem = response.json()
    assert response.status_code == 422
    assert response.headers["Content-Type"] == "application/problem+json"
    assert problem["detail"].endswith(".")
    assert files(data_dir) == []
    assert not Extraction.objects.exists()


def test_a_long_document_is_for_a_worker(caller: Client, project: Project) -> None:
    model(project, "small", "production")
    response = caller.post(URL, {"file": slip(content=pdf(extractions.PAGES + 1))})
    assert response.status_code == 422
    assert "21 pages" in response.json()["detail"]
    assert caller.post(f"{URL}?mode=async", {"file": slip(content=pdf(extractions.PAGES + 1))}).status_code == 202


def test_a_request_without_a_file_is_told_what_is_missing(caller: Client, project: Project) -> None:
    response = caller.post(URL)
    assert response.status_code == 422
    assert [row["pointer"] for row in response.json()["errors"]] == ["/file/file"]


def test_beyond_a_few_who_wait_callers_are_told_to_come_back(
    caller: Client, served: ModelVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    slots = Slots(waiting=0, timeout=1)
    monkeypatch.setattr(extractions, "slots", slots)
    with slots.acquire():
        response = caller.post(URL, {"file": slip()})
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0
    assert response.json()["title"] == "Service Unavailable"
    assert not Extraction.objects.exists()
    assert caller.post(URL, {"file": slip()}).status_code == 200


def test_a_name_that_came_with_a_path_is_kept_without_it(caller: Client, served: ModelVersion) -> None:
    caller.post(URL, {"file": slip("..\\secret\\a\x07.pdf", text_pdf(("Total 3.30",)))})
    assert Extraction.objects.get().name == "a.pdf"


def test_extractions_say_which_answers_need_no_review(caller: Client, served: ModelVersion) -> None:
    sent = {"file": slip()}
    answers = caller.post(f"{ROOT}/projects/slips/extract", sent).json()["fields"]
    assert {answer["accepted"] for answer in answers.values()} == {None}
    confidence = answers["total"]["confidence"]
    AnswerCheck.objects.create(
        model=served,
        documents=60,
        answers={"total": [[confidence, True]] * 60, "date": [[1.0, True]] * 60},
        guarantees={},
        measured=timezone.now(),
    )
    changed = caller.patch(
        f"{ROOT}/projects/slips/guarantees",
        {"targets": {"total": 0.05, "date": 0.05}},
        content_type="application/json",
    )
    assert changed.json()["fields"]["total"]["guarantee"]["threshold"] == confidence
    again = caller.post(f"{ROOT}/projects/slips/extract", {"file": slip()}).json()
    assert {name: again["fields"][name]["accepted"] for name in ("total", "date", "payment")} == {
        "total": True,
        "date": answers["date"]["confidence"] == 1.0,
        "payment": None,
    }
    assert caller.get(f"{ROOT}/extractions/{again['id']}").json() == again
    assert caller.post(f"{ROOT}/projects/slips/guarantees/check").json()["checking"]
