"""Lines of tables as claims: read with certainty or refused by their line, once, pseudonymous, and undone."""

from __future__ import annotations

import datetime
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from extraction.domain.claims.attributes import Attribute
from extraction.domain.claims.mapping import ColumnMapping
from extraction.domain.claims.remarks import RemarkCode
from extraction.domain.progress import Cancelled, Silent
from extraction.models import Claim, ClaimImport, Document, Finding, Label, Project, Source
from extraction.services import pseudonyms
from extraction.services.documents.claims import imports, running
from extraction.services.errors import Invalid
from tests.documents.claims.working import Stopping, claims, imported, remarks, undone
from tests.support import builders
from tests.support.builders import csv_file, xlsx_file

pytestmark = pytest.mark.django_db
State = ClaimImport.State
HEADER = "Referenz;Mitarbeiter;Betrag;Währung;Datum;Händler;Teilnehmer;Beleg"


def rows() -> list[tuple[str, str, str]]:
    """What stands: reference, amount and currency."""
    found = Claim.objects.filter(withdrawn=False).order_by("pk")
    return [(row.reference, str(row.amount.normalize() + 0), row.currency) for row in found]


def table(tmp_path: Path, *lines: str, header: str = HEADER, name: str = "t.csv") -> Path:
    return csv_file(tmp_path / name, header, *lines)


def test_a_line_becomes_a_claim_and_its_cells_labels(
    project: Project, documents: list[Document], tmp_path: Path
) -> None:
    row = imported(project, table(tmp_path, "R1;Marie Curie;1.234,50;€;03.04.2024;Bean;Ann, Bob;a.jpg"))
    claim = Claim.objects.get()
    assert (row.state, row.claims_new, row.refused, row.doubtful) == (State.IMPORTED, 1, 0, 0)
    assert (claim.amount, claim.currency, claim.date) == (Decimal("1234.5"), "EUR", datetime.date(2024, 4, 3))
    assert (claim.reference, claim.merchant, claim.attendees, claim.file) == ("R1", "Bean", 2, "a.jpg")
    assert (claim.claim_import, claim.line, claim.withdrawn) == (row, 2, False)
    assert claims(project)["a.jpg", "total"] == "1.234,50"


def test_employees_are_pseudonyms_unless_names_are_kept(project: Project, tmp_path: Path) -> None:
    path = table(tmp_path, "Marie Curie;1,00", "marie  curie;2,00", header="Mitarbeiter;Betrag")
    imported(project, path)
    assert set(Claim.objects.values_list("employee", "name")) == {(pseudonyms.of("Marie Curie"), "")}
    mapping = ColumnMapping(None, {}, claim={0: Attribute.EMPLOYEE, 1: Attribute.AMOUNT}, names=True)
    imported(project, table(tmp_path, "Marie Curie;3,00", header="Mitarbeiter;Betrag", name="u.csv"), mapping)
    kept = Claim.objects.latest("pk")
    assert (kept.employee, kept.name) == (pseudonyms.of("Marie Curie"), "Marie Curie")


def test_a_table_whose_names_are_not_kept_goes_once_it_is_read(
    project: Project, tmp_path: Path, data_dir: Path
) -> None:
    path = table(tmp_path, "Marie Curie;1,00", header="Mitarbeiter;Betrag")
    row = imported(project, path)
    assert (row.file, row.first_lines) == ("", [])
    assert not any(each.is_file() for each in (data_dir / "files").rglob("claims/*"))
    mapping = ColumnMapping(None, {}, claim={0: Attribute.EMPLOYEE, 1: Attribute.AMOUNT}, names=True)
    assert imported(project, path, mapping).file
    imports.remove(undone(row))


def test_the_same_table_changes_nothing_and_equal_lines_are_two(project: Project, tmp_path: Path) -> None:
    path = table(tmp_path, ";Ann;5,00;EUR;;;;", ";Ann;5,00;EUR;;;;", "R1;Ann;5,00;EUR;;;;")
    assert imported(project, path).claims_new == 3
    again = imported(project, path)
    assert (again.claims_new, again.claims_known, again.refused) == (0, 3, 0)
    assert Claim.objects.count() == 3


