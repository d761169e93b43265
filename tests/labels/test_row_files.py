"""Rows of groups in label files: lists of objects in and out, beside flat labels or in files of their own."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from extraction.domain import default_schemas
from extraction.domain.fields import Schema, SchemaError
from extraction.domain.text import LONGEST_VALUE
from extraction.models import Document, Label, Project, Source
from extraction.services.errors import Invalid
from extraction.services.labels import ranking, store
from extraction.services.labels.label_files import jsonl, storing
from extraction.services.projects import schema_versions
from tests.support import builders
from tests.support.commands import Command

pytestmark = pytest.mark.django_db

ROW = {"description": "Tea", "quantity": "2", "unit_price": "1.10", "amount": "2.20"}
SCHEMA = Schema("Receipts", "receipt", (*builders.RECEIPT.fields, default_schemas.ITEMS))


@pytest.fixture
def project() -> Project:
    return builders.project(schema=SCHEMA)


@pytest.fixture
def document(project: Project, tmp_path: Path) -> Document:
    (tmp_path / "a.jpg").write_bytes(b"a.jpg")
    document = builders.document(project)
    Document.objects.filter(pk=document.pk).update(sha256=hashlib.sha256(b"a.jpg").hexdigest())
    return document


def written(folder: Path, name: str, *lines: Mapping[str, Any] | str) -> Path:
    path = folder / name
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines))
    return path


def said(document: Document) -> dict[str, str | None]:
    return {name: label.value for name, label in ranking.best(document).items()}


def rows(document: Document) -> Any:
    return json.loads(said(document)["items"] or "null")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ([ROW], [ROW]),
        ([], []),
        ([ROW, dict.fromkeys(ROW), {}], [ROW]),
        ([{"description": "Tea"}], [{"description": "Tea"}]),
        ([{"description": "Tea", "amount": None}], [{"description": "Tea", "amount": None}]),
        ([{"description": "Tea", "amount": "free"}], [{"description": "Tea", "amount": "free"}]),
        ([ROW, ROW], [ROW, ROW]),
    ],
)
def test_rows_stay_what_they_are(
    project: Project, document: Document, tmp_path: Path, given: object, kept: object
) -> None:
    path = written(tmp_path, "rows.jsonl", {"file": "a.jpg", "items": given})
    for new in (1, 0):
        assert storing.load_labels(project, path, Source.TRUTH).new == new
    assert rows(document) == kept


def test_numbers_keep_the_characters_that_they_are_written_in(
    project: Project, document: Document, tmp_path: Path
) -> None:
    line = '{"file": "a.jpg", "items": [{"description": "Tea", "quantity": 2, "amount": 2.20}]}'
    storing.load_labels(project, written(tmp_path, "rows.jsonl", line), Source.TEACHER)
    assert rows(document) == [{"description": "Tea", "quantity": "2", "amount": "2.20"}]


@pytest.mark.parametrize(
    ("items", "sentence"),
    [
        ("Tea 2.20", "must have a list of objects for 'items'"),
        (ROW, "must have a list of objects for 'items'"),
        (["Tea"], "must have a list of objects for 'items'"),
        ([[ROW]], "must have a list of objects for 'items'"),
        ([{**ROW, "price": "1"}], "names the unknown field 'price' inside 'items'"),
        ([{**ROW, "amount": ["2.20"]}], "must have a text, a number or null for 'amount'"),
        ([{**ROW, "amount": {"value": "2.20"}}], "must have a text, a number or null for 'amount'"),
        ([{**ROW, "description": "x" * (LONGEST_VALUE + 1)}], "has a value of more than 10,000 characters"),
        ([{**ROW, "description": "x\ud800"}], "has a character that cannot be stored"),
        (2.2, "must have a list of objects for 'items'"),
    ],
)
def test_bad_rows_are_refused_with_their_line_and_nothing_is_stored(
    project: Project, document: Document, tmp_path: Path, items: object, sentence: str
) -> None:
    good = {"file": "b.jpg", "total": "3.30"}
    path = written(tmp_path, "rows.jsonl", good, {"file": "a.jpg", "total": "3.30", "items": items})
    with pytest.raises(Invalid, match=f"line 2 .*{sentence}"):
        storing.load_labels(project, path, Source.TRUTH)
    assert not Label.objects.exists()


def test_thousands_of_rows_are_kept(project: Project, document: Document, tmp_path: Path) -> None:
    many = [{**ROW, "description": f"Tea {number}"} for number in range(5000)]
    path = written(tmp_path, "rows.jsonl", {"file": "a.jpg", "items": many})
    assert storing.load_labels(project, path, Source.TRUTH).new == 1
    assert rows(document) == many


def test_rows_of_a_file_of_their_own_leave_flat_labels_as_they_are(
    project: Project, document: Document, tmp_path: Path
) -> None:
    flat = written(tmp_path, "flat.jsonl", {"file": "a.jpg", "company": "BEAN THERE", "total": "3.30"})
    own = written(tmp_path, "rows.jsonl", {"file": "a.jpg", "items": [ROW], "unsure": ["items"]})
    for path in (flat, own, flat, own):
        storing.load_labels(project, path, Source.TEACHER)
    assert said(document) == {"company": "BEAN THERE", "total": "3.30", "items": json.dumps([ROW])}
    assert Label.objects.count() == 3
    assert [label.field for label in Label.objects.filter(unsure=True)] == ["items"]


def test_load_takes_both_files_at_once(project: Project, tmp_path: Path, document: Document, command: Command) -> None:
    flat = written(tmp_path, "flat.jsonl", {"file": "a.jpg", "total": "3.30"})
    own = written(tmp_path, "rows.jsonl", {"file": "a.jpg", "items": [ROW]})
    for new in (2, 0):
        code, said = command("load", project.slug, "--labels", flat, "--labels", own, "--source=truth")
        assert (code, said["labels"]) == (0, {"new": new, "known": 2 - new, "refused": []})
    assert rows(document) == [ROW]


def test_a_refused_line_names_its_label_file(project: Project, tmp_path: Path, document: Document) -> None:
    flat = written(tmp_path, "flat.jsonl", {"file": "a.jpg", "total": "3.30"})
    own = written(tmp_path, "rows.jsonl", {"file": "a.jpg", "items": []}, {"file": "b.jpg", "items": []})
    (tmp_path / "b.jpg").write_bytes(b"b.jpg")
    result = storing.store(project, [jsonl.parse(project, path) for path in (flat, own)], Source.TRUTH)
    assert [(row.line, row.reason) for row in result.refused] == [(2, "rows.jsonl: b.jpg is not in the project.")]


def test_a_bad_line_of_one_file_keeps_the_others_out(
    project: Project, tmp_path: Path, document: Document, command: Command
) -> None:
    flat = written(tmp_path, "flat.jsonl", {"file": "a.jpg", "total": "3.30"})
    own = written(tmp_path, "rows.jsonl", {"file": "a.jpg", "items": "Tea"})
    code, sentence = command("load", project.slug, "--labels", flat, "--labels", own, "--source=truth")
    assert code == 2
    assert sentence.startswith("rows.jsonl is refused: line 1 must have a list")
    assert not Label.objects.exists()


def test_two_files_cannot_say_two_things(project: Project, tmp_path: Path, document: Document) -> None:
    one = written(tmp_path, "one.jsonl", {"file": "a.jpg", "total": "3.30"})
    two = written(tmp_path, "two.jsonl", {"file": "a.jpg", "total": "4.40", "items": [ROW]})
    for new in (1, 0):
        result = storing.store(project, [jsonl.parse(project, path) for path in (one, two)], Source.TRUTH)
        assert result.new == new
        assert [line.reason for line in result.refused] == [
            "two.jsonl: a.jpg has other values than in line 1 of one.jsonl."
        ]
    assert said(document) == {"total": "3.30"}


def test_an_export_holds_rows_as_label_files_do(
    project: Project, tmp_path: Path, document: Document, command: Command
) -> None:
    storing.load_labels(project, written(tmp_path, "rows.jsonl", {"file": "a.jpg", "items": [ROW]}), Source.TRUTH)
    out = tmp_path / "export.jsonl"
    call_command("export", project.slug, "--format=jsonl", f"--output={out}")
    (line,) = [json.loads(text) for text in out.read_text("utf-8").splitlines()]
    assert line["items"] == [ROW]
    again = written(tmp_path, "again.jsonl", {**line, "file": "a.jpg"})
    assert storing.load_labels(project, again, Source.TRUTH).to_json() == {"new": 0, "known": 1, "refused": []}


@pytest.mark.parametrize(
    ("stored", "loaded"),
    [
        ([ROW], [{"description": "Tea", "quantity": "2", "amount": "2.20"}]),
        ([{"unit_price": "1.10"}, ROW], [{"description": "Tea", "quantity": "2", "amount": "2.20"}]),
        ([{"description": {"a": [1]}, "never": "1"}], [{"description": '{"a":["1"]}'}]),
        ([{"description": True, "amount": 2}], [{"description": "true", "amount": "2"}]),
    ],
)
def test_what_is_exported_loads_whatever_columns_and_cells_labels_were_made_with(
    project: Project, tmp_path: Path, document: Document, command: Command, stored: object, loaded: object
) -> None:
    store.write(document, "items", json.dumps(stored), source=Source.REVIEWER)
    columns = tuple(part for part in default_schemas.ITEMS.fields if part.name != "unit_price")
    group = replace(default_schemas.ITEMS, fields=columns, examples=())
    schema_versions.change(project, Schema("Receipts", "receipt", (*builders.RECEIPT.fields, group)))
    out = tmp_path / "export.jsonl"
    call_command("export", project.slug, "--format=jsonl", f"--output={out}")
    line = json.loads(out.read_text("utf-8"))
    project.refresh_from_db()
    again = written(tmp_path, "again.jsonl", {**line, "file": "a.jpg"})
    assert storing.load_labels(project, again, Source.TRUTH).new == 1
    assert rows(document) == loaded


@pytest.mark.parametrize(
    "value",
    [
        "hello",
        "Tea 2.20\nHam 4.00",
        '{"description": "Tea"}',
        '{"text": "Tea"}',
        '["Tea", 2]',
        '[["Tea"]]',
        '"Tea"',
        "12",
        "null",
        "[" * 5000,
        json.dumps([{"description": "x" * (LONGEST_VALUE + 1)}]),
        json.dumps([ROW]),
        "[]",
        None,
    ],
)
@pytest.mark.parametrize("field", ["items", "company"])
def test_every_label_loads_as_it_was_exported(
    project: Project, tmp_path: Path, document: Document, command: Command, field: str, value: str | None
) -> None:
    if field == "company" and value:
        value = value[:LONGEST_VALUE]
    store.write(document, field, value, source=Source.REVIEWER)
    out = tmp_path / "export.jsonl"
    call_command("export", project.slug, "--format=jsonl", f"--output={out}")
    again = written(tmp_path, "again.jsonl", {**json.loads(out.read_text("utf-8")), "file": "a.jpg"})
    assert storing.load_labels(project, again, Source.TRUTH).new == 1
    assert said(document)[field] == value
    assert storing.load_labels(project, again, Source.TRUTH).known == 1


@pytest.mark.parametrize("items", [{"text": ["Tea"]}, {"text": " "}, {"text": "Tea", "more": "1"}, {"text": None}])
def test_a_text_in_place_of_rows_is_nothing_else(
    project: Project, document: Document, tmp_path: Path, items: object
) -> None:
    with pytest.raises(Invalid, match="must have a list of objects for 'items'"):
        storing.load_labels(project, written(tmp_path, "rows.jsonl", {"file": "a.jpg", "items": items}), Source.TRUTH)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ([], "needs at least one field"),
        ([{"name": "a"}, {"name": "a"}], "used twice"),
        ([{"name": "a", "type": "group", "fields": [{"name": "b"}]}], "stands inside another group"),
    ],
)
def test_groups_that_cannot_be_filled_are_refused(fields: object, sentence: str) -> None:
    group = {"name": "items", "type": "group", "fields": fields}
    with pytest.raises(SchemaError, match=sentence):
        Schema.from_json({"name": "R", "document": "receipt", "field": [group]})


def test_fifty_fields_of_a_group_work(tmp_path: Path) -> None:
    names = [f"part_{number}" for number in range(50)]
    group = {"name": "items", "type": "group", "fields": [{"name": name} for name in names]}
    project = builders.project(schema=Schema.from_json({"name": "R", "document": "receipt", "field": [group]}))
    (tmp_path / "a.jpg").write_bytes(b"a.jpg")
    document = builders.document(project)
    Document.objects.filter(pk=document.pk).update(sha256=hashlib.sha256(b"a.jpg").hexdigest())
    row = {name: name.upper() for name in names}
    storing.load_labels(project, written(tmp_path, "rows.jsonl", {"file": "a.jpg", "items": [row] * 3}), Source.TRUTH)
    assert rows(document) == [row] * 3
