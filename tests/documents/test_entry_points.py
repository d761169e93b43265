"""Every bad file through every door: one sentence each, in bounded memory, and the good files go in."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from extraction.engines.ingest.limits import Limits
from extraction.models import Document, ModelVersion, Project, User
from extraction.services.documents import staging
from tests.support.badfiles import BAD_ARCHIVES, BAD_FILES, EVERY_BAD_FILE, BadFile, archive, text_pdf
from tests.support.commands import Command
from tests.support.programs import ROOT, SLIP

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

MOST_GROWTH = 400 * 2**20
# What waits to be read by a worker; it is refused then.
AT_ONCE = (*BAD_FILES, *BAD_ARCHIVES)
GOOD = text_pdf(SLIP)
BUNDLE = archive({"deep/inside.pdf": text_pdf((*SLIP, "Thank you")), "bad.jpg": b"<html>"})


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same limits, sooner reached."""
    monkeypatch.setattr(staging, "LIMITS", Limits(seconds=2))


@pytest.fixture(autouse=True)
def _bounded() -> Iterator[None]:
    before = psutil.Process().memory_info().rss
    yield
    assert psutil.Process().memory_info().rss - before < MOST_GROWTH


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "mixed"
    folder.mkdir()
    for bad in EVERY_BAD_FILE:
        (folder / bad.name).write_bytes(bad.build())
    (folder / "good.pdf").write_bytes(GOOD)
    (folder / "bundle.zip").write_bytes(BUNDLE)
    return folder


def check(bad: BadFile, sentences: Sequence[str]) -> None:
    assert sentences, bad.name
    for sentence in sentences:
        assert re.search(bad.expected, sentence), (bad.name, sentence)
        assert re.fullmatch(r"[A-Z][^\n]*\.", sentence)
        assert ". " not in sentence
        assert "/tmp" not in sentence


def of(name: str, rows: Sequence[dict[str, Any]], key: str, reason: str) -> list[str]:
    """Reasons of the rows about a file or, if it is an archive, about what is in it."""
    return [row[reason] for row in rows if re.search(rf"(^|/){re.escape(name)}(/|$)", row[key])]


def upload(client: Client, name: str, data: bytes) -> list[dict[str, Any]]:
    url = reverse("documents_upload", args=["slips"])
    file = SimpleUploadedFile(name, data, "application/octet-stream")
    response = client.post(url, {"files": file}, headers={"accept": "application/json"})
    rows: list[dict[str, Any]] = response.json()["results"]
    assert response.status_code == (400 if all(row["error"] for row in rows) else 200)
    return rows


def send(caller: Client, name: str, data: bytes) -> list[dict[str, Any]]:
    file = SimpleUploadedFile(name, data, "application/octet-stream")
    response = caller.post(f"{ROOT}/projects/slips/documents", {"file": file})
    assert response.status_code == 200
    rows: list[dict[str, Any]] = response.json()["results"]
    return rows


@pytest.mark.parametrize("door", ["page", "api"])
def test_by_upload(door: str, project: Project, owner: User, client: Client, caller: Client) -> None:
    client.force_login(owner)
    into = {"page": lambda *file: upload(client, *file), "api": lambda *file: send(caller, *file)}[door]
    for bad in AT_ONCE:
        rows = into(bad.name, bad.build())
        check(bad, [row["error"] for row in rows])
        assert all(row["name"].startswith(bad.name) for row in rows)
    assert not project.documents.exists()
    [row] = into("good.pdf", GOOD)
    assert row["created"]
    inside, refused = into("bundle.zip", BUNDLE)
    assert (inside["name"], inside["created"], inside["error"]) == ("bundle.zip/deep/inside.pdf", True, None)
    assert (refused["name"], refused["created"]) == ("bundle.zip/bad.jpg", False)
    assert "web page" in refused["error"]
    assert set(project.documents.values_list("name", flat=True)) == {"good.pdf", "inside.pdf"}


def test_by_load(project: Project, command: Command, files: Path) -> None:
    code, told = command("load", "slips", files)
    assert code == 1
    for bad in EVERY_BAD_FILE:
        check(bad, of(bad.name, told["documents"]["refused"], "file", "reason"))
    assert told["documents"]["new"] == 2
    assert set(project.documents.values_list("name", "state")) == {
        ("good.pdf", Document.State.READY),
        ("inside.pdf", Document.State.READY),
    }


def test_by_extract(served: ModelVersion, command: Command, files: Path) -> None:
    paths = [files / bad.name for bad in EVERY_BAD_FILE]
    code, told = command("extract", "slips", *paths, files / "good.pdf")
    assert code == 1
    *refused, good = told["results"]
    for bad, row in zip(EVERY_BAD_FILE, refused, strict=True):
        check(bad if bad not in BAD_ARCHIVES else _closed(bad), [row["error"]])
        assert row["fields"] is row["timing_ms"] is None
    assert good["error"] is None
    assert good["fields"]


def test_by_the_api_s_extract(served: ModelVersion, caller: Client) -> None:
    for bad in EVERY_BAD_FILE:
        file = SimpleUploadedFile(bad.name, bad.build() or b" ", "application/octet-stream")
        response = caller.post(f"{ROOT}/projects/slips/extract", {"file": file})
        assert response.status_code == 422, bad.name
        if bad.name != "empty.jpg":
            check(bad if bad not in BAD_ARCHIVES else _closed(bad), [response.json()["detail"]])
    file = SimpleUploadedFile("good.pdf", GOOD)
    assert caller.post(f"{ROOT}/projects/slips/extract", {"file": file}).status_code == 200


def _closed(bad: BadFile) -> BadFile:
    """An archive where single files are read: it is not opened at all."""
    return bad._replace(expected="ZIP archive|office document")