REFUSED = [
    ("R;;1,00;EUR;;;;", 1, RemarkCode.NO_EMPLOYEE),
    ("R;Ann;;EUR;;;;", 2, RemarkCode.NO_AMOUNT),
    ("R;Ann;about ten;EUR;;;;", 2, RemarkCode.AMOUNT_NOT_READ),
    ("R;Ann;=A1*2;EUR;;;;", 2, RemarkCode.AMOUNT_NOT_READ),
    ("R;Ann;9999999999999,00;EUR;;;;", 2, RemarkCode.AMOUNT_NOT_READ),
    ("R;Ann;1,2345678;EUR;;;;", 2, RemarkCode.AMOUNT_NOT_READ),
    ("R;Ann;#REF!;EUR;;;;", 2, RemarkCode.ERROR_CELL),
    ("R;Ann;1,00;money;;;;", 3, RemarkCode.NO_CURRENCY),
    ("R;Ann;1,00;$;;;;", 3, RemarkCode.NO_CURRENCY),
    ("R;Ann;1,00;EUR;yesterday;;;", 4, RemarkCode.DATE_NOT_READ),
    ("R;Ann;1,00;EUR;31.02.2024;;;", 4, RemarkCode.DATE_NOT_READ),
    ("R;Ann;1,00;EUR;45385;;;", 4, RemarkCode.DATE_NOT_READ),
    (f"R;Ann;1,00;EUR;;{'x' * 201};;", 5, RemarkCode.TOO_LONG),
    ("R;Ann;1,00;EUR;;;-2;", 6, RemarkCode.NO_COUNT),
    ("R;Ann;1,00;EUR;;;;;;x", None, RemarkCode.TOO_MANY_CELLS),
]


def test_lines_that_cannot_be_read_make_nothing(project: Project, documents: list[Document], tmp_path: Path) -> None:
    lines = [line.replace("R;", f"R{number};", 1) for number, (line, _, _) in enumerate(REFUSED)]
    row = imported(project, table(tmp_path, "OK;Ann;7,25;EUR;28.12.2023;Bean;1;a.jpg", *lines))
    assert remarks(row) == [(number, column, code) for number, (_, column, code) in enumerate(REFUSED, start=3)]
    assert (rows(), row.refused) == ([("OK", "7.25", "EUR")], len(REFUSED))
    assert not Label.objects.exclude(document=documents[0]).exists()


def test_a_refusal_quotes_no_employee(project: Project, tmp_path: Path) -> None:
    row = imported(project, table(tmp_path, f"R;{'Ann ' * 60};1,00;;;;;", "S;Ann;1,00;;;;;"))
    assert remarks(row) == [(2, 1, RemarkCode.TOO_LONG)]
    assert row.remarks.get().text == ""


AMOUNTS = [
    ("1 234,50 EUR", "1234.5", "EUR"),
    ("CHF 1'234.50", "1234.5", "CHF"),
    ("€ 12.50", "12.5", "EUR"),
    ("(12,50)", "-12.5", ""),
    ("-12.50", "-12.5", ""),
    ("$5.00", "5", ""),
    ("1.234.567,8", "1234567.8", ""),
]


def test_amounts_are_read_in_any_separators(project: Project, tmp_path: Path) -> None:
    lines = [f'"{typed}";Ann' for typed, _, _ in AMOUNTS]
    imported(project, table(tmp_path, *lines, header="Betrag;Mitarbeiter"))
    assert rows() == [("", amount, currency) for _, amount, currency in AMOUNTS]


def test_a_column_tells_what_a_lone_sign_means(project: Project, tmp_path: Path) -> None:
    imported(project, table(tmp_path, "1.234;Ann", "2.345;Bob", "12,50;Cid", header="Betrag;Mitarbeiter"))
    assert [amount for _, amount, _ in rows()] == ["1234", "2345", "12.5"]


def test_the_currency_tells_what_a_lone_sign_means(project: Project, tmp_path: Path) -> None:
    imported(project, table(tmp_path, "1.234;Ann;JPY", header="Betrag;Mitarbeiter;Währung"))
    assert rows() == [("", "1234", "JPY")]


