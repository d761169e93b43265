"""Parts of pages that ask for themselves: what comes back stands in their place, so it is never a whole page."""

import pytest
from django.test import Client
from django.urls import reverse

from extraction.models import Job, Project, Report, Role, Source
from extraction.services.labels import store
from extraction.services.reports import reports
from extraction.services.training import training_runs
from tests.support import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(client: Client) -> Project:
    """A project with a run and a report under way."""
    held = builders.project("receipts")
    for split in ("train", "test"):
        store.write(builders.document(held, split=split), "total", "3.30", source=Source.TRUTH)
    training_runs.start(held, name="first", config={"base": "tiny"})
    reports.start(held)
    client.force_login(builders.member(held, Role.OWNER))
    return held


def asked(client: Client, page: str, *arguments: object) -> str:
    response = client.get(reverse(page, args=["receipts", *arguments]), headers={"HX-Request": "true"})
    assert response.status_code == 200
    assert response.content or response["HX-Refresh"] == "true"
    return response.content.decode()


@pytest.mark.parametrize("state", [Job.State.QUEUED, Job.State.RUNNING, Job.State.DONE, Job.State.FAILED])
def test_no_page_is_put_into_a_part_of_itself(client: Client, project: Project, state: str) -> None:
    Job.objects.update(state=state)
    run, report, job = project.training_runs.get(), project.reports.get(), Job.objects.all()[0]
    own = [("training_run", run.pk), ("report", report.pk), ("job", job.pk), ("teacher",), ("documents_progress",)]
    for page, *arguments in own:
        assert "<html" not in asked(client, str(page), *arguments), page


def test_a_report_that_was_written_meanwhile_is_no_part_either(client: Client, project: Project) -> None:
    value = builders.report_value(builders.reported("small", "student", 0.8))
    Report.objects.update(value=value.to_json())
    assert asked(client, "report", project.reports.get().pk) == ""


def test_whoever_was_logged_out_meanwhile_gets_no_page_in_a_part(client: Client, project: Project) -> None:
    client.logout()
    address = reverse("training_run", args=["receipts", project.training_runs.get().pk])
    response = client.get(address, headers={"HX-Request": "true"}, follow=True)
    assert "<html" not in response.content.decode()
