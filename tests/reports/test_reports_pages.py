"""Reports: started, followed, read, counted in dollars, and taken away as files."""

import csv
import io
import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from extraction.domain.results.costs import Usage
from extraction.domain.results.reports import WrongAnswer
from extraction.models import Job, ModelVersion, Project, Report, Role, Source, User
from extraction.services.labels import store
from extraction.services.training import training_runs
from tests.support import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return builders.user("olga")


@pytest.fixture
def project(owner: User) -> Project:
    held = builders.project("receipts", owner=owner)
    store.write(builders.document(held), "total", "3.30", source=Source.TEACHER, teacher="recorded")
    store.write(builders.document(held, split="test"), "total", "3.30", source=Source.TRUTH)
    return held


@pytest.fixture
def page(client: Client, owner: User) -> Client:
    client.force_login(owner)
    return client


@pytest.fixture
def report(project: Project) -> Report:
    document = project.documents.get(split="test")
    wrong = WrongAnswer(document.pk, document.name, "total", "3.30", None, 0)
    formula = replace(wrong, truth="=HYPERLINK(1)", answer="<b>4.40</b>", nls=0.2)
    gone = replace(wrong, document=10**6, name="gone.jpg", field="company")
    value = builders.report_value(
        builders.reported("recorded", "teacher", 0.875, None, [wrong]),
        builders.reported("small", "student", 0.75, 2.0, [wrong, formula, gone]),
        builders.reported("rules", "rules", 0.5, 2.5),
        usage=Usage(100, 200_000, 10_000, Decimal("0.5")),
    )
    return Report.objects.create(project=project, value=value.to_json())


def show(page: Client, report: Report, **query: str) -> str:
    response = page.get(reverse("report", args=["receipts", report.pk]), query)
    assert response.status_code == 200
    return response.content.decode()


def download(page: Client, format: str, report: Report, **query: str) -> str:
    response: Any = page.get(reverse("report_export", args=["receipts", report.pk, format]), query)
    assert response.status_code == 200
    assert response["Content-Disposition"].startswith("attachment")
    return b"".join(response.streaming_content).decode("utf-8-sig")


def rows(page: Client, format: str, report: Report, **query: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(download(page, format, report, **query))))


def test_an_empty_list_says_what_a_report_needs(page: Client, project: Project) -> None:
    assert "No report was written yet" in page.get(reverse("reports", args=["receipts"])).content.decode()


def test_a_report_starts_with_what_the_project_has(page: Client, project: Project, owner: User) -> None:
    builders.project("bare", owner=owner)
    for slug, usual in (("receipts", "truth"), ("bare", "best")):
        text = page.get(reverse("reports", args=[slug])).content.decode()
        assert f'<option value="{usual}" selected>' in text


def test_a_report_is_started(page: Client, project: Project, owner: User) -> None:
    response = page.post(reverse("reports", args=["receipts"]), {"split": "test", "against": "truth"})
    report = project.reports.get()
    assert response["Location"] == reverse("report", args=["receipts", report.pk])
    assert report.author == owner
    assert report.job is not None
    assert report.job.kind == "report"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"split": "validation", "against": "truth"}, "No document of the split validation"),
        ({"split": "all", "against": "truth"}, "Select a valid choice."),
        ({}, "This field is required."),
    ],
)
def test_what_cannot_be_compared_is_said(page: Client, project: Project, typed: dict[str, str], sentence: str) -> None:
    response = page.post(reverse("reports", args=["receipts"]), typed)
    assert response.status_code == 400
    assert sentence in response.content.decode()
    assert not project.reports.exists()


def test_a_report_under_way_waits_for_its_job(page: Client, project: Project) -> None:
    page.post(reverse("reports", args=["receipts"]), {"split": "test", "against": "truth"})
    text = show(page, project.reports.get())
    assert 'hx-trigger="job-ended from:body"' in text
    assert "Quality, speed and cost" not in text


@pytest.mark.parametrize("written", [False, True])
def test_once_the_job_has_ended_the_page_is_loaded_again(page: Client, report: Report, written: bool) -> None:
    """The panel of progress asks when the job has ended: the answer must not be put inside that panel."""
    if not written:
        Report.objects.update(value={})
    response = page.get(reverse("report", args=["receipts", report.pk]), headers={"HX-Request": "true"})
    assert response["HX-Refresh"] == "true"
    assert response.content == b""


def test_a_failed_report_says_why_and_does_not_poll(page: Client, project: Project) -> None:
    page.post(reverse("reports", args=["receipts"]), {"split": "test", "against": "truth"})
    Job.objects.update(state=Job.State.FAILED, error="The disk is full.")
    text = show(page, project.reports.get())
    assert "The disk is full." in text
    assert "job-ended" not in text


