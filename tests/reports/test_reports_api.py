"""Reports by program: listed, and read with their worst answers."""

from django.test import Client
from pytest_django import DjangoAssertNumQueries

from extraction.models import Job, Project, Report
from tests.support.programs import AUTHORISING, ROOT, SCORES

URL = f"{ROOT}/projects/slips"


def test_reports_are_listed_and_read_with_their_worst_answers(
    caller: Client, project: Project, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    mistake = {"document": 1, "name": "a.jpg", "field": "total", "truth": "3.30", "answer": None, "nls": 0.0}
    system = {**SCORES, "name": "first", "kind": "student", "documents_per_second": None, "errors": [mistake]}
    value = {"documents": 2, "note": "Compared with truth.", "systems": [system]}
    done = Report.objects.create(project=project, value=value)
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
    assert detail["systems"][0]["errors"] == [mistake]
    assert caller.get(f"{URL}/reports/{done.pk + 9}").status_code == 404
