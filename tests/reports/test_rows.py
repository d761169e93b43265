"""Rows of groups: scored by command and report, shown on pages and given to programs."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from extraction.domain.evaluation.line_items import FIGURES
from extraction.domain.fields import Schema
from extraction.domain.line_items.comparison import compare
from extraction.domain.results.reports import ReportValue
from extraction.domain.results.wrong_tables import LONGEST, MOST_ROWS, WrongTable
from extraction.models import Document, Project, Report, Source, User
from extraction.services.labels import conventions, store
from extraction.services.reports import gallery, reports
from extraction.services.reports.evaluate import evaluate_system
from extraction.services.serving import field_extraction
from tests.support import builders
from tests.support.programs import ROOT

pytestmark = pytest.mark.django_db

TEA = {"description": "tea", "amount": "3.50"}
RICE = {"description": "fried rice", "amount": "16.00"}
SOUP = {"description": "noodle soup", "amount": "9.20"}
Rows = Sequence[dict[str, str | None]]


@pytest.fixture
def owner() -> User:
    return builders.user("olga")


def labelled(project: Project, truth: Rows | None, answer: Rows | None) -> Document:
    """A test document with true rows and a teacher's."""
    document = builders.document(project, split="test")
    for rows, source, teacher in ((truth, Source.TRUTH, ""), (answer, Source.TEACHER, "recorded")):
        if rows is not None:
            store.write(document, "items", json.dumps(rows), source=source, teacher=teacher)
    return document


@pytest.fixture
def project(owner: User) -> Project:
    """Three documents: one right, one with a row of each fault, one that the teacher did not read."""
    held = builders.project("receipts", owner=owner, schema=builders.WITH_ROWS)
    for document in (
        labelled(held, [TEA, RICE], [TEA, RICE]),
        labelled(held, [TEA, RICE, SOUP], [{**TEA, "amount": "8.50"}, {"description": "a < b", "amount": "1"}, SOUP]),
        labelled(held, [TEA], None),
    ):
        store.write(document, "total", "3.30", source=Source.TRUTH)
        store.write(document, "total", "3.30", source=Source.TEACHER, teacher="recorded")
    return held


@pytest.fixture
def page(client: Client, owner: User) -> Client:
    client.force_login(owner)
    return client


@pytest.fixture
def written(project: Project, monkeypatch: pytest.MonkeyPatch) -> Report:
    """A report of the teacher on the project."""
    monkeypatch.setattr(field_extraction, "read", lambda *_: iter(()))  # there are no files to time
    value = reports.compare(project, systems=["teacher"])
    return Report.objects.create(project=project, value=value.to_json())


def show(page: Client, report: Report) -> str:
    response = page.get(reverse("report", args=["receipts", report.pk]))
    assert response.status_code == 200
    return response.content.decode()


def download(page: Client, format: str, report: Report) -> list[dict[str, str]]:
    response: Any = page.get(reverse("report_export", args=["receipts", report.pk, format]))
    return list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))


