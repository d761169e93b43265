"""Label files of other tools: what they say becomes labels, and a bad file stores nothing."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from extraction.domain.fields import Schema
from extraction.models import Document, Label, Project
from extraction.services.labels.label_files.formats.protocol import Labelled
from extraction.services.labels.label_files.formats.registry import FORMATS
from tests.support import builders
from tests.support.programs import slip

pytestmark = pytest.mark.django_db

SCHEMA = Schema.from_json(
    {
        "name": "Receipts",
        "document": "receipt",
        "field": [
            {"name": "company"},
            {"name": "address"},
            {"name": "total", "type": "money"},
            {"name": "items", "type": "group", "fields": [{"name": "name"}, {"name": "price", "type": "money"}]},
        ],
    }
)
CORD = ["menu=items", "menu.nm=items/name", "total.total_price=total"]


@pytest.fixture
def project() -> Project:
    return builders.project("receipts", schema=SCHEMA)


def document(folder: Path, name: str = "a.pdf") -> Path:
    """A PDF whose words are read without OCR; its name is in its bytes, so that no two are one document."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(slip().read() + f"\n% {name}".encode())
    return path


def load(path: Path, format: str, *maps: str, source: str = "truth") -> dict[str, Any]:
    out = io.StringIO()
    chosen = [argument for choice in maps for argument in ("--map", choice)]
    arguments = ["--labels", str(path), "--format", format, "--source", source, *chosen, "--json"]
    call_command("load", "receipts", *arguments, stdout=out, stderr=io.StringIO())
    return dict(json.loads(out.getvalue()))


def labels(name: str = "a.pdf") -> dict[str, Any]:
    rows = Label.objects.filter(document__name=name)
    return {row.field: json.loads(row.value) if row.field == "items" and row.value else row.value for row in rows}