def test_the_table_has_systems_as_rows_and_fields_as_columns(page: Client, report: Report) -> None:
    text = show(page, report)
    for expected in ("recorded", "small", "rules", "87.5 %", "78 % – 98 %", "2.50", "Compared with truth."):
        assert expected in text
    assert 'class="chart intervals"' in text


def test_the_cost_of_each_system_follows_what_is_typed(page: Client, report: Report) -> None:
    # 100 000 documents: half a dollar a hundred for the teacher, 50 000 s and 40 000 s at 0.36 an hour for the others.
    prices = {"documents": "100000", "machine_hour": "0.36"}
    text = show(page, report, **prices)
    assert "$500.00" in text
    assert "$5.00" in text
    assert "$4.00" in text
    assert 'value="0.36"' in text


def test_a_price_of_a_document_replaces_what_was_paid(page: Client, report: Report) -> None:
    assert "$2,000.00" in show(page, report, documents="100000", document="0.02")


def test_the_student_pays_once_for_labels_and_training(page: Client, project: Project, report: Report) -> None:
    run = training_runs.start(project, name="small", config={"base": "tiny"})
    run.seconds = 36_000
    run.save()
    ModelVersion.objects.create(project=project, run=run, name="small", folder="x", sha256="0" * 64, bytes=1)
    text = show(page, report, machine_hour="1", document="0.5")
    assert "$0.50" in text
    assert "$10.00" in text


@pytest.mark.parametrize("typed", [{"documents": "many"}, {"machine_hour": "-1"}, {"document": "1e99"}])
def test_a_bad_price_is_said_where_it_was_typed(page: Client, report: Report, typed: dict[str, str]) -> None:
    response = page.get(reverse("report", args=["receipts", report.pk]), typed)
    text = response.content.decode()
    assert response.status_code == 400
    assert "Quality, speed and cost" in text
    assert f'value="{next(iter(typed.values()))}"' in text


def test_the_gallery_shows_one_system_at_a_time_and_deleted_documents_without_a_link(
    page: Client, report: Report
) -> None:
    text = show(page, report)
    assert "gone.jpg, deleted since" in text
    assert "&lt;b&gt;4.40&lt;/b&gt;" in text
    assert "rules answered everything exactly." in show(page, report, system="rules")
    assert "gone.jpg" in show(page, report, system="nobody")


def test_the_table_as_csv_counts_with_the_same_prices(page: Client, report: Report) -> None:
    found = rows(page, "csv", report, documents="100000", document="0.02")
    assert [(row["system"], row["field"]) for row in found[:3]] == [
        ("recorded", "mean"),
        ("recorded", "company"),
        ("recorded", "total"),
    ]
    assert found[0]["usd_a_year"] == "2000.00"
    assert found[1]["anls_low"] == "0.775"


def test_errors_as_csv_are_no_formulas(page: Client, report: Report) -> None:
    found = rows(page, "errors", report)
    assert len(found) == 4
    assert found[2]["truth"] == "'=HYPERLINK(1)"
    assert found[0]["answer"] == ""


def test_the_report_as_json_is_what_was_kept(page: Client, report: Report) -> None:
    assert json.loads(download(page, "json", report)) == report.value


@pytest.mark.parametrize("format", ["csv", "errors", "json"])
def test_a_report_that_is_not_written_has_no_files(page: Client, project: Project, format: str) -> None:
    empty = Report.objects.create(project=project)
    assert page.get(reverse("report_export", args=["receipts", empty.pk, format])).status_code == 404


def test_a_viewer_reads_and_cannot_start(client: Client, project: Project, report: Report) -> None:
    client.force_login(builders.member(project, Role.VIEWER))
    assert "small" in show(client, report)
    assert "Write the report" not in client.get(reverse("reports", args=["receipts"])).content.decode()
    assert client.post(reverse("reports", args=["receipts"]), {"split": "test"}).status_code == 403


def test_the_number_of_queries_does_not_grow_with_the_errors(
    page: Client, report: Report, project: Project, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(25) as first:
        show(page, report)
    report.value["systems"][1]["errors"] *= 20
    report.save()
    with django_assert_max_num_queries(len(first.captured_queries)):
        show(page, report)


def test_the_list_names_the_systems_and_takes_a_fixed_number_of_queries(
    page: Client, report: Report, project: Project, django_assert_max_num_queries: Any
) -> None:
    url = reverse("reports", args=["receipts"])
    with django_assert_max_num_queries(25) as first:
        assert "recorded 87.5 %, small 75.0 %, rules 50.0 %" in page.get(url).content.decode()
    for _ in range(4):
        Report.objects.create(project=project, value=report.value)
    with django_assert_max_num_queries(len(first.captured_queries)):
        page.get(url)
