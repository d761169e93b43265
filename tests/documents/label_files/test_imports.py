"""Label files that are sent: what they say becomes labels once, whatever their format, and a bad one stores nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from extraction.models import AuditAction, AuditEntry, Document, Label, LabelImport, Project
from extraction.services import leftovers, storage
from extraction.services.documents.label_files import archives, imports
from extraction.services.labels import store
from tests.documents.label_files.files import Load, tasks, worked, zipped
from tests.support import builders

pytestmark = pytest.mark.django_db
State = LabelImport.State


def lines(*rows: dict[str, Any]) -> str:
    return "\n".join(json.dumps(row) for row in rows)


def labels() -> dict[tuple[str, str], Any]:
    rows = Label.objects.select_related("document")
    return {
        (row.document.name, row.field): json.loads(row.value) if row.field == "items" and row.value else row.value
        for row in rows
    }


def stored_files(project: Project) -> list[str]:
    return storage.names_here(storage.relative(storage.label_files_folder(project)))


def test_jsonl_finds_documents_by_name_path_and_hash(load: Load, documents: dict[str, Document]) -> None:
    documents["c.jpg"].refresh_from_db()
    row = load(
        "labels.jsonl",
        lines(
            {"file": "a.jpg", "company": "Shop", "total": None},
            {"file": "/scans/2018/B.jpg", "total": "47.11", "items": [{"name": "Tea", "price": "3.00"}]},
            {"file": documents["c.jpg"].sha256, "company": "Hash"},
        ),
    )
    assert (row.state, row.new, row.known, row.refused, row.file) == (State.LOADED, 5, 0, 0, "")
    assert labels() == {
        ("a.jpg", "company"): "Shop",
        ("a.jpg", "total"): None,
        ("b.jpg", "total"): "47.11",
        ("b.jpg", "items"): [{"name": "Tea", "price": "3.00"}],
        ("c.jpg", "company"): "Hash",
    }
    assert Document.objects.get(name="a.jpg").review == Document.Review.ACCEPTED


def test_the_same_file_again_changes_nothing(load: Load) -> None:
    content = lines({"file": "a.jpg", "company": "Shop"}, {"file": "b.jpg", "company": "Inn"})
    load("labels.jsonl", content)
    before = list(Label.objects.values())
    row = load("again.jsonl", content)
    assert (row.state, row.new, row.known) == (State.LOADED, 0, 2)
    assert list(Label.objects.values()) == before


def test_a_file_of_this_machine_is_never_looked_up(load: Load, tmp_path: Path, documents: dict[str, Document]) -> None:
    """A path means a name: what lies there on the server is neither read nor told of."""
    secret = tmp_path / "secret.jpg"
    secret.write_bytes(b"content")
    told = [load("l.jsonl", lines({"file": str(path), "total": "1"})).lines for path in (secret, tmp_path / "no.jpg")]
    assert [[reason for _, reason in each] for each in told] == [
        ["secret.jpg is not in the project."],
        ["no.jpg is not in the project."],
    ]


def test_lines_that_mean_no_document_or_several_are_refused_alone(
    load: Load, project: Project, documents: dict[str, Document]
) -> None:
    Document.objects.filter(pk=builders.document(project).pk).update(name="b.jpg")
    row = load("labels.jsonl", lines(*({"file": name, "total": "1.00"} for name in ("a.jpg", "b.jpg", "x.jpg"))))
    assert (row.state, row.new, row.refused) == (State.LOADED, 1, 2)
    assert row.lines == [
        [2, "Several documents are called b.jpg: name it by its SHA-256."],
        [3, "x.jpg is not in the project."],
    ]


def test_what_the_product_exports_comes_in_again(
    load: Load, owner: Client, project: Project, documents: dict[str, Document]
) -> None:
    """Also of documents that have one name: the export tells them apart."""
    other = builders.document(project)
    Document.objects.filter(pk=other.pk).update(name="a.jpg")
    for number, row in enumerate(project.documents.order_by("pk")):
        store.write(row, "total", f"{number}.00", source="truth")
    exported = owner.get(reverse("labels_export", args=["receipts", "jsonl"]))
    content = b"".join(exported).decode()  # type: ignore[arg-type]
    Label.objects.all().delete()
    row = load("receipts-labels.jsonl", content)
    assert (row.state, row.new, row.refused) == (State.LOADED, 4, 0)
    totals = dict(Label.objects.values_list("document", "value"))
    assert [totals[pk] for pk in project.documents.order_by("pk").values_list("pk", flat=True)] == [
        "0.00",
        "1.00",
        "2.00",
        "3.00",
    ]


def test_one_bad_line_refuses_the_file(load: Load, project: Project) -> None:
    row = load("labels.jsonl", lines({"file": "a.jpg", "total": "1.00"}, {"file": "b.jpg", "totl": "1"}) + "\n{")
    assert (row.state, row.new, row.refused) == (State.REFUSED, 0, 2)
    assert row.lines == [[2, "names the unknown field 'totl'"], [3, "is not valid JSON"]]
    assert not Label.objects.exists()
    assert stored_files(project) == []


def test_names_of_another_tool_are_chosen_before_anything_is_stored(load: Load, owner: Client) -> None:
    row = load("project.json", tasks(Company="Shop", Sum="47.11", Stamp="PAID"), "label-studio")
    assert (row.state, row.passed_over) == (State.MAPPING, {"Sum": 1, "Stamp": 1})
    assert not Label.objects.exists()
    url = reverse("label_file", args=["receipts", row.pk])
    page = owner.get(url).content.decode()
    assert "Sum" in page
    assert 'value="items/price"' in page
    owner.post(url, {"name.0": "total", "name.1": ""})
    row = worked(row)
    assert (row.state, row.new, row.passed_over) == (State.LOADED, 2, {"Stamp": 1})
    assert labels() == {("a.jpg", "company"): "Shop", ("a.jpg", "total"): "47.11"}


def test_names_that_are_all_known_need_no_choice(load: Load) -> None:
    row = load("project.json", tasks(company="Shop"), "label-studio", "teacher")
    assert (row.state, row.new) == (State.LOADED, 1)
    assert Label.objects.get().teacher == "recorded"


def test_cells_of_rows_are_offered_beside_their_group(load: Load, owner: Client) -> None:
    truth = {"gt_parse": {"menu": [{"nm": "Tea", "price": "3,000"}], "total": {"total_price": "47.11"}}}
    row = load("a.json", json.dumps(truth), "cord")
    assert row.passed_over == {"menu": 1, "menu.nm": 1, "menu.price": 1, "total.total_price": 1}
    choice = {"name.0": "items", "name.1": "items/name", "name.2": "items/price", "name.3": "total"}
    owner.post(reverse("label_file", args=["receipts", row.pk]), choice)
    assert worked(row).new == 2
    assert labels() == {("a.jpg", "items"): [{"name": "Tea", "price": "3,000"}], ("a.jpg", "total"): "47.11"}


@pytest.mark.parametrize("inside", ["", "entities/", "SROIE/test/entities/"])
def test_an_archive_of_a_corpus(load: Load, inside: str) -> None:
    """Pictures beside the labels are passed over; the folders are the corpus's own."""
    files: dict[str, str | bytes] = {
        f"{inside}{name}.txt": json.dumps({"company": f"Shop {name}"}) for name in ("a", "b")
    }
    row = load("sroie.zip", zipped({**files, "img/a.jpg": b"picture", "__MACOSX/._a.txt": b"\0"}), "sroie")
    assert (row.state, row.new) == (State.LOADED, 2)
    assert labels() == {("a.jpg", "company"): "Shop a", ("b.jpg", "company"): "Shop b"}