class TestEvaluation:
    def test_rows_are_no_part_of_the_flat_figures(self, project: Project) -> None:
        scores = evaluate_system(project, "teacher").scores
        assert (scores.documents, scores.mean_anls, scores.all_fields, list(scores.fields)) == (3, 1, 1, ["total"])
        items = scores.groups["items"]
        assert (items.n, items.row_count_right.value) == (3, pytest.approx(2 / 3))
        assert items.corrections.value == pytest.approx((1 + 2 + 2 + 2) / 3)
        assert items.row_f1.value == pytest.approx(2 * 3 / (6 + 5))

    def test_the_command_prints_every_figure_with_its_interval(
        self, project: Project, capsys: pytest.CaptureFixture[str]
    ) -> None:
        call_command("evaluate", "receipts", "--system", "teacher")
        text = capsys.readouterr().out
        assert "rows of items" in text
        for title in ("cell F1", "row F1", "right number of rows", "tree-edit accuracy", "ANLS*", "work left"):
            [line] = [line for line in text.splitlines() if line.strip().startswith(title)]
            assert " – " in line
        call_command("evaluate", "receipts", "--system", "teacher", "--json")
        value = json.loads(capsys.readouterr().out)
        assert set(value["groups"]["items"]) == {"n", *FIGURES, *(f"{name}_ci95" for name in FIGURES)}
        assert set(value["fields"]) == {"total"}

    def test_a_project_of_groups_alone(
        self, owner: User, page: Client, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(field_extraction, "read", lambda *_: iter(()))
        alone = Schema(builders.WITH_ROWS.name, "receipt", (builders.WITH_ROWS["items"],))
        held = builders.project("receipts", owner=owner, schema=alone)
        labelled(held, [TEA, RICE], [TEA])
        call_command("evaluate", "receipts", "--system", "teacher")
        assert "all fields" not in capsys.readouterr().out
        value = reports.compare(held, systems=["teacher", "rules"])
        assert value.fields == []
        assert value.systems[0].scores.mean_anls == pytest.approx(0.5)
        assert len(value.differences) == 1
        text = show(page, Report.objects.create(project=held, value=value.to_json()))
        assert "Rows of items" in text
        assert "Worst answers" not in text

    def test_rows_of_people_that_hold_no_rows_are_not_compared(self, project: Project) -> None:
        document = labelled(project, [TEA], [TEA])
        document.labels.filter(source=Source.TRUTH).update(value="tea, 3.50")
        assert evaluate_system(project, "teacher").scores.groups["items"].n == 3


class TestReport:
    def test_figures_of_rows_stand_beside_each_system(self, page: Client, project: Project) -> None:
        systems = [
            builders.reported("recorded", "teacher", 0.9, groups={"items": 0.8125}),
            builders.reported("old", "student", 0.9),
        ]
        report = Report.objects.create(project=project, value=builders.report_value(*systems).to_json())
        text = show(page, report)
        table = text[text.index("Rows of items") : text.index("Wrong rows")]
        assert table.count("81.2 %") == 5
        assert table.count("71 % – 91 %") == 5
        assert "18.8 %" in table
        assert "1.5 – 3.5" in table
        assert table.count("–\n") >= len(FIGURES)  # the student had no rows yet

    def test_wrong_rows_stand_beside_the_truth(self, page: Client, project: Project, written: Report) -> None:
        text = show(page, written)
        rows = text[text.index("Wrong rows") :]
        for words in ("Missing", "Invented", "a &lt; b", "fried rice", "8.50", "5 corrections", "1 row is right"):
            assert words in rows, words
        assert rows.index("5 corrections") < rows.index("2 corrections")
        document = project.documents.order_by("pk")[1]
        assert reverse("document", args=["receipts", document.pk]) in rows
        document.delete()
        assert "deleted since" in show(page, written)

    def test_a_system_with_every_row_right_is_said_to_have(self, page: Client, project: Project) -> None:
        value = builders.report_value(builders.reported("first", "student", 1.0, groups={"items": 1.0}))
        assert "first has every row right." in show(page, Report.objects.create(project=project, value=value.to_json()))

    def test_a_report_without_groups_says_nothing_of_rows(self, page: Client, project: Project) -> None:
        value = builders.report_value(builders.reported("first", "student", 1.0))
        text = show(page, Report.objects.create(project=project, value=value.to_json()))
        assert "Wrong rows" not in text
        assert "Rows of" not in text

    def test_the_page_is_in_german_too(self, page: Client, project: Project, written: Report) -> None:
        url = reverse("report", args=["receipts", written.pk])
        text = page.get(url, headers={"Accept-Language": "de"}).content.decode()
        for words in (
            "Zeilen von items",
            "Falsche Zeilen",
            "Fehlt",
            "Erfunden",
            "5 Korrekturen",
            "Verbleibende Arbeit",
        ):
            assert words in text, words

    def test_files_have_the_rows(self, page: Client, project: Project, written: Report) -> None:
        [items] = [row for row in download(page, "csv", written) if row["field"] == "items"]
        score = ReportValue.from_json(written.value).systems[0].scores.groups["items"]
        assert float(items["cell_f1"]) == score.cell_f1.value
        assert float(items["anls"]) == score.anls_star.value
        assert items["exact"] == ""
        errors = [row for row in download(page, "errors", written) if row["field"] == "items"]
        assert {row["answer"] for row in errors if not row["truth"]} == {
            json.dumps({"description": "a < b", "amount": "1"})
        }
        assert len(errors) == 4

    def test_programs_get_the_figures_and_the_wrong_rows(self, caller: Client, project: Project) -> None:
        wrong = builders.document(project)
        table = WrongTable(wrong.pk, wrong.name, "items", 2, 1, (), 0)
        system = builders.reported("first", "student", 0.8, groups={"items": 0.75}, tables=[table])
        report = Report.objects.create(project=project, value=builders.report_value(system).to_json())
        answer = caller.get(f"{ROOT}/projects/receipts/reports/{report.pk}").json()["systems"][0]
        assert answer["groups"] == {"items": builders.group_score(0.75).to_json()}
        assert answer["tables"] == [table.to_json()]
        [listed] = caller.get(f"{ROOT}/projects/receipts/reports").json()["results"]
        assert listed["systems"][0]["groups"] == answer["groups"]


class TestGallery:
    def test_a_report_keeps_as_much_as_can_be_read(self, project: Project) -> None:
        field = builders.WITH_ROWS["items"]
        rows = [{"description": f"{number} " + "x" * 10_000, "amount": "3.50"} for number in range(MOST_ROWS + 5)]
        table = WrongTable.of(1, "a.jpg", "items", compare(field, rows, [], conventions.of(project)).rows())
        assert (len(table.rows), table.more, table.right) == (MOST_ROWS, 5, 0)
        assert table.corrections == 2 * (MOST_ROWS + 5)
        assert all(len(cell or "") <= LONGEST + 1 for row in table.rows for cell in (row.truth or {}).values())
        assert WrongTable.from_json(json.loads(json.dumps(table.to_json()))) == table

    def test_the_documents_with_the_most_left_to_do_are_kept(
        self, project: Project, written: Report, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(gallery, "WORST_TABLES", 1)
        [system] = reports.compare(project, systems=["teacher"]).systems
        [table] = system.tables
        assert table.corrections == 5
        assert replace(table, rows=()) == replace(ReportValue.from_json(written.value).systems[0].tables[0], rows=())
