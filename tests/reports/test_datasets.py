"""Exports of more than lines of text: a workbook, boxes in COCO's form, and a folder for Hugging Face."""

from __future__ import annotations

import io
import json
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from openpyxl.utils.escape import unescape

from extraction.domain.fields import Schema
from extraction.models import Document, Page, Project, Source
from extraction.services import storage
from extraction.services.labels import store
from extraction.services.reports.export import labels_xlsx
from extraction.services.reports.export.archives import Entry, archive
from extraction.services.reports.export.labelled_documents import Selected
from extraction.services.reports.export.registry import PROJECT_EXPORTERS
from tests.support import builders

pytestmark = pytest.mark.django_db

SCHEMA = Schema.from_json(
    {
        "name": "Receipts",
        "document": "receipt",
        "field": [
            {"name": "company"},
            {"name": "total", "type": "money"},
            {"name": "items", "type": "group", "fields": [{"name": "labels"}, {"name": "amount", "type": "money"}]},
        ],
    }
)


@pytest.fixture
def project() -> Project:
    return builders.project("receipts", schema=SCHEMA)


@pytest.fixture
def document(project: Project) -> Document:
    """A receipt with two pages, of which one has the values."""
    held = builders.document(project, split="test", pages=[builders.page("Shop", "Tea 3.30"), builders.page("Thanks")])
    store.write(held, "company", "Shop", source=Source.TRUTH)
    store.write(held, "total", None, source=Source.TRUTH)
    rows = [{"labels": "Tea", "amount": "3.30"}]
    store.write(held, "items", json.dumps(rows), source=Source.TEACHER, teacher="rules")
    return held


def binary(name: str, project: Project, **narrowed: Any) -> bytes:
    pieces = PROJECT_EXPORTERS[name].write(Selected(project, **narrowed))
    return b"".join(piece if isinstance(piece, bytes) else piece.encode() for piece in pieces)


def workbook(project: Project, **narrowed: Any) -> Any:
    return openpyxl.load_workbook(io.BytesIO(binary("xlsx", project, **narrowed)))


def cells(sheet: Any) -> list[dict[str, Any]]:
    header, *lines = sheet.iter_rows(values_only=True)
    return [dict(zip(header, line, strict=True)) for line in lines]


def picture(document: Document, content: bytes = b"picture") -> None:
    for page in document.pages.all():
        path = storage.path(page.image)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def test_a_workbook_has_a_sheet_of_documents_and_one_of_each_group(project: Project, document: Document) -> None:
    made = workbook(project)
    assert made.sheetnames == ["labels", "items"]
    [line] = cells(made["labels"])
    assert (line["id"], line["file"], line["company"], line["total"]) == (document.pk, document.name, "Shop", None)
    [row] = cells(made["items"])
    assert (row["items.row"], row["items/labels"], row["items/amount"]) == (1, "Tea", "3.30")
    assert workbook(project, group="items").sheetnames == ["labels", "items"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "＝1", "\t=1", "\u200b=1"])
def test_a_workbook_runs_nothing_and_changes_nothing(project: Project, document: Document, text: str) -> None:
    store.write(document, "company", text, source=Source.TRUTH)
    sheet = workbook(project)["labels"]
    found = [cell for cell in sheet[2] if cell.value == document.labels.latest("pk").value]
    assert found
    assert all(cell.data_type != "f" and cell.quotePrefix for cell in found)


@pytest.mark.parametrize("text", ["a\x0bb", "<&>\"'", "_x000D_", "line\nbreak", "  blanks  ", "x" * 40_000])
def test_a_workbook_takes_any_text(project: Project, document: Document, text: str) -> None:
    document.labels.filter(field="company").update(value=text)
    [line] = cells(workbook(project)["labels"])
    # openpyxl leaves escapes in cells as they are.
    assert unescape(line["company"]) == text.replace("\x0b", "\ufffd")[:32_767]


