"""The fragment in which every page follows a job."""

import pytest
from django.test import Client
from django.urls import reverse

from extraction.models import Job, Project, Role
from tests.support import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return builders.project("receipts")


@pytest.mark.parametrize(
    ("state", "asks_again", "text"),
    [
        ("queued", True, "No worker is running"),
        ("running", True, "3 of 10"),
        ("done", False, "Done"),
        ("failed", False, "It broke."),
    ],
)
def test_the_fragment_of_a_job_follows_it_to_its_end(
    client: Client, project: Project, state: str, asks_again: bool, text: str
) -> None:
    client.force_login(builders.member(project, Role.OWNER))
    error = "It broke." if state == "failed" else ""
    job = Job.objects.create(
        kind="train", project=project, subject=1, state=state, done=3, total=10, message="Learning", error=error
    )
    response = client.get(reverse("job", args=["receipts", job.pk]))
    page = response.content.decode()
    assert text in page
    assert ("every 1s" in page) == asks_again
    assert ("job-ended" in response.headers.get("HX-Trigger", "")) != asks_again


def test_cancelling_a_waiting_job_ends_it(client: Client, project: Project) -> None:
    client.force_login(builders.member(project, Role.OWNER))
    job = Job.objects.create(kind="train", project=project, subject=1)
    page = client.post(reverse("job_cancel", args=["receipts", job.pk])).content.decode()
    assert "Cancelled" in page
    job.refresh_from_db()
    assert job.state == Job.State.CANCELLED
