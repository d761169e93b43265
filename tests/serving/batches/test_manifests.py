"""Manifests: keys of the object store that a batch reads, below the operator's prefix and nowhere else."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from django.core.exceptions import ImproperlyConfigured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django.fixtures import Settings

from extraction.models import Extraction, ExtractionBatch, IdempotentCall, ModelVersion, Project, Role, User
from extraction.services import leftovers, object_store, storage
from extraction.services.documents import staging
from extraction.services.serving.batches import manifests
from extraction.services.serving.batches import work as working
from kdweb import servers
from tests.serving.batches.sending import archive, content, work
from tests.support import builders
from tests.support.programs import ROOT
from tests.support.servers.object_store import BUCKET, Machine, stored

pytestmark = pytest.mark.django_db
URL = f"{ROOT}/projects/slips/batches/manifest"
PAGE = "/projects/slips/api/batches/"
Put = Callable[..., None]


def manifest(*lines: str | bytes, end: bytes = b"\n") -> SimpleUploadedFile:
    raw = (line if isinstance(line, bytes) else line.encode() for line in lines)
    return SimpleUploadedFile("keys.txt", b"".join(line + end for line in raw), "text/plain")


@pytest.fixture
def put(machine: Machine, settings: Settings) -> Put:
    """`put(key, content)` stores an object in the bucket, whose folder `inbox` manifests may name."""
    settings.KD_BATCH_PREFIX = "inbox"
    endpoint = settings.STORAGES["default"]["OPTIONS"]["endpoint_url"]
    client = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1")

    def stored(key: str, body: bytes | None = None) -> None:
        client.put_object(Bucket=BUCKET, Key=key, Body=content() if body is None else body)

    return stored


@pytest.fixture
def published(put: Put, serving: ModelVersion) -> ModelVersion:
    """The serving model, in the store."""
    storage.publish(storage.path(serving.folder).glob("*"))
    return serving


@pytest.fixture
def sent(caller: Client, published: ModelVersion) -> Callable[..., ExtractionBatch]:
    """`sent(*lines)` is the batch of a manifest."""

    def send(*lines: str | bytes, end: bytes = b"\n") -> ExtractionBatch:
        response = caller.post(URL, {"file": manifest(*lines, end=end)})
        assert response.status_code == 202, response.content
        return ExtractionBatch.objects.get(public_id=response.json()["id"])

    return send


Sent = Callable[..., ExtractionBatch]


def answers(batch: ExtractionBatch) -> list[tuple[str, str, str]]:
    return list(batch.extractions.order_by("position").values_list("name", "state", "error"))


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_each_key_gets_its_line_and_the_objects_stay(put: Put, sent: Sent, caller: Client, end: bytes) -> None:
    put("inbox/slips/a.pdf")
    put("inbox/slips/märz/b.pdf")
    put("inbox/slips/c.pdf", b"no picture")
    batch = sent(b"\xef\xbb\xbfinbox/slips/a.pdf", "", "inbox/slips/märz/b.pdf", "inbox/slips/c.pdf", end=end)
    assert (batch.name, batch.total) == ("keys.txt", 3)
    assert work(batch).state == "done"
    response: Any = caller.get(f"{ROOT}/batches/{batch.public_id}/results")
    lines = [json.loads(line) for line in b"".join(response.streaming_content).decode().splitlines()]
    assert [line["file"] for line in lines] == ["inbox/slips/a.pdf", "inbox/slips/märz/b.pdf", "inbox/slips/c.pdf"]
    assert [line["state"] for line in lines] == ["done", "done", "failed"]
    assert lines[0]["fields"]["total"]["normalized"] == "3.30"
    # Nothing of the manifest or of the objects stays with kdweb, and no object was touched.
    assert [name for name in stored() if "/models/" not in name] == []
    assert object_store.Content("inbox/slips/a.pdf").read() == content()


ELSEWHERE = (
    "inbox/other/secret.pdf",
    "inbox/slips/../other/secret.pdf",
    "inbox/slips/./a.pdf",
    "inbox/slips//a.pdf",
    "/inbox/slips/a.pdf",
    "inbox/slips/",
    "inbox/slipsbeside/a.pdf",
    "kdweb/projects/1/documents/original.jpg",
    "s3://elsewhere/inbox/slips/a.pdf",
    "file:///etc/passwd",
    "inbox/slips/a\x00.pdf",
    b"inbox/slips/\xff.pdf",
    "inbox/slips/" + "x" * 5000,
)


def test_whatever_lies_elsewhere_is_refused_with_its_line(
    put: Put, sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("inbox/slips/a.pdf")
    put("inbox/other/secret.pdf")
    asked, read = list[str](), object_store.Content.read

    def noted(self: object_store.Content, size: int = -1) -> bytes:
        asked.append(self._key)
        return read(self, size)

    monkeypatch.setattr(object_store.Content, "read", noted)
    first, *refused = answers(work(sent("inbox/slips/a.pdf", "  ", *ELSEWHERE)))
    assert first[1] == "done"
    assert {state for _, state, _ in refused} == {"failed"}
    lines = range(3, 3 + len(ELSEWHERE))
    assert [error.partition(":")[0] for _, _, error in refused] == [f"Line {number}" for number in lines]
    assert set(asked) == {"inbox/slips/a.pdf"}


def test_an_object_that_is_not_there_or_too_large_harms_no_other(
    put: Put, sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staging, "LIMITS", staging.Limits(bytes=10_000))
    put("inbox/slips/large.pdf", b"%PDF-" + b"x" * 20_000)
    put("inbox/slips/many.zip", archive(a=content()).read())
    put("inbox/slips/a.pdf")
    names = ("gone.pdf", "large.pdf", "many.zip", "a.pdf")
    batch = work(sent(*(f"inbox/slips/{name}" for name in names)))
    assert [state for _, state, _ in answers(batch)] == ["failed", "failed", "failed", "done"]
    assert answers(batch)[0][2].startswith("Line 1: ")


@pytest.mark.parametrize("code", ["AccessDenied", "InvalidObjectState"])
def test_an_object_that_the_store_does_not_give_is_refused(
    put: Put, sent: Sent, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    put("inbox/slips/a.pdf")

    def denied(self: object_store.Content, size: int = -1) -> bytes:
        with object_store._answering():
            raise ClientError({"Error": {"Code": code}}, "GetObject")

    monkeypatch.setattr(object_store.Content, "read", denied)
    assert [state for _, state, _ in answers(work(sent("inbox/slips/a.pdf")))] == ["failed"]


def test_killed_it_goes_on_and_reads_no_object_again(put: Put, sent: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = [f"inbox/slips/{name}.pdf" for name in "abc"]
    for key in keys:
        put(key)
    batch, answer = sent(*keys), working._answer

    def killed(batch: ExtractionBatch, position: int, name: str, source: Any) -> None:
        if position == 2:
            raise SystemExit
        answer(batch, position, name, source)

    with monkeypatch.context() as patched:
        patched.setattr(working, "_answer", killed)
        with pytest.raises(SystemExit):
            work(batch)
    before = list(batch.extractions.values_list("pk", flat=True))
    put("inbox/slips/a.pdf", b"changed meanwhile")
    assert work(batch).state == "done"
    assert [name for name, _, _ in answers(batch)] == keys
    assert {state for _, state, _ in answers(batch)} == {"done"}
    assert set(before) < set(batch.extractions.values_list("pk", flat=True))


def test_while_the_store_is_away_it_waits(put: Put, sent: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    put("inbox/slips/a.pdf")
    batch = sent("inbox/slips/a.pdf")

    def away(self: object_store.Content, size: int = -1) -> bytes:
        raise object_store.Unavailable

    with monkeypatch.context() as patched:
        patched.setattr(object_store.Content, "read", away)
        work(batch)
    assert (batch.state, answers(batch)) == ("running", [])
    assert work(batch).state == "done"
    assert [state for _, state, _ in answers(batch)] == ["done"]


def test_the_lines_are_never_held_together(tmp_path: Path, project: Project, put: Put) -> None:
    path = tmp_path / "keys.txt"
    path.write_bytes(b"inbox/slips/a.pdf\n" * 100_000)
    assert manifests.count(path) == manifests.KEYS
    found = manifests.files(path, project)
    assert next(found)[0] == next(found)[0] == "inbox/slips/a.pdf"
    with path.open("ab") as file:
        file.write(b"inbox/slips/one-too-many.pdf\n")
    with pytest.raises(manifests.Invalid):
        manifests.count(path)


@pytest.mark.parametrize("lines", [[], ["", "  "]])
def test_without_a_key_it_is_refused(
    caller: Client, put: Put, published: ModelVersion, project: Project, lines: list[str]
) -> None:
    assert caller.post(URL, {"file": manifest(*lines)}).status_code == 422
    assert not ExtractionBatch.objects.exists()
    assert [name for name in stored() if "/models/" not in name] == []


def test_unless_the_operator_names_a_prefix_there_are_none(
    caller: Client, client: Client, owner: User, put: Put, published: ModelVersion, settings: Settings
) -> None:
    client.force_login(owner)
    assert 'name="manifest"' in client.get(PAGE).content.decode()
    settings.KD_BATCH_PREFIX = ""
    assert caller.post(URL, {"file": manifest("inbox/slips/a.pdf")}).status_code == 409
    assert 'name="manifest"' not in client.get(PAGE).content.decode()
    assert not Extraction.objects.exists()


def test_a_prefix_that_is_taken_away_stops_what_waits(put: Put, sent: Sent, settings: Settings) -> None:
    batch = sent("inbox/slips/a.pdf")
    settings.KD_BATCH_PREFIX = ""
    assert work(batch).state == "failed"
    assert answers(batch) == []


def test_a_repeated_call_makes_one_batch(caller: Client, put: Put, published: ModelVersion) -> None:
    key = {"Idempotency-Key": "k"}
    first = caller.post(URL, {"file": manifest("inbox/slips/a.pdf")}, headers=key).json()
    IdempotentCall.objects.update(answer=None, worker="")
    assert caller.post(URL, {"file": manifest("inbox/slips/a.pdf")}, headers=key).json()["id"] == first["id"]
    assert ExtractionBatch.objects.count() == 1


def test_every_key_counts_for_the_token_s_quota(caller: Client, put: Put, published: ModelVersion, owner: User) -> None:
    token = owner.tokens.get()
    token.quota = 2
    token.save()
    assert caller.post(URL, {"file": manifest(*["inbox/slips/a.pdf"] * 3)}).status_code == 429
    assert caller.post(URL, {"file": manifest(*["inbox/slips/a.pdf"] * 2)}).status_code == 202


def test_people_send_one_on_the_page(client: Client, put: Put, published: ModelVersion, project: Project) -> None:
    put("inbox/slips/a.pdf")
    client.force_login(builders.member(project, Role.REVIEWER))
    assert "inbox/slips/" in client.get(PAGE).content.decode()
    assert client.post(PAGE, {"manifest": manifest("inbox/slips/a.pdf")}).status_code == 302
    assert work(ExtractionBatch.objects.get()).state == "done"
    refused = client.post(PAGE, {"manifest": manifest()})
    assert refused.status_code == 400
    assert 'role="alert"' in refused.content.decode()


@pytest.mark.parametrize(
    ("url", "prefix", "usable"),
    [
        ("s3://bucket/kdweb", "inbox", True),
        ("s3://bucket/kdweb", "/in/box/", True),
        ("s3://bucket/kdweb", "kdweb/inbox", True),
        ("s3://bucket/kdweb", "projects", True),
        ("s3://bucket", "inbox", True),
        ("s3://bucket/kdweb", "kdweb", False),
        ("s3://bucket/kdweb", "kdweb/projects/1", False),
        ("s3://bucket/kdweb", "in/../kdweb", False),
        ("s3://bucket/kdweb", "in//box", False),
        ("s3://bucket", "projects", False),
        ("s3://bucket", "incoming/receipts", False),
        ("", "inbox", False),
    ],
)
def test_the_prefix_lies_apart_from_what_kdweb_keeps(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, url: str, prefix: str, usable: bool
) -> None:
    monkeypatch.setenv("KD_FILES_URL", url)
    monkeypatch.setenv("KD_BATCH_PREFIX", prefix)
    with nullcontext() if usable else pytest.raises(ImproperlyConfigured, match="KD_BATCH_PREFIX"):
        assert servers.batch_prefix(servers.files(tmp_path)) == prefix.strip("/")
    assert {storage.PROJECTS, leftovers.INCOMING} == set(servers.OWN_FOLDERS)