def written(path: Path, value: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(value if isinstance(value, str) else json.dumps(value))
    return path


def region(label: str, text: str, number: str) -> list[dict[str, Any]]:
    box = {"x": 1.0, "y": 1.0, "width": 9.0, "height": 2.0, "rotation": 0}
    return [
        {"id": number, "type": "rectanglelabels", "from_name": "label", "value": {**box, "rectanglelabels": [label]}},
        {"id": number, "type": "textarea", "from_name": "transcription", "value": {**box, "text": [text]}},
    ]


def task(image: str, *results: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": 7, "data": {"image": image}, "annotations": [{"result": list(results), **more}]}


def test_label_studio_s_regions_and_texts(project: Project, tmp_path: Path) -> None:
    document(tmp_path)
    # A text alone is no list of letters.
    free = {"id": "z", "type": "textarea", "from_name": "total", "value": {"text": "47.11"}}
    results = [*region("Company", "Green Harbour", "r1"), *region("Address", "1 Quay", "r2")]
    results += [*region("Address", "Dublin", "r3"), free, *region("Stamp", "PAID", "r4")]
    path = written(tmp_path / "project.json", [task("/data/upload/1/0a1b2c3d-a.pdf", *results)])
    result = load(path, "label-studio")
    assert labels() == {"company": "Green Harbour", "address": "1 Quay Dublin", "total": "47.11"}
    assert (result["labels"]["new"], result["passed_over"]) == (3, {"Stamp": 1})
    assert load(path, "label-studio")["labels"] == {"new": 0, "known": 3, "refused": []}


@pytest.mark.parametrize("image", ["/data/local-files/?d=scans/a.pdf", "https://host/bucket/a.pdf", "a.pdf"])
def test_label_studio_s_addresses_of_pictures(project: Project, tmp_path: Path, image: str) -> None:
    document(tmp_path / "images")
    load(written(tmp_path / "project.json", [task(image, *region("company", "Shop", "r"))]), "label-studio")
    assert labels() == {"company": "Shop"}


def test_label_studio_s_ground_truth_goes_before_and_skipped_ones_do_not_count(
    project: Project, tmp_path: Path
) -> None:
    document(tmp_path)
    said = task("a.pdf", *region("company", "Skipped", "r"), was_cancelled=True)
    said["annotations"] += task("", *region("company", "First", "r"))["annotations"]
    said["annotations"] += task("", *region("company", "True", "r"), ground_truth=True)["annotations"]
    load(written(tmp_path / "project.json", [said]), "label-studio")
    assert labels() == {"company": "True"}


GT = {
    "menu": [{"nm": "Tea", "price": "3,000", "cnt": "1"}, {"nm": ["Iced", "Coffee"], "sub": [{"nm": "Milk"}]}],
    "total": {"total_price": "47.11", "cashprice": "50.00"},
}


def test_cord_as_on_hugging_face(project: Project, tmp_path: Path) -> None:
    document(tmp_path)
    line = {"file_name": "a.pdf", "ground_truth": json.dumps({"gt_parse": GT})}
    result = load(written(tmp_path / "metadata.jsonl", json.dumps(line) + "\n"), "cord", *CORD)
    assert labels() == {
        "total": "47.11",
        "items": [{"name": "Tea", "price": "3,000"}, {"name": "Iced Coffee"}],
    }
    assert result["passed_over"] == {"menu.cnt": 1, "total.cashprice": 1}


def test_cord_s_own_files(project: Project, tmp_path: Path) -> None:
    """A folder of receipts, whose pictures lie in a folder beside; one item alone is no list."""
    document(tmp_path / "image", "a.pdf")
    document(tmp_path / "image", "b.pdf")

    def words(*texts: str, key: int = 0) -> list[dict[str, Any]]:
        return [{"text": text, "is_key": key} for text in texts]

    lines = [
        {"category": "menu.nm", "group_id": 3, "words": words("Iced", "Tea")},
        {"category": "menu.price", "group_id": 3, "words": words("3,000")},
        {"category": "menu.nm", "group_id": 4, "words": words("Cake")},
        {"category": "total.total_price", "group_id": 5, "words": [*words("TOTAL", key=1), *words("47.11")]},
    ]
    written(tmp_path / "json" / "a.json", {"valid_line": lines})
    written(tmp_path / "json" / "b.json", {"gt_parse": {"menu": {"nm": "Bun"}}})
    load(tmp_path / "json", "cord", *CORD)
    assert labels("a.pdf") == {"total": "47.11", "items": [{"name": "Iced Tea", "price": "3,000"}, {"name": "Cake"}]}
    assert labels("b.pdf") == {"items": [{"name": "Bun"}]}


def test_sroie_s_entities(project: Project, tmp_path: Path) -> None:
    document(tmp_path / "img", "X1.pdf")
    document(tmp_path / "img", "X2.pdf")
    for name in ("X1", "X2"):
        written(tmp_path / "entities" / f"{name}.txt", {"company": f"Shop {name}", "total": "47.11"})
    result = load(tmp_path / "entities", "sroie", source="teacher")
    assert (result["documents"]["new"], result["labels"]["new"]) == (2, 4)
    assert labels("X2.pdf") == {"company": "Shop X2", "total": "47.11"}
    assert set(Label.objects.values_list("teacher", flat=True)) == {"recorded"}


@pytest.mark.parametrize(
    ("format", "value", "said"),
    [
        ("label-studio", "[", "line 1"),
        ("label-studio", {}, "no list of tasks"),
        ("label-studio", [task("a.pdf", *region("company", "S", "r")), {"data": {}}], "task 2"),
        ("label-studio", [{"data": {"image": "a.pdf"}, "annotations": [{"result": [{}]}]}], "task 1"),
        *(
            ("label-studio", [task(name, *region("company", "S", "r"))], "task 1")
            for name in ("a\x00.pdf", "\ud800.pdf")
        ),
        ("label-studio", [task("a.pdf", {"type": "textarea", "from_name": 5, "value": {"text": []}})], "--map.*'5'"),
        ("label-studio", [task("a.pdf", *region("company", "S", "r"))] * 2, "task 2 names the same file as task 1"),
        ("label-studio", [task("a.pdf", *region("Stamp", "S", "r"))], "--map NAME=FIELD.*'Stamp'"),
        ("label-studio", [task("a.pdf", *region("company", "S" * 20_000, "r"))], "task 1 has a value of more than"),
        ("cord", [1], "labels.json is refused"),
        ("cord", {"gt_parse": {"menu": "tea"}}, "labels.json is refused"),
        ("cord", {"valid_line": [{"category": "menu.nm"}]}, "labels.json is refused"),
        ("sroie", {"company": 3}, "labels.json is refused"),
        ("sroie", "company: Shop", "labels.json cannot be read"),
        ("sroie", {"company": "a\x00b"}, "cannot be stored"),
    ],
)
def test_a_bad_file_is_refused_with_its_place(
    project: Project, tmp_path: Path, format: str, value: object, said: str
) -> None:
    document(tmp_path)
    with pytest.raises(CommandError, match=said):
        load(written(tmp_path / "labels.json", value), format)
    assert not Document.objects.exists()
    assert not Label.objects.exists()


def test_a_bad_line_of_cord_is_named(project: Project, tmp_path: Path) -> None:
    good = json.dumps({"file_name": "a.pdf", "ground_truth": {"gt_parse": GT}})
    for bad in (
        "{",
        "[]",
        json.dumps({"file_name": "b.pdf"}),
        *(json.dumps({"file_name": name, "ground_truth": {"gt_parse": GT}}) for name in (3, "a\x00", "\ud800")),
    ):
        with pytest.raises(CommandError, match="line 2 is no ground truth"):
            load(written(tmp_path / "labels.jsonl", f"{good}\n{bad}\n"), "cord", *CORD)


def test_a_document_that_is_missing_is_refused_alone(project: Project, tmp_path: Path) -> None:
    document(tmp_path)
    tasks = [task(name, *region("company", "Shop", "r")) for name in ("gone.pdf", "a.pdf")]
    with pytest.raises(SystemExit) as exit:
        load(written(tmp_path / "project.json", tasks), "label-studio")
    assert exit.value.code == 1
    assert labels() == {"company": "Shop"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--labels", "x", "--format", "cord", "--source", "truth", "--map", "menu=nothing"], "no field named"),
        (["--labels", "x", "--format", "cord", "--source", "truth", "--map", "menu"], "NAME=FIELD"),
        (["--labels", "x", "--format", "cord", "--source", "truth"], "x cannot be opened"),
        (["--labels", "x", "--source", "truth", "--map", "a=total"], "--map goes with"),
        (["--labels", "x", "--format", "docx", "--source", "truth"], "invalid choice"),
    ],
)
def test_wrong_arguments(project: Project, arguments: list[str], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        call_command("load", "receipts", *arguments)


def test_an_empty_folder_is_refused(project: Project, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="holds no file"):
        load(tmp_path, "sroie")


def test_every_format_keeps_to_the_protocol() -> None:
    for name, format in FORMATS.items():
        assert format.name == name
        assert format.unit


def test_a_new_format_is_a_class(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Notes:
        name, title, unit = "notes", "Notes", "note"

        def read(self, path: Path) -> Any:
            file, company = path.read_text().split("=")
            yield Labelled(path.parent / file, {"Company": company})

    monkeypatch.setitem(FORMATS, "notes", Notes())
    document(tmp_path)
    load(written(tmp_path / "notes.txt", "a.pdf=Shop"), "notes")
    assert labels() == {"company": "Shop"}