def test_long_tables_go_on_in_another_sheet(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(labels_xlsx, "LINES", 2)
    for _ in range(4):
        store.write(builders.document(project), "company", "Shop", source=Source.TRUTH)
    made = workbook(project)
    assert made.sheetnames == ["labels", "labels 2", "items", "items 2"]
    assert [len(cells(sheet)) for sheet in made] == [2, 2, 2, 2]


def test_titles_of_sheets_differ(project: Project) -> None:
    assert labels_xlsx._unused("Labels", ["labels", "labels 2"]) == "Labels 3"
    assert len(labels_xlsx._unused("x" * 50, ["x" * 31])) == 31


def test_coco_has_an_image_a_page_and_a_box_a_printed_line(project: Project, document: Document) -> None:
    made = json.loads(binary("coco", project))
    names = {category["id"]: category["name"] for category in made["categories"]}
    assert list(names.values()) == ["company", "total", "items/labels", "items/amount"]
    first, second = made["images"]
    assert (first["file_name"], second["page"]) == (f"test/{document.pk}-1.jpg", 1)
    found = {names[box["category_id"]]: box for box in made["annotations"]}
    assert {name: box["text"] for name, box in found.items()} == {
        "company": "Shop",
        "items/labels": "Tea",
        "items/amount": "3.30",
    }
    assert (found["company"]["source"], found["items/amount"]["source"]) == ("truth", "teacher")
    assert {box["image_id"] for box in found.values()} == {first["id"]}
    for box in found.values():
        x, y, width, height = box["bbox"]
        assert 0 <= x < x + width <= first["width"]
        assert 0 <= y < y + height <= first["height"]
        assert box["area"] == pytest.approx(width * height, abs=0.1)
    assert len({box["id"] for box in made["annotations"]}) == len(made["annotations"])


def test_a_project_without_labels_has_no_boxes(project: Project) -> None:
    made = json.loads(binary("coco", project))
    assert (made["images"], made["annotations"]) == ([], [])


def test_hugging_face_has_pictures_by_split_with_their_lines(project: Project, document: Document) -> None:
    other = builders.document(project, split="train")
    store.write(other, "total", "1.00", source=Source.TRUTH)
    for each in (document, other):
        picture(each)
    made = zipfile.ZipFile(io.BytesIO(binary("huggingface", project)))
    assert made.testzip() is None
    assert sorted(made.namelist()) == sorted(
        [
            *(f"test/{document.pk}-{number}.jpg" for number in (1, 2)),
            *("test/metadata.jsonl", f"train/{other.pk}-1.jpg", "train/metadata.jsonl"),
        ]
    )
    assert made.read(f"train/{other.pk}-1.jpg") == b"picture"
    first, second = (json.loads(line) for line in made.read("test/metadata.jsonl").splitlines())
    assert first["file_name"] == f"{document.pk}-1.jpg"
    assert first["fields"] == second["fields"]
    assert (first["fields"]["company"], first["fields"]["total"]) == ("Shop", None)
    assert first["labelled"] == ["company", "total", "items"]
    assert set(first["objects"]["category"]) == {"company", "items/labels", "items/amount"}
    assert second["objects"] == {"bbox": [], "category": [], "text": []}
    assert first.keys() == second.keys() == json.loads(made.read("train/metadata.jsonl")).keys()


def test_a_page_without_a_picture_is_left_out(project: Project, document: Document) -> None:
    assert zipfile.ZipFile(io.BytesIO(binary("huggingface", project))).namelist() == []
    picture(document)
    storage.path(Page.objects.get(document=document, number=0).image).unlink()
    made = zipfile.ZipFile(io.BytesIO(binary("huggingface", project)))
    assert made.namelist() == [f"test/{document.pk}-2.jpg", "test/metadata.jsonl"]


def test_archives_are_sent_piece_by_piece() -> None:
    """A hundred files of a megabyte take no more memory than a few."""
    entries = (Entry(f"{number}.bin", [bytes([number]) * 2**20], packed=False) for number in range(100))
    tracemalloc.start()
    size = sum(map(len, archive(entries)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size > 100 * 2**20
    assert peak < 8 * 2**20


@pytest.mark.parametrize("name", ["xlsx", "huggingface"])
def test_the_command_writes_files_that_are_no_text(
    name: str, project: Project, document: Document, tmp_path: Path
) -> None:
    picture(document)
    call_command("export", "receipts", "--format", name, "--output", str(tmp_path / "file"), stdout=io.StringIO())
    assert (tmp_path / "file").read_bytes() == binary(name, project)
    with pytest.raises(CommandError, match="--output"):
        call_command("export", "receipts", "--format", name, stdout=io.StringIO())
