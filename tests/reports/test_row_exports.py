"""Exports of rows: a line for each, with the columns of its document; and label files with rows, which load again."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from PIL import Image

from extraction.domain.fields import Schema
from extraction.domain.prediction import FieldValue, RowValue
from extraction.models import Label, Project, Role, Scope, Source, User
from extraction.services.documents import intake
from extraction.services.labels import store
from extraction.services.projects import projects, tokens
from extraction.services.reports.export.labelled_documents import Selected
from extraction.services.reports.export.registry import PROJECT_EXPORTERS
from tests.support import builders

pytestmark = pytest.mark.django_db

ITEMS = {"name": "items", "type": "group", "fields": [{"name": "article"}, {"name": "amount", "type": "money"}]}
TAXES = {"name": "taxes", "type": "group", "fields": [{"name": "rate"}, {"name": "source"}]}


def schema(*groups: dict[str, Any]) -> Schema:
    fields = [{"name": "total", "type": "money"}, *groups]
    return Schema.from_json({"name": "Bills", "document": "bill", "field": fields})


@pytest.fixture
def owner() -> User:
    return builders.user("olga")


@pytest.fixture
def project(owner: User) -> Project:
    """A document with rows of a student, one of a teacher, one without rows, and one with a group that holds none."""
    held = builders.project("bills", owner=owner, schema=schema(ITEMS, TAXES))
    documents = [builders.document(held, "Shop", "Tea 1,50", "Total 5.50") for _ in range(4)]
    store.write(documents[0], "total", "5.50", source=Source.TRUTH)
    cells = {"article": FieldValue("Tea", "Tea", 0.9), "amount": FieldValue("1,50", "1.50", 0.8)}
    rows = [RowValue(cells, 0.75), RowValue({"article": FieldValue("=1+1", "=1+1", 0.4)}, 0.3)]
    text = json.dumps([{"article": "Tea", "amount": "1,50"}, {"article": "=1+1", "amount": None}])
    store.write(documents[0], "items", text, source=Source.STUDENT, teacher="small", rows=rows)
    said = [{"article": "Ham", "amount": "a gift"}]
    store.write(documents[1], "items", json.dumps(said), source=Source.TEACHER, teacher="rules")
    store.write(documents[1], "taxes", json.dumps([{"rate": "19 %", "source": "law"}]), source=Source.TRUTH)
    store.write(documents[2], "items", None, source=Source.REVIEWER)
    store.write(documents[3], "items", "no rows", source=Source.TEACHER, teacher="rules")
    return held


def table(project: Project, **chosen: Any) -> list[dict[str, str]]:
    text = "".join(PROJECT_EXPORTERS["rows"].write(Selected(project, **chosen)))
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def objects(project: Project, **chosen: Any) -> list[dict[str, Any]]:
    written: list[dict[str, Any]] = json.loads(
        "".join(PROJECT_EXPORTERS["rows-json"].write(Selected(project, **chosen)))
    )
    return written


def test_a_line_has_a_row_and_repeats_its_document(project: Project) -> None:
    first, second = project.documents.order_by("pk")[:2]
    lines = objects(project)
    assert lines[0] == {
        "id": first.pk,
        "file": first.name,
        "document.split": "train",
        "document.review": "waiting",
        "total": "5.50",
        "total.normalized": "5.50",
        "total.source": "truth",
        "total.probability": None,
        "total.doubts": None,
        "items.row": 1,
        "items.confidence": 0.75,
        "items.source": "student",
        "items/article": "Tea",
        "items/article.normalized": "Tea",
        "items/amount": "1,50",
        "items/amount.normalized": "1.50",
    }
    assert [(line["file"], line["items.row"], line["items/article"]) for line in lines[:3]] == [
        (first.name, 1, "Tea"),
        (first.name, 2, "=1+1"),
        (second.name, 1, "Ham"),
    ]
    assert (lines[1]["total"], lines[1]["items/amount"]) == ("5.50", None)
    assert (lines[2]["items/amount"], lines[2]["items/amount.normalized"]) == ("a gift", None)


def test_a_document_without_rows_has_a_line(project: Project) -> None:
    """Lest it is missed by whoever adds up documents."""
    lines = objects(project)[3:]
    assert [(line["items.row"], line["items.source"], line["items/article"]) for line in lines] == [
        (None, "reviewer", None),
        (None, "teacher", None),
    ]


def test_the_table_has_the_same_lines_and_no_formula(project: Project) -> None:
    lines = table(project)
    assert [list(line) for line in lines] == [list(line) for line in objects(project)]
    assert lines[0]["items/amount"] == "1,50"
    assert lines[1]["items/article"] == "'=1+1"
    assert lines[1]["items/amount"] == ""


def test_one_of_several_groups_is_chosen(project: Project) -> None:
    assert [line["taxes/rate"] for line in objects(project, group="taxes")] == [None, "19 %", None, None]
    assert objects(project, group="taxes")[1]["taxes/source"] == "law"
    assert all("items" not in column for column in objects(project, group="taxes")[0])
    assert PROJECT_EXPORTERS["rows"].filename(Selected(project, group="taxes")) == "bills-taxes.csv"


def test_a_project_without_groups_has_a_line_a_document(owner: User) -> None:
    held = builders.project("flat", owner=owner, schema=schema())
    assert objects(held) == table(held) == []
    store.write(builders.document(held), "total", "3.30", source=Source.TRUTH)
    assert [line["total"] for line in objects(held)] == [line["total"] for line in table(held)] == ["3.30"]


def test_columns_follow_the_schema(project: Project) -> None:
    """A column that is gone is left out, a new one is empty."""
    changed = {**ITEMS, "fields": [{"name": "article"}, {"name": "quantity", "type": "number"}]}
    projects.change_schema(project, schema(changed))
    line = objects(project)[0]
    assert (line["items/article"], line["items/quantity"]) == ("Tea", None)
    assert "items/amount" not in line


def test_many_rows_are_streamed(project: Project) -> None:
    rows = [{"article": "x" * 200, "amount": "1.00"}] * 2000
    document = builders.document(project)
    store.write(document, "items", json.dumps(rows), source=Source.TRUTH, spans=())
    pieces = list(PROJECT_EXPORTERS["rows"].write(Selected(project)))
    assert len(pieces) > 2000
    assert max(map(len, pieces)) < 1000


def test_page_command_and_api_give_the_rows_of_a_group(
    client: Client, project: Project, owner: User, tmp_path: Path
) -> None:
    client.force_login(builders.member(project, Role.VIEWER))
    page = client.get(reverse("documents", args=["bills"], query={"search": "ham"})).content.decode()
    expected = "".join(PROJECT_EXPORTERS["rows-json"].write(Selected(project, group="taxes")))
    url = reverse("labels_export", args=["bills", "rows-json"])
    assert f'href="{url}?search=ham&amp;group=taxes"' in page
    assert "Export JSON of rows (taxes)" in page
    download: Any = client.get(f"{url}?group=taxes")
    assert b"".join(download.streaming_content).decode() == expected
    out = io.StringIO()
    call_command("export", "bills", "--format", "rows-json", "--group", "taxes", stdout=out)
    assert out.getvalue() == expected
    _, token = tokens.create(project, owner, name="test", scopes=[Scope.READ])
    headers = {"Authorization": f"Bearer {token}"}
    answer: Any = client.get("/api/v1/projects/bills/export?format=rows-json&group=taxes", headers=headers)
    assert b"".join(answer.streaming_content).decode() == expected
    assert answer["Content-Type"] == "application/json"


def test_the_page_offers_rows_where_there_are_groups(client: Client, owner: User) -> None:
    client.force_login(owner)
    for slug, groups, count in (("flat", (), 0), ("one", (ITEMS,), 2), ("two", (ITEMS, TAXES), 4)):
        builders.document(builders.project(slug, owner=owner, schema=schema(*groups)))
        page = client.get(reverse("documents", args=[slug])).content.decode()
        assert (page.count("CSV of rows") + page.count("JSON of rows")) // 2 == count


@pytest.mark.parametrize("group", ["total", "nothing", "items/article", "x" * 40])
def test_an_unknown_group_is_refused_on_every_way(client: Client, project: Project, owner: User, group: str) -> None:
    client.force_login(owner)
    assert client.get(reverse("labels_export", args=["bills", "rows"], query={"group": group})).status_code == 400
    with pytest.raises(CommandError, match="groups: items, taxes") as refusal:
        call_command("export", "bills", "--format", "rows", "--group", group)
    assert refusal.value.returncode == 2
    _, token = tokens.create(project, owner, name="test", scopes=[Scope.READ])
    url = f"/api/v1/projects/bills/export?format=rows&group={group}"
    assert client.get(url, headers={"Authorization": f"Bearer {token}"}).status_code == 422


LABELS: list[dict[str, Any]] = [
    {"file": "a.png", "total": "3.30", "items": [{"article": "Tea", "amount": "RM 3.30"}, {"article": "Ham"}]},
    {"file": "b.png", "items": [], "taxes": None},
    {"file": "c.png", "items": [{"article": None, "amount": "1.00"}], "unsure": ["items"]},
    {
        "file": "d.png",
        "items": [{"article": "x" * 10_000, "amount": "1"}, *[{"article": "Tea", "amount": "1.50"}] * 5000],
    },
]


def test_exported_rows_load_again_to_the_same_labels(owner: User, tmp_path: Path) -> None:
    for number, line in enumerate(LABELS):
        Image.effect_noise((300, 400), 20 + 20 * number).save(tmp_path / line["file"])
    path = builders.write_jsonl(tmp_path / "labels.jsonl", LABELS)
    values = []
    for slug in ("first", "second"):
        held = builders.project(slug, owner=owner, schema=schema(ITEMS, TAXES))
        for line in LABELS:
            next(iter(intake.add_upload(held, line["file"], tmp_path / line["file"], enqueue=False)))
        call_command("load", slug, "--labels", str(path), "--source", "truth")
        path = tmp_path / f"{slug}.jsonl"
        call_command("export", slug, "--output", str(path))
        labels = Label.objects.filter(document__project=held).order_by("document__name", "field")
        values.append(list(labels.values_list("document__name", "field", "value", "normalized", "unsure")))
        written = sorted((json.loads(line) for line in path.read_text().splitlines()), key=lambda line: line["file"])
        assert written == LABELS
    assert values[0] == values[1]
