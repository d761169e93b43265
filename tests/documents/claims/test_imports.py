"""Claims from tables: columns are mapped, lines become labels once, what is wrong is named, and all can be undone."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest

from extraction.domain.claims.mapping import ColumnMapping, EmptyCells
from extraction.domain.claims.remarks import RemarkCode
from extraction.models import ClaimImport, Document, Label, Project, Source
from extraction.services.documents.claims import agreement, imports
from extraction.services.documents.claims.agreement import Against
from extraction.services.errors import Invalid
from extraction.services.labels import ranking, store
from tests.documents.claims.working import claims, imported, remarks
from tests.support import builders
from tests.support.builders import csv_file, xlsx_file

pytestmark = pytest.mark.django_db
State = ClaimImport.State


def test_a_table_becomes_claims(project: Project, documents: list[Document], tmp_path: Path) -> None:
    path = csv_file(
        tmp_path / "t.csv", "Datei;Betrag;Datum;Notiz", "a.jpg;3,30;25.12.2018;x", "B;1.234,50;26.12.2018;y"
    )
    row = imported(project, path)
    assert (row.state, row.new, row.known, row.refused, row.doubtful) == (State.IMPORTED, 4, 0, 0, 0)
    assert claims(project) == {
        ("a.jpg", "total"): "3,30",
        ("a.jpg", "date"): "25.12.2018",
        ("b.jpg", "total"): "1.234,50",
        ("b.jpg", "date"): "26.12.2018",
    }
    label = Label.objects.get(document=documents[0], field="total")
    assert (label.normalized, label.claim_import) == ("3.30", row)
    assert label.spans


def test_documents_are_named_by_path_hash_or_stem(project: Project, documents: list[Document], tmp_path: Path) -> None:
    hashed = documents[2].sha256.upper()
    lines = [r"C:\scans\a.jpg,1.00", "scans/B.JPG,2.00", f"{hashed},3.00", "d,4.00", "e.jpg,5.00", ",6.00"]
    row = imported(project, csv_file(tmp_path / "t.csv", "file,total", *lines))
    assert sorted(claims(project).values()) == ["1.00", "2.00", "3.00", "4.00"]
    assert remarks(row) == [(6, None, RemarkCode.UNKNOWN_DOCUMENT), (7, None, RemarkCode.NO_DOCUMENT)]
    assert row.refused == 2


def test_a_name_of_several_documents_is_refused(project: Project, documents: list[Document], tmp_path: Path) -> None:
    Document.objects.filter(pk=documents[1].pk).update(name="a.jpg")
    row = imported(project, csv_file(tmp_path / "t.csv", "file,total", "a.jpg,1.00", "c.jpg,2.00"))
    assert remarks(row) == [(2, None, RemarkCode.AMBIGUOUS_DOCUMENT)]
    assert claims(project) == {("c.jpg", "total"): "2.00"}


def test_nothing_is_written_twice(project: Project, documents: list[Document], tmp_path: Path) -> None:
    path = csv_file(tmp_path / "t.csv", "file,total", "a.jpg,3.30", "a.jpg,3.30", "b.jpg,4.00")
    assert (imported(project, path).new, imported(project, path).known) == (2, 3)
    assert Label.objects.count() == 2
    other = csv_file(tmp_path / "u.csv", "file,total", "a.jpg,RM 3.30", "b.jpg,4.10")
    row = imported(project, other)
    assert (row.new, row.known) == (1, 1)


def test_lines_that_contradict_each_other_make_no_label(
    project: Project, documents: list[Document], tmp_path: Path
) -> None:
    lines = ["file,total,company", "a.jpg,3.30,Bean", "b.jpg,1.00,Shop", "a.jpg,4.40,bean", "a.jpg,3.30,Bean"]
    row = imported(project, csv_file(tmp_path / "t.csv", *lines))
    assert remarks(row) == [(line, 1, RemarkCode.CONTRADICTION) for line in (2, 4, 5)]
    assert list(row.remarks.values_list("other_line", flat=True)) == [4, 2, 4]
    assert claims(project) == {
        ("a.jpg", "company"): "Bean",
        ("b.jpg", "total"): "1.00",
        ("b.jpg", "company"): "Shop",
    }


def test_workbooks_bring_dates_and_numbers(project: Project, documents: list[Document], tmp_path: Path) -> None:
    rows = [
        ["Datei", "Datum", "Betrag", "Firma"],
        ["a.jpg", datetime.date(2024, 4, 3), 0.1 + 0.2, 7],
        ["b.jpg", datetime.date(2024, 5, 1), 1234.5, "#REF!"],
        ["c.jpg", None, "=A1", None],
    ]
    row = imported(project, xlsx_file(tmp_path / "t.xlsx", *rows, formats={"D2": "0000"}))
    assert claims(project) == {
        ("a.jpg", "date"): "2024-04-03",
        ("a.jpg", "total"): "0.30",
        ("a.jpg", "company"): "0007",
        ("b.jpg", "date"): "2024-05-01",
        ("b.jpg", "total"): "1234.50",
    }
    assert remarks(row) == [(3, 3, RemarkCode.ERROR_CELL), (4, 2, RemarkCode.NO_RESULT)]


def test_a_column_of_day_numbers_is_one_of_dates(project: Project, documents: list[Document], tmp_path: Path) -> None:
    imported(project, csv_file(tmp_path / "t.csv", "file,date", "a.jpg,45385", "b.jpg,45386"))
    assert claims(project) == {("a.jpg", "date"): "2024-04-03", ("b.jpg", "date"): "2024-04-04"}


def test_what_is_in_doubt_stays_as_typed_and_says_so(
    project: Project, documents: list[Document], tmp_path: Path
) -> None:
    for row in documents:
        row.pages.update(words=[])
    lines = ["a.jpg,45385", "b.jpg,03/04/2024", "c.jpg,tomorrow"]
    row = imported(project, csv_file(tmp_path / "t.csv", "file,date", *lines))
    assert claims(project) == {
        ("a.jpg", "date"): "45385",
        ("b.jpg", "date"): "03/04/2024",
        ("c.jpg", "date"): "tomorrow",
    }
    codes = [RemarkCode.SERIAL_NUMBER, RemarkCode.AMBIGUOUS, RemarkCode.NOT_READ]
    assert remarks(row) == [(line, 1, code) for line, code in enumerate(codes, start=2)]
    assert (row.refused, row.doubtful) == (0, 3)
    assert not Label.objects.exclude(normalized=None).exists()
    assert not Label.objects.filter(unsure=False).exists()


def test_a_column_tells_the_order_of_its_dates(project: Project, documents: list[Document], tmp_path: Path) -> None:
    imported(project, csv_file(tmp_path / "t.csv", "file,date", "a.jpg,03/04/2024", "b.jpg,12/28/2023"))
    assert Label.objects.get(document=documents[0]).normalized == "2024-03-04"


def test_dates_of_a_table_change_no_other_dates(project: Project, documents: list[Document], tmp_path: Path) -> None:
    for row in documents[:3]:
        store.write(row, "date", "25/12/2018", source=Source.TEACHER, teacher="rules")
    imported(project, csv_file(tmp_path / "t.csv", "file,date", *(f"{name}.jpg,12/28/2023" for name in "abcd")))
    assert store.write(documents[3], "date", "03/04/2018", source=Source.REVIEWER).normalized == "2018-04-03"


def test_empty_cells_say_nothing_unless_asked(project: Project, documents: list[Document], tmp_path: Path) -> None:
    path = csv_file(tmp_path / "t.csv", "file,total,date", "a.jpg,,", "b.jpg,1.00,")
    assert imported(project, path).new == 1
    row = imports.add(project, "t.csv", path)
    mapping = row.column_mapping()
    row = imported(project, path, ColumnMapping(mapping.document, mapping.fields, EmptyCells.ABSENT))
    assert (row.new, row.known) == (3, 1)
    assert claims(project)["a.jpg", "total"] is None


def test_lines_with_too_many_cells_and_long_texts_are_refused(
    project: Project, documents: list[Document], tmp_path: Path
) -> None:
    path = csv_file(tmp_path / "t.csv", "file,company", "a.jpg,Bean,more", "b.jpg,Bean,,", f"c.jpg,{'x' * 10_001}")
    row = imported(project, path)
    assert remarks(row) == [(2, None, RemarkCode.TOO_MANY_CELLS), (4, 1, RemarkCode.TOO_LONG)]
    assert claims(project) == {("b.jpg", "company"): "Bean"}


def test_documents_that_are_still_read_are_located_later(project: Project, tmp_path: Path) -> None:
    document = builders.document(project, state=Document.State.QUEUED)
    imported(project, csv_file(tmp_path / "t.csv", "file,total", f"{document.name},3.30"))
    Document.objects.filter(pk=document.pk).update(state=Document.State.READY)
    store.locate_spans(document)
    assert Label.objects.get().spans


def test_truth_stays_the_best_label(project: Project, documents: list[Document], tmp_path: Path) -> None:
    store.write(documents[0], "total", "9.99", source=Source.TRUTH)
    imported(project, csv_file(tmp_path / "t.csv", "file,total", "a.jpg,3.30"))
    assert ranking.best(documents[0])["total"].value == "9.99"


@pytest.mark.parametrize("lines", [["a.jpg,1.00", "b.jpg,2.00"], ["file,total"], [], ["file,total", 'a.jpg,"1.00']])
def test_tables_without_names_or_lines_are_refused(
    project: Project, documents: list[Document], tmp_path: Path, lines: list[str]
) -> None:
    with pytest.raises(Invalid):
        imports.add(project, "t.csv", csv_file(tmp_path / "t.csv", *lines))
    assert not ClaimImport.objects.exists()


@pytest.mark.parametrize(
    ("document", "fields"),
    [
        (None, {1: "total"}),
        (0, {}),
        (0, {1: "items"}),
        (0, {1: "total", 2: "total"}),
        (0, {0: "total"}),
        (9, {1: "total"}),
    ],
)
def test_mappings_that_mean_nothing_are_refused(
    project: Project, tmp_path: Path, document: int | None, fields: dict[int, str]
) -> None:
    row = imports.add(project, "t.csv", csv_file(tmp_path / "t.csv", "x,y,z", "a.jpg,1.00,2"))
    with pytest.raises(Invalid):
        imports.start(row, ColumnMapping(document, fields))
    row.refresh_from_db()
    assert row.state == State.MAPPING


def test_a_mapping_is_proposed_again(project: Project, documents: list[Document], tmp_path: Path) -> None:
    path = csv_file(tmp_path / "t.csv", "what,spent,company", "a.jpg,1.00,x")
    assert imports.add(project, "t.csv", path).column_mapping() == ColumnMapping(0, {2: "company"})
    imported(project, path, ColumnMapping(0, {1: "total"}))
    again = csv_file(tmp_path / "u.csv", "company,Spent,date,what", "x,1.00,,z.jpg")
    assert imports.add(project, "u.csv", again).column_mapping() == ColumnMapping(3, {1: "total", 2: "date"})


def test_columns_are_proposed_by_what_they_hold(project: Project, documents: list[Document], tmp_path: Path) -> None:
    for number, row in enumerate(documents):
        store.write(row, "total", f"{number}.30", source=Source.TEACHER, teacher="rules")
    lines = ["q,w,e", "7,a.jpg,0.30", "7,b.jpg,1.30", "7,c.jpg,2.99"]
    row = imports.add(project, "t.csv", csv_file(tmp_path / "t.csv", *lines))
    assert row.column_mapping() == ColumnMapping(1, {2: "total"})


def test_doubled_names_are_not_proposed(project: Project, documents: list[Document], tmp_path: Path) -> None:
    row = imports.add(project, "t.csv", csv_file(tmp_path / "t.csv", "file,total,Total", "a.jpg,1.00,2.00"))
    assert row.column_mapping() == ColumnMapping(0, {})


def test_agreement_by_field_names_the_documents_that_differ(
    project: Project, documents: list[Document], tmp_path: Path
) -> None:
    for row, value in zip(documents, ["1.00", "2.00", "3.00", "4.00"], strict=True):
        store.write(row, "total", value, source=Source.TEACHER, teacher="rules")
    store.write(documents[1], "total", "2.20", source=Source.REVIEWER)
    project.refresh_from_db()
    row = imported(project, csv_file(tmp_path / "t.csv", "file,total", "a.jpg,RM 1.00", "b.jpg,2.20", "c.jpg,3.00"))
    found = {each.against: each for each in agreement.of_import(row)}
    teacher = found[Against.TEACHER]
    assert (teacher.same, teacher.both) == (2, 3)
    assert [(each.document, each.claim, each.other) for each in teacher.differences] == [
        (documents[1].pk, "2.20", "2.00")
    ]
    assert (found[Against.PEOPLE].same, found[Against.PEOPLE].both) == (1, 1)
    low, high = teacher.proportion.ci95
    assert low < 2 / 3 < high
    imported(project, csv_file(tmp_path / "u.csv", "file,total", "a.jpg,7.00"))
    assert agreement.of_import(row)[0].both == 2
    assert agreement.of_project(project)[0].both == 3


def test_the_command_imports_claims(project: Project, documents: list[Document], tmp_path: Path, command: Any) -> None:
    store.write(documents[0], "total", "3.30", source=Source.TEACHER, teacher="rules")
    path = csv_file(tmp_path / "t.csv", "Beleg;Spent", "a.jpg;3,30", "z.jpg;1,00")
    code, told = command("load", "receipts", "--claims", path, "--map", "Spent=total")
    assert (code, told["claims"]["new"]) == (1, 1)
    assert told["claims"]["refused"][0]["line"] == 3
    assert told["claims"]["refused"][0]["code"] == "unknown_document"
    assert told["claims"]["agreement"][0]["same"] == 1
    code, told = command("load", "receipts", "--claims", path)
    assert (told["claims"]["columns"], told["claims"]["known"]) == ({"Spent": "total"}, 1)


@pytest.mark.parametrize("options", [["--map", "Nothing=total"], ["--map", "total"], ["--map", "total=items"]])
def test_the_command_refuses_wrong_columns(
    project: Project, documents: list[Document], tmp_path: Path, command: Any, options: list[str]
) -> None:
    path = csv_file(tmp_path / "t.csv", "file,total", "a.jpg,1.00")
    code, told = command("load", "receipts", "--claims", path, *options)
    assert code == 2
    assert told.endswith(".")
    assert not ClaimImport.objects.exists()
