"""Answers as files: every exporter keeps to its protocol, by batch and day, from page, API and command."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from extraction.domain.fields import Schema
from extraction.models import AuditAction, AuditEntry, ExtractionBatch, ModelVersion, Project, Role, Scope, User
from extraction.services.projects import projects, tokens
from extraction.services.reports.export.answers import given
from extraction.services.reports.export.answers.given import Given
from extraction.services.reports.export.protocol import Exporter
from extraction.services.reports.export.registry import ANSWER_EXPORTERS
from extraction.services.serving.answers.listing import ALL, Filter
from tests.serving.answers import worlds
from tests.support import builders
from tests.support.programs import ROOT, model

FIELDS = [
    {"name": "total", "type": "money"},
    {"name": "date", "type": "date"},
    {"name": "company"},
    {"name": "items", "type": "group", "fields": [{"name": "description"}, {"name": "amount", "type": "money"}]},
]
SCHEMA = Schema.from_json({"name": "Slips", "document": "receipt", "field": FIELDS})
URL = f"{ROOT}/projects/slips/extractions/export"


@pytest.fixture
def project(owner: User) -> Project:
    return projects.create("slips", SCHEMA, owner=owner)


@pytest.fixture
def version(project: Project) -> ModelVersion:
    """With an answer of the student, one of both with rows, a refused file of a batch, and one that waits."""
    version = model(project, "first", "production")
    cell = {"value": "=Coffee", "normalized": "Coffee", "confidence": 0.98, "boxes": []}
    rows = [{"cells": {"description": cell}, "confidence": 0.97, "checks": {"product": None}}]
    worlds.done(version, "october.jpg", "2026-10-31")
    row = worlds.escalated(version, name="=both.jpg", day="2026-11-01")
    row.fields["items"] = worlds.answer("[…]", 0.8, rows=rows, checks={"sum": True})
    row.save()
    worlds.refused(version, name="bad.jpg", day="2026-11-30", batch=worlds.batch(version), position=0)
    worlds.done(version, "waiting.jpg", state="queued", fields=None)
    return version


def joined(pieces: Any) -> bytes:
    return b"".join(piece if isinstance(piece, bytes) else piece.encode() for piece in pieces)


def written(name: str, project: Project, condition: Filter = ALL) -> bytes:
    return joined(ANSWER_EXPORTERS[name].write(Given(project, condition)))


def table(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("name", ANSWER_EXPORTERS)
def test_every_exporter_keeps_to_the_protocol(name: str, project: Project, version: ModelVersion) -> None:
    exporter: Exporter[Given] = ANSWER_EXPORTERS[name]
    assert exporter.name == name
    assert exporter.title
    assert "/" in exporter.media_type
    batch = ExtractionBatch.objects.get()
    for subject in (Given(project), Given(project, Filter(batch=batch))):
        assert not set('"/\\\r\n') & set(exporter.filename(subject))
    assert written(name, project) == written(name, project) != b""


@pytest.mark.parametrize("name", ANSWER_EXPORTERS)
def test_queries_grow_with_parts_alone(
    name: str, project: Project, version: ModelVersion, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(7) as first:
        written(name, project)
    for _ in range(9):
        worlds.escalated(version)
    with django_assert_max_num_queries(len(first.captured_queries)):
        written(name, project)


def test_a_line_is_the_answer_of_the_api_with_both_sides(
    caller: Client, project: Project, version: ModelVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(given, "PART", 1)
    lines = [json.loads(line) for line in written("jsonl", project).decode().splitlines()]
    assert [line["file"] for line in lines] == ["october.jpg", "=both.jpg", "bad.jpg"]
    both = lines[1]
    assert (both["created"], both["batch"]) == ("2026-11-01T12:00:00+00:00", None)
    assert both["student"]["date"]["value"] == "26/12/2018"
    assert both["teacher"]["date"]["value"] == "25/12/2018"
    alone = caller.get(f"{ROOT}/extractions/{both['id']}").json()
    assert {name: both[name] for name in alone} == alone
    assert lines[2]["batch"] == str(ExtractionBatch.objects.get().public_id)
    assert (lines[2]["error"], lines[2]["student"], lines[2]["teacher"]) == ("The file is empty.", None, None)


def test_a_table_tells_source_doubt_and_dollars_and_holds_no_formula(project: Project, version: ModelVersion) -> None:
    alone, both, refused = table(written("csv", project))
    assert both["file"] == "'=both.jpg"
    assert (both["answer.usd"], both["answer.escalated"], both["answer.ms"]) == ("0.0031", "done", "1472.3")
    assert (both["total"], both["total.source"], both["total.check"]) == ("3.30", "both", "accepted")
    assert (both["total.student"], both["total.teacher"]) == ("", "")
    assert (both["date.check"], both["date.student"], both["date.teacher"]) == ("doubtful", "26/12/2018", "25/12/2018")
    assert (both["company"], both["company.confidence"]) == ("'=BEAN THERE", "0.91")
    assert (alone["total.source"], alone["total.check"], alone["date"]) == ("student", "", "")
    assert (refused["answer.state"], refused["answer.error"], refused["total"]) == ("failed", "The file is empty.", "")


def test_a_workbook_has_a_sheet_of_files_and_one_of_rows(project: Project, version: ModelVersion) -> None:
    book = openpyxl.load_workbook(io.BytesIO(written("xlsx", project)))
    assert book.sheetnames == ["answers", "items"]
    files = [list(line) for line in book["answers"].values]
    assert files[0] == given.header(SCHEMA.names)
    assert [line[1] for line in files[1:]] == ["october.jpg", "=both.jpg", "bad.jpg"]
    header, row = [list(line) for line in book["items"].values]
    assert header[1:6] == ["file", "items.row", "items.confidence", "items.source", "items/description"]
    assert row[1:9] == ["=both.jpg", 1, 0.97, "student", "=Coffee", "Coffee", None, None]
    assert {cell.data_type for sheet in book for line in sheet for cell in line} <= {"n", "s", "inlineStr"}


def downloaded(client: Client, url: str, query: dict[str, str], headers: dict[str, str] | None = None) -> list[str]:
    response: Any = client.get(url, query, headers=headers or {})
    assert response.status_code == 200
    assert "attachment" in response["Content-Disposition"]
    return [json.loads(line)["file"] for line in b"".join(response.streaming_content).splitlines()]


def test_days_and_batches_narrow_every_way_out(
    client: Client, project: Project, owner: User, version: ModelVersion
) -> None:
    batch = str(ExtractionBatch.objects.get().public_id)
    _, token = tokens.create(project, owner, name="test", scopes=[Scope.EXTRACT])
    headers = {"Authorization": f"Bearer {token}"}
    client.force_login(builders.member(project, Role.VIEWER))
    page = reverse("answers_export", args=["slips", "jsonl"])
    for query, files in (
        ({}, ["october.jpg", "=both.jpg", "bad.jpg"]),
        ({"since": "2026-11-01"}, ["=both.jpg", "bad.jpg"]),
        ({"since": "2026-11-01", "until": "2026-11-29"}, ["=both.jpg"]),
        ({"batch": batch}, ["bad.jpg"]),
    ):
        assert downloaded(client, page, query) == files
        assert downloaded(Client(), URL, query, headers) == files
        out = io.StringIO()
        call_command(
            "export", "slips", "--answers", *(f"--{name}={value}" for name, value in query.items()), stdout=out
        )
        assert [json.loads(line)["file"] for line in out.getvalue().splitlines()] == files
    assert downloaded(client, page, {"since": "", "until": ""}) == ["october.jpg", "=both.jpg", "bad.jpg"]


def test_an_export_is_in_the_audit_log(client: Client, project: Project, version: ModelVersion) -> None:
    client.force_login(builders.member(project, Role.VIEWER))
    client.get(reverse("answers_export", args=["slips", "csv"]), {"since": "2026-11-01"})
    entry = AuditEntry.objects.filter(action=AuditAction.EXPORTED).latest("pk")
    assert (entry.name, entry.changes) == ("answers", {"format": "csv", "since": "2026-11-01"})


def test_what_does_not_fit_is_refused(client: Client, caller: Client, project: Project, version: ModelVersion) -> None:
    client.force_login(builders.member(project, Role.VIEWER))
    other = worlds.batch(model(builders.project("other"), "theirs"))
    page = reverse("answers_export", args=["slips", "jsonl"])
    for query in ({"since": "yesterday"}, {"batch": "1"}):
        assert client.get(page, query).status_code == 400
        assert caller.get(URL, query).status_code == 422
    for asked in (client.get(page, {"batch": str(other.public_id)}), caller.get(URL, {"batch": str(other.public_id)})):
        assert asked.status_code == 404
    assert client.get(reverse("answers_export", args=["slips", "xml"])).status_code == 400
    assert caller.get(URL, {"format": "xml"}).status_code == 422


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--since", "2026-11-01"], "--since: only of --answers"),
        (["--answers", "--report", "1"], "exclude each other"),
        (["--answers", "--format", "coco"], "one of jsonl, csv, xlsx, not 'coco'"),
        (["--answers", "--format", "xlsx"], "is no text: name a file"),
    ],
)
def test_the_command_refuses_in_one_sentence(version: ModelVersion, arguments: list[str], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        call_command("export", "slips", *arguments)


def test_the_command_writes_a_workbook(project: Project, version: ModelVersion, tmp_path: Path) -> None:
    path = tmp_path / "answers.xlsx"
    call_command("export", "slips", "--answers", "--format", "xlsx", "--output", str(path), stdout=io.StringIO())
    assert path.read_bytes() == written("xlsx", project)


def test_pages_offer_every_format(client: Client, project: Project, version: ModelVersion) -> None:
    client.force_login(builders.member(project, Role.VIEWER))
    batch = ExtractionBatch.objects.get()
    api = client.get(reverse("api", args=["slips"])).content.decode()
    page = client.get(reverse("extraction_batch", args=["slips", batch.pk])).content.decode()
    for name in ANSWER_EXPORTERS:
        url = reverse("answers_export", args=["slips", name])
        assert f'formaction="{url}"' in api
        assert f'href="{url}?batch={batch.public_id}"' in page
