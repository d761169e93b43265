"""The administration in a browser: it works under the policy that forbids inline scripts, light and dark."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from extraction.models import Job, User
from extraction.services.documents.jobs import READ
from extraction.services.jobs import queue
from tests.support import builders

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def operator(django_user_model: type[User]) -> User:
    return django_user_model.objects.create_superuser("root", password="a good long password")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_cancelled_job_is_tried_again(open_page: Callable[..., Page], operator: User, scheme: str) -> None:
    project = builders.project("receipts")
    job = queue.cancel(queue.enqueue(READ, project=project, subject=builders.document(project).pk))
    page = open_page(operator, color_scheme=scheme)
    page.goto(reverse("status"))
    page.get_by_role("link", name="Administration").click()
    expect(page.locator("#site-name")).to_have_text("kdweb administration")
    page.get_by_role("link", name="Jobs", exact=True).first.click()
    expect(page.locator("#action-toggle")).to_be_visible()
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (background == "rgb(255, 255, 255)") == (scheme == "light")
    page.locator("#action-toggle").check()
    page.get_by_label("Action:").select_option("try_again")
    page.get_by_role("button", name="Go").click()
    expect(page.locator(".messagelist")).to_have_text(f"Job {job.pk} waits for a worker.")
    job.refresh_from_db()
    assert job.state == Job.State.QUEUED


def test_an_account_is_made(open_page: Callable[..., Page], operator: User) -> None:
    page = open_page(operator)
    page.goto(reverse("accounts"))
    page.get_by_label("User name").fill("ann")
    page.get_by_role("button", name="Make the account").click()
    password = page.locator("#password-value").inner_text()
    assert User.objects.get(username="ann", is_active=True, is_superuser=False).check_password(password)