@pytest.mark.parametrize(
    ("name", "content", "format", "said"),
    [
        ("l.jsonl", "", "jsonl", "l.jsonl holds no labels."),
        ("l.jsonl", b"\xff\xfe\x00", "jsonl", "l.jsonl is not a text file in UTF-8."),
        ("l.json", "{}", "label-studio", "no list of tasks"),
        ("l.json", "[", "label-studio", "not valid JSON at line 1"),
        ("l.zip", zipped({"a.jpg": b"x"}), "sroie", "l.zip holds no file of labels"),
        ("l.zip", zipped({"a.jsonl": "{}", "b.jsonl": "{}"}), "jsonl", "several files of labels"),
        ("l.zip", zipped({"x/a.txt": "{}", "y/a.txt": "{}"}), "sroie", "two files called a.txt"),
        ("l.zip", zipped({"a.txt": "company: Shop"}), "sroie", "a.txt cannot be read"),
        ("l.zip", b"PK\x03\x04broken", "sroie", "archive"),
        ("l.zip", zipped({"../../a.txt": '{"company": 3}'}), "sroie", "a.txt is refused"),
        ("ä" * 250 + ".jsonl", "[]", "jsonl", ""),
    ],
)
def test_files_that_are_no_labels_get_a_sentence(
    load: Load, owner: Client, project: Project, name: str, content: str | bytes, format: str, said: str
) -> None:
    row = load(name, content, format)
    assert row.state == State.REFUSED
    assert said in row.reason
    page = owner.get(reverse("label_file", args=["receipts", row.pk]))
    assert 'role="alert"' in page.content.decode()
    assert not Label.objects.exists()
    assert stored_files(project) == []


