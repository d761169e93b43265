"""Reports by program: listed, and read with their worst answers."""

from django.test import Client
from pytest_django import DjangoAssertNumQueries

from extraction.domain.results.reports import WrongAnswer
from extraction.models import Job, Project, Report
from tests.support import builders
from tests.support.programs import AUTHORISING, ROOT

URL = f"{ROOT}/projects/slips"


def test_reports_are_listed_and_read_with_their_worst_answers(
    caller: Client, project: Project, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    mistake = WrongAnswer(1, "a.jpg", "total", "3.30", None, 0.0)
    value = builders.report_value(builders.reported("first", "student", 0.8, None, [mistake]))
    done = Report.objects.create(project=project, value=value.to_json())
    for _ in range(3):
        job = Job.objects.create(kind="report", project=project, subject=1)
        Report.objects.create(project=project, job=job)
    with django_assert_max_num_queries(AUTHORISING + 1):
        results = caller.get(f"{URL}/reports").json()["results"]
    assert [row["state"] for row in results] == ["queued", "queued", "queued", "done"]
    assert results[-1]["systems"][0]["mean_anls"] == 0.8
    assert "errors" not in results[-1]["systems"][0]
    detail = caller.get(f"{URL}/reports/{done.pk}").json()
    assert detail["note"] == "Compared with truth."
    assert detail["systems"][0]["errors"] == [mistake.to_json()]
    assert caller.get(f"{URL}/reports/{done.pk + 9}").status_code == 404
