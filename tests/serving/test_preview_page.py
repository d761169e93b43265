"""Trying a model on a file: answers with boxes on the picture, or one sentence; nothing is kept."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from extraction.engines.ingest.ocr.base import OcrUnavailable
from extraction.models import ModelVersion, Project, Source, User
from extraction.services.labels import store
from extraction.services.serving import extractions, field_extraction, registry
from extraction.services.serving.slots import Slots
from extraction.services.training import training_runs
from tests.serving.stand_ins import Predictor, Reader, picture
from tests.support import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    held = builders.project("receipts", owner=builders.user("olga"))
    for _ in range(2):
        store.write(builders.document(held), "total", "3.30", source=Source.TEACHER, teacher="rules")
    run = training_runs.start(held, name="small", config={"base": "tiny"})
    ModelVersion.objects.create(
        project=held, run=run, name="small", folder="x", sha256="0" * 64, bytes=1, stage="production"
    )
    return held


@pytest.fixture
def page(client: Client, project: Project, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A member's client; OCR and the student are stood in for, files are checked as ever."""
    monkeypatch.setattr(field_extraction, "read", lambda project, path: [Reader()])
    monkeypatch.setattr(registry, "predictor", lambda model: Predictor())
    monkeypatch.setattr(registry, "files", lambda model: [Path("model.onnx")])
    client.force_login(User.objects.get(username="olga"))
    return client


def attempt(page: Client, file: SimpleUploadedFile | None, **typed: str) -> str:
    typed_and_file: dict[str, Any] = {**typed, **({"file": file} if file else {})}
    response = page.post(reverse("model_try", args=["receipts"]), typed_and_file)
    assert response.status_code == 200
    return response.content.decode()


def test_the_answers_stand_beside_the_picture_with_their_boxes(page: Client) -> None:
    text = attempt(page, picture())
    for expected in ("3.30", "2018-12-25", "93 %", "not found", "read by small", "data:image/jpeg;base64,"):
        assert expected in text
    assert text.count("<rect") == 2
    assert "<html" not in text


def test_nothing_of_the_file_is_kept(page: Client, project: Project, data_dir: Path) -> None:
    before = project.documents.count()
    attempt(page, picture())
    assert project.documents.count() == before
    assert not [path for path in data_dir.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    "content", [b"", b"<html><body>hello</body></html>", b"\xff\xd8\xff\xe0 cut off", b"MZ\x90\x00 a program"]
)
def test_a_file_that_is_no_document_is_refused_in_one_sentence(page: Client, content: bytes) -> None:
    text = attempt(page, SimpleUploadedFile("bad.jpg", content, "image/jpeg"))
    assert "bad.jpg: " in text
    assert "<svg" not in text


def test_no_file_is_said(page: Client) -> None:
    assert "Choose a file first." in attempt(page, None)


def test_an_unknown_model_is_not_found(page: Client) -> None:
    response = page.post(reverse("model_try", args=["receipts"]), {"file": picture(), "model": "nobody"})
    assert response.status_code == 404


def test_without_a_serving_model_it_is_refused(page: Client) -> None:
    ModelVersion.objects.update(stage="archived")
    response = page.post(reverse("model_try", args=["receipts"]), {"file": picture()})
    assert response.status_code == 409


def test_a_model_without_files_is_refused(page: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "files", lambda model: [])
    response = page.post(reverse("model_try", args=["receipts"]), {"file": picture()})
    assert response.status_code == 409


def test_a_missing_reader_is_said(page: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def unavailable(project: Project, path: Path) -> None:
        raise OcrUnavailable("Tesseract is not installed.")

    monkeypatch.setattr(field_extraction, "read", unavailable)
    response = page.post(reverse("model_try", args=["receipts"]), {"file": picture()}, headers={"HX-Request": "true"})
    assert (response.status_code, response.content.decode()) == (409, "Tesseract is not installed.")


def test_a_busy_server_says_so(page: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    slots = Slots(waiting=0, timeout=1)
    monkeypatch.setattr(extractions, "slots", slots)
    with slots.acquire():
        assert "Too many files are being read right now" in attempt(page, picture())
    assert "3.30" in attempt(page, picture())


def test_a_file_name_cannot_become_markup(page: Client) -> None:
    assert "<b>" not in attempt(page, SimpleUploadedFile("<b>.jpg", b"nothing", "image/jpeg"))