def test_an_archive_cannot_fill_the_disk(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_BYTES", 1000)
    row = load("l.zip", zipped({"a.txt": b" " * 2000}), "sroie")
    assert (row.state, row.reason) == (State.REFUSED, "a.txt has more than 0 MB; split it.")


def test_documents_that_are_being_read_are_waited_for(load: Load, documents: dict[str, Document]) -> None:
    rows = Document.objects.filter(name="a.jpg")
    rows.update(state=Document.State.QUEUED)
    row = load("labels.jsonl", lines({"file": "a.jpg", "company": "Shop"}, {"file": "b.jpg", "company": "Inn"}))
    assert (row.state, row.new) == (State.LOADING, 0)
    assert row.job is not None
    assert row.job.is_put_off
    rows.update(state=Document.State.READY)
    assert worked(row).new == 2


def test_loading_is_in_the_audit_log(load: Load, project: Project) -> None:
    row = load("labels.jsonl", lines({"file": "a.jpg", "company": "Shop"}))
    entry = AuditEntry.objects.get(action=AuditAction.LABELS_LOADED)
    assert (entry.subject, entry.changes) == (str(row.pk), {"source": "truth"})


def test_removing_an_import_leaves_its_labels_and_no_file(load: Load, owner: Client, project: Project) -> None:
    row = load("project.json", tasks(Sum="47.11"), "label-studio")
    assert len(stored_files(project)) == 1
    owner.post(reverse("label_file_remove", args=["receipts", row.pk]))
    assert stored_files(project) == []
    loaded = load("labels.jsonl", lines({"file": "a.jpg", "company": "Shop"}))
    owner.post(reverse("label_file_remove", args=["receipts", loaded.pk]))
    assert not LabelImport.objects.exists()
    assert Label.objects.count() == 1


def test_a_file_without_its_row_is_removed(project: Project) -> None:
    place = storage.label_files_folder(project) / "0a"
    with leftovers.changing(place):
        place.parent.mkdir(parents=True)
        place.write_text("{}")
    assert stored_files(project) == []


def test_a_choice_that_is_no_field_changes_nothing(load: Load, owner: Client) -> None:
    row = load("project.json", tasks(Sum="47.11"), "label-studio")
    answer = owner.post(reverse("label_file", args=["receipts", row.pk]), {"name.0": "nothing"})
    assert answer.status_code == 400
    assert LabelImport.objects.get(pk=row.pk).state == State.MAPPING


def test_an_import_that_has_gone_on_is_not_chosen_for_again(load: Load, owner: Client) -> None:
    row = load("project.json", tasks(company="Shop"), "label-studio")
    answer = owner.post(reverse("label_file", args=["receipts", row.pk]), {"name.0": "total"})
    assert answer.status_code == 409


@pytest.mark.parametrize("data", [{"format": "docx", "source": "truth"}, {"format": "jsonl", "source": "student"}, {}])
def test_unknown_formats_and_sources_are_refused(owner: Client, project: Project, data: dict[str, str]) -> None:
    file = {"file": SimpleUploadedFile("l.jsonl", b"{}")}
    answer = owner.post(reverse("label_files", args=["receipts"]), {**data, **file})
    assert answer.status_code == 400
    assert not LabelImport.objects.exists()


def test_the_list_makes_no_more_queries_for_more_imports(load: Load, owner: Client, project: Project) -> None:
    url = reverse("label_files", args=["receipts"])
    counts = []
    for number in range(2):
        for _ in range(1 + number * 4):
            load("labels.jsonl", lines({"file": "a.jpg", "company": "Shop"}))
        with CaptureQueriesContext(connection) as queries:
            owner.get(url)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert imports.listing(project).count() == 6
