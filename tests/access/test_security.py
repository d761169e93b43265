"""What holds for every answer, and what may never leave: keys, tokens, files that run."""

import io
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings
from structlog.stdlib import ProcessorFormatter

from extraction.models import Document, Project, User
from extraction.services import storage
from extraction.services.projects import tokens
from tests.access.answers import guarded
from tests.support import builders
from tests.support.drawing import encoded, receipt

pytestmark = pytest.mark.django_db
SECRET = "a-secret-key-that-no-page-may-show"
MARKUP = '<img src=x onerror="alert(1)">.png'


@pytest.mark.parametrize("url", ["api:openapi-view", "api:openapi-json"])
def test_what_the_api_says_of_itself_is_guarded_too(client: Client, url: str) -> None:
    assert guarded(client.get(reverse(url)))


def test_refusals_and_errors_are_guarded(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    client.raise_request_exception = False
    client.force_login(builders.user())
    assert guarded(client.get("/nowhere/"))
    assert guarded(Client(enforce_csrf_checks=True).post(reverse("login")))
    monkeypatch.setattr("extraction.services.projects.summaries.summaries_for", boom)
    broken = client.get(reverse("projects"))
    assert broken.status_code == 500
    assert guarded(broken)


def boom(*_: object, **__: object) -> None:
    raise RuntimeError(f"the key is {django_settings.SECRET_KEY}")


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """What the installation's own handlers write, as they write it."""
    written = io.StringIO()
    found = [handler for handler in logging.getLogger().handlers if isinstance(handler.formatter, ProcessorFormatter)]
    assert found
    before = [handler.setStream(written) for handler in found if isinstance(handler, logging.StreamHandler)]
    yield written
    for handler, stream in zip(found, before, strict=True):
        if isinstance(handler, logging.StreamHandler) and stream is not None:
            handler.setStream(stream)


def test_a_fault_shows_and_logs_neither_key_nor_token(
    client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch, logged: io.StringIO
) -> None:
    settings.SECRET_KEY = SECRET
    olga = builders.user("olga")
    project = builders.project("receipts", owner=olga)
    _, token = tokens.create(project, olga, name="till", scopes=["read"])
    monkeypatch.setattr("extraction.services.projects.summaries.summaries_for", boom)
    monkeypatch.setattr("extraction.services.serving.registry.serving", boom)
    monkeypatch.setattr("extraction.services.projects.tokens.allows", boom)
    client.raise_request_exception = False
    client.force_login(olga)
    bearer = {"Authorization": f"Bearer {token}"}
    shown = [
        client.get(reverse("projects")),
        client.get(reverse("api", args=["receipts"])),
        client.get(f"/api/v1/projects/receipts/models?token={token}", headers=bearer),
    ]
    assert [response.status_code for response in shown] == [500, 500, 500]
    text = b"".join(response.content for response in shown).decode() + logged.getvalue()
    assert logged.getvalue().count("RuntimeError") >= len(shown)
    assert SECRET not in text
    assert token not in text
    assert token[3:] not in text


def test_debugging_is_off_unless_it_is_asked_for() -> None:
    assert django_settings.DEBUG is False


@pytest.fixture
def page(client: Client) -> Client:
    builders.project("receipts", owner=builders.user("olga"))
    client.force_login(User.objects.get(username="olga"))
    return client


def test_a_file_name_with_markup_is_text_wherever_it_is_shown(page: Client) -> None:
    file = SimpleUploadedFile("plain.png", encoded(receipt()), "image/png")
    file._name = MARKUP  # the class itself would take the part after the last slash
    bad = SimpleUploadedFile("bad.png", b"nothing", "image/png")
    bad._name = MARKUP.replace("x", "y")
    told = page.post(reverse("documents_upload", args=["receipts"]), {"files": [file, bad]}, follow=True)
    document = Document.objects.get()
    assert document.name == MARKUP
    shown = [
        told,
        page.get(reverse("documents", args=["receipts"])),
        page.get(reverse("document", args=["receipts", document.pk])),
        page.get(reverse("review_document", args=["receipts", document.pk])),
    ]
    assert "&lt;img src=y" in told.content.decode()
    assert not [
        response for response in shown if b"<img src=x" in response.content or b"<img src=y" in response.content
    ]


@pytest.mark.parametrize(
    ("kept", "sent"),
    [
        ("image/jpeg", "image/jpeg"),
        ("application/pdf", "application/pdf"),
        ("image/tiff", "image/tiff"),
        ("text/html", "application/octet-stream"),
        ("image/svg+xml", "application/octet-stream"),
        ("application/zip", "application/octet-stream"),
        ("text/html; charset=x", "application/octet-stream"),
    ],
)
def test_an_original_is_saved_and_never_run(page: Client, data_dir: Path, kept: str, sent: str) -> None:
    document = builders.document(Project.objects.get())
    Document.objects.update(media_type=kept, name='report".html\r\nX-Evil: 1')
    path = storage.path(document.original)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"<script>alert(1)</script>")
    response = page.get(reverse("original", args=["receipts", document.pk]))
    assert response.headers["Content-Type"] == sent
    assert response.headers["Content-Disposition"].startswith("attachment;")
    assert "X-Evil" not in response.headers
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert "no-store" in response.headers["Cache-Control"]
    assert guarded(response)


@pytest.mark.parametrize("name", ["page.svg", "page.html", "page.jpg.html", "page"])
def test_a_picture_is_shown_as_one_of_the_few_kinds_or_not_at_all(page: Client, data_dir: Path, name: str) -> None:
    document = builders.document(Project.objects.get())
    document.pages.update(image=f"odd/{name}")
    storage.path("odd").mkdir()
    storage.path(f"odd/{name}").write_bytes(b"<svg onload='alert(1)'/>")
    response = page.get(reverse("page_image", args=["receipts", document.pk, 0]))
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert guarded(response)
