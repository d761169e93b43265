"""Exporters: what every registered one must keep to, the files of labels, and the recipe for a new one."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from PIL import Image

from extraction.domain.fields import Schema
from extraction.domain.results.costs import USUAL
from extraction.domain.results.reports import WrongAnswer
from extraction.models import Document, Label, Project, Report, Role, Scope, Source, User
from extraction.services.documents.imports import bulk_import
from extraction.services.labels import store
from extraction.services.labels.label_files import jsonl
from extraction.services.projects import projects, tokens
from extraction.services.reports.export import labelled_documents
from extraction.services.reports.export.labelled_documents import Selected
from extraction.services.reports.export.protocol import Exporter
from extraction.services.reports.export.registry import PROJECT_EXPORTERS, REPORT_EXPORTERS
from extraction.services.reports.export.report_files import PricedReport
from tests.support import builders

pytestmark = pytest.mark.django_db

SCHEMA = Schema.from_json(
    {
        "name": "Receipts",
        "document": "receipt",
        "field": [
            {"name": "total", "type": "money"},
            {"name": "date", "type": "date"},
            {
                "name": "items",
                "type": "group",
                "fields": [{"name": "description"}, {"name": "amount", "type": "money"}],
            },
        ],
    }
)


@pytest.fixture
def owner() -> User:
    return builders.user("olga")


@pytest.fixture
def project(owner: User) -> Project:
    """Three labelled documents, one of them rejected, and one without labels."""
    project = builders.project("receipts", owner=owner, schema=SCHEMA)
    first, second, rejected = (builders.document(project) for _ in range(3))
    builders.document(project)
    store.write(first, "total", "9.99", source=Source.TEACHER, teacher="rules", unsure=True)
    store.write(first, "total", "3.30", source=Source.REVIEWER)
    store.write(first, "date", None, source=Source.TEACHER, teacher="rules", unsure=True)
    rows = [{"description": "=Coffee", "amount": "3.00"}]
    store.write(second, "items", json.dumps(rows), source=Source.TRUTH)
    store.write(second, "total", '=HYPERLINK("x")', source=Source.TEACHER, teacher="rules")
    store.write(rejected, "total", "1.00", source=Source.TRUTH)
    Document.objects.filter(pk=rejected.pk).update(review=Document.Review.REJECTED)
    return project


@pytest.fixture
def report(project: Project) -> Report:
    error = WrongAnswer(1, "a.jpg", "total", "=1+1", None, 0.0)
    value = builders.report_value(builders.reported("small", "student", 0.75, 2.0, [error]))
    return Report.objects.create(project=project, value=value.to_json())


def written(exporter: Exporter[Selected], project: Project, **narrowed: Any) -> str:
    pieces = exporter.write(Selected(project, **narrowed))
    return "".join(piece.decode(errors="replace") if isinstance(piece, bytes) else piece for piece in pieces)


def lines(project: Project) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written(PROJECT_EXPORTERS["jsonl"], project).splitlines()]


def check(name: str, exporter: Exporter[Any], subject: object) -> None:
    assert exporter.name == name
    assert name.replace("-", "").isalnum()
    assert name == name.lower()
    assert exporter.title
    assert "/" in exporter.media_type
    assert not set('"/\\\r\n') & set(exporter.filename(subject))
    pieces = list(exporter.write(subject))
    assert pieces
    assert pieces == list(exporter.write(subject))


@pytest.mark.parametrize("name", PROJECT_EXPORTERS)
def test_every_exporter_of_labels_keeps_to_the_protocol(name: str, project: Project) -> None:
    check(name, PROJECT_EXPORTERS[name], Selected(project))


@pytest.mark.parametrize("name", REPORT_EXPORTERS)
def test_every_exporter_of_reports_keeps_to_the_protocol(name: str, project: Project, report: Report) -> None:
    check(name, REPORT_EXPORTERS[name], PricedReport.of(project, report, USUAL))


@pytest.mark.parametrize("name", PROJECT_EXPORTERS)
def test_queries_do_not_grow_with_the_documents(
    name: str, project: Project, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(16) as first:
        written(PROJECT_EXPORTERS[name], project)
    for _ in range(5):
        store.write(builders.document(project), "total", "3.30", source=Source.TRUTH)
    with django_assert_max_num_queries(len(first.captured_queries)):
        written(PROJECT_EXPORTERS[name], project)


def test_a_line_holds_the_best_label_of_each_field(project: Project) -> None:
    first, second = project.documents.order_by("pk")[:2]
    assert lines(project) == [
        {"file": first.name, "total": "3.30", "date": None, "unsure": ["date"]},
        {
            "file": second.name,
            "total": '=HYPERLINK("x")',
            "items": [{"description": "=Coffee", "amount": "3.00"}],
        },
    ]


def test_a_line_holds_what_other_teachers_say_until_a_person_decides(project: Project, tmp_path: Path) -> None:
    second = project.documents.order_by("pk")[1]
    for teacher, value in (("openai:m", "3.30"), ("openai:m#list", "$ 3.30"), ("acme:m", None)):
        store.write(second, "total", value, source=Source.TEACHER, teacher=teacher)
    assert lines(project)[1]["total"] == "$ 3.30"
    assert lines(project)[1]["alternatives"] == {
        "total": [{"value": '=HYPERLINK("x")', "said_by": ["rules"]}, {"value": None, "said_by": ["acme:m"]}]
    }
    (tmp_path / second.name).write_bytes(b"gone")
    line = builders.write_jsonl(tmp_path / "labels.jsonl", [lines(project)[1]])
    assert jsonl.parse(project, line).files == {tmp_path / second.name}
    store.write(second, "total", "3.30", source=Source.REVIEWER)
    assert "alternatives" not in lines(project)[1]


def test_documents_are_read_in_batches(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = lines(project)
    monkeypatch.setattr(labelled_documents, "BATCH", 1)
    assert lines(project) == whole


def test_files_that_share_a_name_are_told_apart(project: Project) -> None:
    """A label must not go to another file of that name when it is loaded."""
    project.documents.update(name="scan.jpg")
    first = project.documents.order_by("pk")[0]
    files = [line["file"] for line in lines(project)]
    assert files[0] == f"scan-{first.sha256[:16]}.jpg"
    assert len(set(files)) == 2


def test_a_field_that_is_gone_is_left_out(project: Project) -> None:
    projects.change_schema(
        project, Schema.from_json({**SCHEMA.to_json(), "field": [{"name": "total", "type": "money"}]})
    )
    assert [set(line) for line in lines(project)] == [{"file", "total"}] * 2


def test_exported_labels_are_loaded_again(tmp_path: Path, owner: User) -> None:
    """From one project into another one, beside the files."""
    names = ("a.png", "b.png")
    for number, name in enumerate(names):
        Image.effect_noise((300, 400), 20 + 20 * number).save(tmp_path / name)
    labels = [
        {"file": "a.png", "total": "RM 3.30", "date": None, "items": [{"description": "Tea", "amount": "3.30"}]},
        {"file": "b.png", "total": "4.40", "unsure": ["total"]},
    ]
    path = tmp_path / "labels.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in labels))
    for slug in ("first", "second"):
        project = builders.project(slug, owner=owner, schema=SCHEMA)
        for name in names:
            added = next(iter(bulk_import.intake.add_upload(project, name, tmp_path / name, enqueue=False)))
            assert added.created
        call_command("load", slug, "--labels", str(path), "--source", "truth")
        path = tmp_path / f"{slug}.jsonl"
        call_command("export", slug, "--output", str(path))
        assert lines(project) == [
            {"file": "a.png", "total": "RM 3.30", "date": None, "items": [{"description": "Tea", "amount": "3.30"}]},
            {"file": "b.png", "total": "4.40", "unsure": ["total"]},
        ]
    assert Label.objects.count() == 8


def test_a_table_of_labels_holds_no_formula(project: Project) -> None:
    text = written(PROJECT_EXPORTERS["csv"], project)
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    first, second = project.documents.order_by("pk")[:2]
    assert [row["id"] for row in rows] == [str(first.pk), str(second.pk)]
    assert (rows[0]["total"], rows[0]["total.normalized"], rows[0]["total.source"]) == ("3.30", "3.30", "reviewer")
    assert (rows[0]["items"], rows[0]["items.source"]) == ("", "")
    assert rows[1]["total"] == '\'=HYPERLINK("x")'


def test_the_command_writes_to_stdout_or_into_a_file(project: Project, report: Report, tmp_path: Path) -> None:
    out = io.StringIO()
    call_command("export", "receipts", stdout=out)
    assert out.getvalue() == written(PROJECT_EXPORTERS["jsonl"], project)
    path = tmp_path / "labels.csv"
    out = io.StringIO()
    call_command("export", "receipts", "--format", "csv", "--output", str(path), "--json", stdout=out)
    assert path.read_text(encoding="utf-8") == written(PROJECT_EXPORTERS["csv"], project).replace("\r\n", "\n")
    assert json.loads(out.getvalue()) == {"project": "receipts", "format": "csv", "file": str(path)}
    out = io.StringIO()
    call_command("export", "receipts", "--report", str(report.pk), "--format", "json", stdout=out)
    assert json.loads(out.getvalue()) == report.value


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["receipts", "--format", "xml"], "one of jsonl, csv, xlsx, rows, rows-json, coco, huggingface, not 'xml'"),
        (["receipts", "--report", "999999"], "no report 999999"),
        (["receipts", "--json"], "--json needs --output"),
        (["nothing"], "no project named 'nothing'"),
        (["receipts", "--output", "/nowhere/labels.jsonl"], "No such file"),
    ],
)
def test_the_command_refuses_in_one_sentence(project: Project, arguments: list[str], words: str) -> None:
    with pytest.raises(CommandError, match=words) as refusal:
        call_command("export", *arguments)
    assert refusal.value.returncode == 2


def test_a_failed_export_leaves_the_old_file(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "labels.jsonl"
    path.write_text("old")

    def fail(row: object) -> Iterator[str]:
        yield "half"
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(PROJECT_EXPORTERS["jsonl"], "write", fail)
    with pytest.raises(CommandError, match="No space left"):
        call_command("export", "receipts", "--output", str(path))
    assert [(file.name, file.read_text()) for file in tmp_path.glob("*labels*")] == [("labels.jsonl", "old")]


def test_a_download_from_the_page_keeps_its_filter_and_order(
    client: Client, project: Project, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(labelled_documents, "BATCH", 1)
    client.force_login(owner)

    def downloaded(**query: str) -> list[str]:
        page = client.get(reverse("documents", args=["receipts"], query=query))
        kept = page.context["controls"].kept
        url = reverse("labels_export", args=["receipts", "jsonl"]) + (f"?{kept}" if kept else "")
        assert f'href="{url}"'.replace("&", "&amp;") in page.content.decode()
        response: Any = client.get(url)
        return [json.loads(line)["file"] for line in b"".join(response.streaming_content).decode().splitlines()]

    first, second = (row.name for row in project.documents.order_by("pk")[:2])
    assert downloaded() == [first, second]
    assert downloaded(search="3,30") == [first]
    assert downloaded(lacks="items") == [first]
    assert downloaded(sort="-name") == sorted([first, second], reverse=True)
    assert downloaded(sort="field.total") == [first, second]
    assert downloaded(search="nowhere", sort="name") == []


def test_an_unknown_format_is_refused_on_every_way(client: Client, project: Project, owner: User) -> None:
    client.force_login(owner)
    assert client.get(reverse("labels_export", args=["receipts", "xml"])).status_code == 400
    _, token = tokens.create(project, owner, name="test", scopes=[Scope.READ])
    headers = {"Authorization": f"Bearer {token}"}
    response = client.get("/api/v1/projects/receipts/export?format=xml", headers=headers)
    assert (response.status_code, response.json()["detail"]) == (
        422,
        "The format of an export is one of jsonl, csv, xlsx, rows, rows-json, coco, huggingface, not 'xml'.",
    )


def test_a_report_that_is_not_written_is_not_found(client: Client, project: Project, owner: User) -> None:
    empty = Report.objects.create(project=project)
    _, token = tokens.create(project, owner, name="test", scopes=[Scope.READ])
    url = f"/api/v1/projects/receipts/reports/{empty.pk}/export"
    assert client.get(url, headers={"Authorization": f"Bearer {token}"}).status_code == 404


# The recipe of docs/recipes/exporter.md: a class, here without a module of its own, and one registration.
@dataclass(frozen=True)
class NameList:
    name: str = "names"
    title: str = "Names"
    media_type: str = "text/plain; charset=utf-8"

    def filename(self, subject: Selected) -> str:
        return f"{subject.project.slug}-names.txt"

    def write(self, subject: Selected) -> Iterator[str]:
        for name in subject.project.documents.values_list("name", flat=True).order_by("pk"):
            yield f"{name}\n"


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> NameList:
    exporter = NameList()
    monkeypatch.setitem(PROJECT_EXPORTERS, exporter.name, exporter)
    return exporter


def test_a_new_exporter_is_on_the_page_in_the_command_and_in_the_api(
    names: NameList, client: Client, project: Project, owner: User
) -> None:
    check("names", names, Selected(project))
    expected = written(names, project)
    url = reverse("labels_export", args=["receipts", "names"])

    client.force_login(builders.member(project, Role.VIEWER))
    page = client.get(reverse("documents", args=["receipts"])).content.decode()
    assert f'href="{url}"' in page
    assert "Export Names" in page
    download: Any = client.get(url)
    assert b"".join(download.streaming_content).decode() == expected
    assert download["Content-Disposition"] == 'attachment; filename="receipts-names.txt"'

    out = io.StringIO()
    call_command("export", "receipts", "--format", "names", stdout=out)
    assert out.getvalue() == expected

    _, token = tokens.create(project, owner, name="test", scopes=[Scope.READ])
    headers = {"Authorization": f"Bearer {token}"}
    response: Any = client.get("/api/v1/projects/receipts/export?format=names", headers=headers)
    assert b"".join(response.streaming_content).decode() == expected
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    described = client.get("/api/v1/openapi.json").json()["paths"]["/api/v1/projects/{slug}/export"]["get"]
    assert "names" in described["parameters"][-1]["schema"]["enum"]
    assert "text/plain" in described["responses"]["200"]["content"]