def test_workbooks_bring_days_moments_and_formulas(project: Project, tmp_path: Path) -> None:
    lines = [
        ["employee", "amount", "date"],
        ["Ann", 0.1 + 0.2, datetime.date(2024, 4, 3)],
        ["Bob", 5, datetime.datetime(2024, 4, 3, 12, 30)],
        ["Cid", "=B2*2", None],
    ]
    row = imported(project, xlsx_file(tmp_path / "t.xlsx", *lines))
    assert [(str(each.amount.normalize() + 0), each.date) for each in Claim.objects.order_by("pk")] == [
        ("0.3", datetime.date(2024, 4, 3)),
        ("5", datetime.date(2024, 4, 3)),
    ]
    assert remarks(row) == [(4, 1, RemarkCode.NO_RESULT)]


def test_a_column_of_day_numbers_is_one_of_dates(project: Project, tmp_path: Path) -> None:
    imported(project, table(tmp_path, "Ann;1,00;45385", "Bob;2,00;45386", header="Mitarbeiter;Betrag;Datum"))
    assert set(Claim.objects.values_list("date", flat=True)) == {
        datetime.date(2024, 4, 3),
        datetime.date(2024, 4, 4),
    }


def test_refunds_unknown_files_and_a_file_of_two_are_stored_and_told(
    project: Project, documents: list[Document], tmp_path: Path
) -> None:
    Document.objects.filter(pk__in=[documents[2].pk, documents[3].pk]).update(name="twin.jpg")
    lines = ["A;Ann;-3,00;;;;;", "B;Ann;1,00;;;;;z.jpg", "C;Ann;1,00;;;;;a.jpg", "D;Bob;2,00;;;;;A.JPG"]
    row = imported(project, table(tmp_path, *lines, "E;Ann;1,00;;;;;twin.jpg"))
    assert [(line, code) for line, _, code in remarks(row) if code != RemarkCode.CONTRADICTION] == [
        (2, RemarkCode.REFUND),
        (3, RemarkCode.FILE_NOT_FOUND),
        (5, RemarkCode.SAME_FILE),
        (6, RemarkCode.FILE_AMBIGUOUS),
    ]
    assert (row.claims_new, len(rows())) == (5, 5)


def test_lines_with_one_reference_that_differ_make_no_claim(project: Project, tmp_path: Path) -> None:
    row = imported(project, table(tmp_path, "R;Ann;1,00;;;;;", "r;Ann;2,00;;;;;", "R;Ann;1,00;;;;;", "S;Ann;1,00;;;;;"))
    assert remarks(row) == [(line, 0, RemarkCode.SAME_REFERENCE) for line in (2, 3, 4)]
    assert list(row.remarks.values_list("other_line", flat=True)) == [3, 2, 3]
    assert [reference for reference, _, _ in rows()] == ["S"]


def test_a_stored_claim_is_not_changed_by_its_reference(
    project: Project, documents: list[Document], tmp_path: Path
) -> None:
    first = imported(project, table(tmp_path, "R;Ann;1,00;;;;;a.jpg"))
    changed = table(tmp_path, "R;Ann;9,00;;;;;b.jpg", name="u.csv")
    row = imported(project, changed)
    assert remarks(row) == [(2, 0, RemarkCode.OTHER_CLAIM)]
    assert ("b.jpg", "total") not in claims(project)
    undone(first)
    assert imported(project, changed).claims_new == 1
    assert rows() == [("R", "9", "")]


def test_an_import_is_taken_back_and_counts_again(project: Project, tmp_path: Path) -> None:
    path = table(tmp_path, "R;Ann;1,00;;;;;", ";Ann;2,00;;;;;")
    row = undone(imported(project, path))
    assert (row.claims_withdrawn, rows()) == (2, [])
    again = imported(project, path)
    assert (again.claims_new, Claim.objects.count(), len(rows())) == (2, 2, 2)
    imports.remove(row)
    assert len(rows()) == 2
    imports.remove(undone(again))
    assert not Claim.objects.exists()


def test_nothing_is_at_risk_by_an_import_that_is_taken_back(project: Project, tmp_path: Path) -> None:
    row = imported(project, table(tmp_path, "R;Ann;1,00;;;;;"))
    finding = builders.finding(Claim.objects.get())
    other = builders.finding(builders.claim(project))
    undone(row)
    assert list(Finding.objects.filter(current=True)) == [other]
    assert Finding.objects.filter(pk=finding.pk).exists()


