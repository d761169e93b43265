"""A field that is added to a project in use, in a browser: from the form of fields to the answers of programs."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from extraction.domain.progress import Silent
from extraction.models import Document, Project, Source
from extraction.services import storage
from extraction.services.labels import ranking
from extraction.services.review import actions
from extraction.services.serving import registry
from extraction.services.teaching import label_runs
from extraction.services.training import training_runs
from tests.e2e.steps import call, go_to, make_token, promote, train
from tests.support import builders
from tests.support.drawing import encoded, receipt

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

DOCUMENTS = 11


@pytest.fixture
def project() -> Project:
    """Its documents are labelled and reviewed, and a student that was trained on them serves."""
    held = builders.project("bills", owner=builders.user("olga"))
    for number in range(DOCUMENTS):
        pictured(held, *builders.LINES, f"Due date: {number + 13}/01/2019")
    label_runs.label_here(held, Silent(), teacher="rules")
    for document in held.documents.all():
        shown = {name: label.pk for name, label in ranking.best(document).items()}
        actions.accept(document, shown, actor=held.members.get())
    config = {"base": "tiny", "epochs": 2}
    registry.promote(training_runs.train_here(held, name="first", progress=Silent(), minutes=5, config=config))
    return held


def pictured(project: Project, *lines: str) -> Document:
    row = builders.document(project, *lines)
    page = row.pages.get()
    for relative in (page.image, page.thumbnail):
        storage.path(relative).parent.mkdir(parents=True, exist_ok=True)
        storage.path(relative).write_bytes(encoded(receipt(lines)))
    return row


def test_a_new_field_reaches_programs_without_any_command(
    project: Project, page: Page, refusals: list[str], tmp_path: Path
) -> None:
    log_in(page, project)
    add_field(page, "due_date")
    label(page)
    reviewed = review(page)
    assert sorted(reviewed) == list(project.documents.order_by("pk").values_list("pk", flat=True))
    for document in project.documents.all():
        best = ranking.best(document)["due_date"]
        assert (best.source, (best.value or "")[-8:]) == (Source.REVIEWER, "/01/2019")
    train(page, "second")
    promote(page, "second")
    file = tmp_path / "new.jpg"
    file.write_bytes(encoded(receipt((*builders.LINES, "Due date: 30/01/2019"))))
    answer = call(page, make_token(page), file)
    assert answer["model"] == "second"
    assert list(answer["fields"]) == ["company", "date", "address", "total", "due_date"]
    assert refusals == []


def log_in(page: Page, project: Project) -> None:
    """By a session: the processes of the installation hash passwords in another way than tests."""
    client = Client()
    client.force_login(project.members.get())
    page.goto("/login/")
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies(
        [{"name": name, "value": client.cookies[name].value, "url": page.url.removesuffix("/login/")}]
    )
    page.goto("/projects/bills/fields/")


def add_field(page: Page, name: str) -> None:
    page.get_by_role("button", name="Add a field").click()
    page.locator("#field-4-name").fill(name)
    page.locator("#field-4-type").select_option("date")
    page.get_by_role("button", name="Save as a new version").click()
    expect(page.locator("#flashes")).to_contain_text("Saved as version 2")


def label(page: Page) -> None:
    """By what is said to be next."""
    following = page.locator(".steps-next")
    expect(following).to_contain_text(f"Label due_date on {DOCUMENTS} documents")
    following.get_by_role("link", name="Choose a teacher").click()
    form = page.get_by_role("region", name="Label documents")
    expect(form.get_by_text(f"{DOCUMENTS} documents")).to_be_visible()
    form.get_by_role("button", name="Start labelling").click()
    # Beside the run of the project's past.
    expect(page.locator("#runs .badge", has_text="Done")).to_have_count(2)


def review(page: Page) -> list[int]:
    """Accepts what is offered; the documents, in their order."""
    page.get_by_role("link", name=f"Review {DOCUMENTS} documents").click()
    seen = []
    for _ in range(DOCUMENTS):
        sheet = page.locator(".review-sheet")
        expect(sheet.locator(".review-field.active")).to_have_attribute("data-field", "due_date")
        seen.append(int(sheet.get_attribute("data-document") or 0))
        page.keyboard.press("a")
        expect(page.locator(f".review-sheet[data-document='{seen[-1]}']")).to_have_count(0)
    expect(page.get_by_text("Nothing waits for review")).to_be_visible()
    expect(page.get_by_text(f"All {DOCUMENTS} labelled documents are reviewed")).to_be_visible()
    go_to(page, "Overview")
    expect(page.locator(".steps-next")).not_to_contain_text("due_date")
    return seen
