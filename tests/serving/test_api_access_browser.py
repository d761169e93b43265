"""The API page in a real browser, and its calls as somebody would paste them into a shell."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from extraction.models import Extraction, ModelVersion, Project, Role, TrainingRun, User
from extraction.services.projects import tokens
from extraction.services.serving import registry
from tests.serving.stand_ins import Predictor, Reader
from tests.support import builders
from tests.support.drawing import encoded, receipt

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Opened = Callable[..., Page]
# As if the typed client were installed.
CLIENT = str(Path(settings.BASE_DIR) / "client")


@pytest.fixture
def project(monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project that serves a model; OCR and the student are stood in for."""
    monkeypatch.setattr("extraction.services.serving.field_extraction.read", lambda project, path: [Reader()])
    monkeypatch.setattr(registry, "predictor", lambda model: Predictor())
    monkeypatch.setattr(registry, "files", lambda model: [Path("model.onnx")])
    held = builders.project("receipts")
    run = TrainingRun.objects.create(project=held, name="small")
    ModelVersion.objects.create(
        project=held, run=run, name="small", folder="x", sha256="0" * 64, bytes=1, stage="production"
    )
    return held


@pytest.fixture
def olga(project: Project) -> User:
    return builders.member(project, Role.OWNER)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "receipt.jpg"
    path.write_bytes(encoded(receipt()))
    return path


def test_a_token_is_made_copied_and_gone_after_a_reload(open_page: Opened, olga: User, project: Project) -> None:
    page = open_page(olga, permissions=["clipboard-read", "clipboard-write"])
    page.clock.install()
    page.goto(reverse("api", args=["receipts"]))
    page.get_by_label("Program").fill("night import")
    page.get_by_role("button", name="Make a token").click()
    shown = page.locator("#token-value")
    expect(shown).to_contain_text("export KD_TOKEN=kd_")
    expect(page.get_by_role("button", name="Copy", exact=True).first).to_be_focused()
    # The button says for two seconds that it has copied.
    page.clock.pause_at(datetime.now() + timedelta(hours=1))
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == shown.text_content()
    row = tokens.authenticate(copied.removeprefix("export KD_TOKEN="))
    assert row is not None
    assert (row.name, row.scopes) == ("night import", ["extract"])
    page.reload()
    expect(page.locator("#tokens")).to_contain_text("night import")
    expect(shown).to_have_count(0)
    assert project.tokens.count() == 1


def test_a_token_is_revoked_after_a_question(open_page: Opened, olga: User, project: Project) -> None:
    _, token = tokens.create(project, olga, name="till", scopes=["read"])
    page = open_page(olga)
    page.goto(reverse("api", args=["receipts"]))
    page.get_by_role("button", name="Revoke till").click()
    dialog = page.get_by_role("dialog", name="Revoke till?")
    dialog.get_by_role("button", name="Cancel").click()
    assert tokens.authenticate(token)
    page.get_by_role("button", name="Revoke till").click()
    dialog.get_by_role("button", name="Revoke").click()
    expect(page.get_by_text("The token till opens nothing any more.")).to_be_visible()
    assert tokens.authenticate(token) is None


def test_a_token_without_a_scope_is_refused_in_a_sentence(open_page: Opened, olga: User) -> None:
    page = open_page(olga)
    page.goto(reverse("api", args=["receipts"]))
    page.get_by_label("Program").fill("till")
    page.get_by_label("extract").first.uncheck()
    page.get_by_role("button", name="Make a token").click()
    expect(page.get_by_role("alert")).to_contain_text("at least one scope")
    expect(page.get_by_label("Program")).to_have_value("till")


def test_a_try_shows_the_answer_and_joins_the_last_calls(open_page: Opened, olga: User, file: Path) -> None:
    page = open_page(olga)
    page.goto(reverse("api", args=["receipts"]))
    expect(page.get_by_text("Nobody has called yet")).to_be_visible()
    page.set_input_files("#try-file", file)
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_text("200 OK")).to_be_visible()
    expect(page.locator("#answer")).to_contain_text('"normalized": "2018-12-25"')
    expect(page.locator("#history")).to_contain_text("receipt.jpg")


@pytest.mark.parametrize("call", ["call-curl-1", "call-python-1", "call-kdweb-client-1"])
def test_a_call_works_as_it_is_pasted(
    open_page: Opened, olga: User, project: Project, file: Path, live_server: LiveServer, call: str
) -> None:
    if call.startswith("call-curl") and not shutil.which("curl"):
        pytest.skip("curl is not installed")
    page = open_page(olga)
    page.goto(reverse("api", args=["receipts"]))
    text = page.locator(f"#{call}").text_content() or ""
    _, token = tokens.create(project, olga, name="till", scopes=["extract"])
    command = ["sh", "-c", text] if call.startswith("call-curl") else [sys.executable, "-c", text]
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    done = subprocess.run(
        command,
        env={**environment, "KD_TOKEN": token, "PYTHONPATH": CLIENT},
        cwd=file.parent,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert "3.30" in done.stdout
    assert Extraction.objects.get().token is not None