def test_a_claim_that_counts_again_keeps_a_name_only_as_the_later_import_says(project: Project, tmp_path: Path) -> None:
    path = table(tmp_path, "R;Ann Lee;1,00;;;;;")
    kept = replace(imports.add(project, "t.csv", path).column_mapping(), names=True)
    for mapping, name in ((kept, "Ann Lee"), (replace(kept, names=False), ""), (kept, "Ann Lee")):
        row = imported(project, path, mapping)
        assert Claim.objects.get().name == name
        undone(row)


def test_a_stopped_import_makes_each_claim_once(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "BATCH", 1)
    path = table(tmp_path, *(f";Ann;{1 + number // 2},00;;;;;" for number in range(6)))
    row = imports.add(project, "t.csv", path)
    row = imports.start(row, row.column_mapping(), send=False)
    for looks in (8, 7, 8):
        with pytest.raises(Cancelled):
            running.run(row.pk, Stopping(looks))
    row.refresh_from_db()
    assert 0 < row.done < 6
    running.run(row.pk, Silent())
    row.refresh_from_db()
    assert (row.state, row.claims_new, Claim.objects.count()) == (State.IMPORTED, 6, 6)


@pytest.mark.parametrize(
    "claim",
    [
        {0: Attribute.EMPLOYEE},
        {1: Attribute.AMOUNT},
        {0: Attribute.EMPLOYEE, 1: Attribute.AMOUNT, 2: Attribute.AMOUNT},
        {0: Attribute.EMPLOYEE, 9: Attribute.AMOUNT},
    ],
)
def test_mappings_of_half_a_claim_are_refused(project: Project, tmp_path: Path, claim: dict[int, Attribute]) -> None:
    row = imports.add(project, "t.csv", csv_file(tmp_path / "t.csv", "x,y,z", "Ann,1.00,2"))
    with pytest.raises(Invalid):
        imports.start(row, ColumnMapping(None, {}, claim=claim))


def test_columns_are_remembered_and_doubled_ones_left_open(project: Project, tmp_path: Path) -> None:
    path = table(tmp_path, "Ann;1,00;5", header="Wer;Geld;Summe")
    assert imports.add(project, "t.csv", path).column_mapping().claim == {}
    chosen = {0: Attribute.EMPLOYEE, 1: Attribute.AMOUNT}
    imported(project, path, ColumnMapping(None, {}, claim=chosen, names=True))
    again = table(tmp_path, "9;1,00;Ann", header="Summe;geld;Wer", name="u.csv")
    mapping = imports.add(project, "u.csv", again).column_mapping()
    assert mapping.claim == {1: Attribute.AMOUNT, 2: Attribute.EMPLOYEE}
    assert mapping.names
    doubled = table(tmp_path, "Ann;1,00;2,00", header="Mitarbeiter;Betrag;Betrag", name="v.csv")
    assert imports.add(project, "v.csv", doubled).column_mapping().claim == {}


def test_the_command_makes_claims(project: Project, documents: list[Document], tmp_path: Path, command: Any) -> None:
    path = table(tmp_path, "Ann;1,00;a.jpg", ";2,00;b.jpg", header="Wer;Geld;Datei")
    options = ["--map", "Wer=claim.employee", "--map", "Geld=claim.amount", "--map", "Geld=total"]
    code, told = command("load", "receipts", "--claims", path, *options)
    assert (code, told["claims"]["claims_new"], told["claims"]["new"]) == (1, 1, 1)
    assert told["claims"]["refused"][0]["code"] == "no_employee"
    assert told["claims"]["claim_columns"] == {"Wer": "employee", "Geld": "amount"}
    code, told = command("load", "receipts", "--claims", path, "--map", "Wer=claim.boss")
    assert (code, "employee" in told) == (2, True)


def test_labels_keep_their_source(project: Project, documents: list[Document], tmp_path: Path) -> None:
    imported(project, table(tmp_path, "R;Ann;1,00;;;;;a.jpg"))
    assert set(Label.objects.values_list("source", flat=True)) == {Source.CLAIM}
    assert "Ann" not in set(Label.objects.values_list("value", flat=True))
