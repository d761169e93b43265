"""The first hour on an empty installation, in a browser: from the first account to a call of the API."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from extraction.models import Document
from synthdocs import Sample, generate
from tests.e2e.steps import PASSWORD, call, go_to, make_token, promote, train
from tests.support.servers.workers import wait

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def invoices(tmp_path: Path) -> dict[str, Sample]:
    """Eleven invoices as PDFs in `tmp_path`."""
    folder = tmp_path / "invoices"
    folder.mkdir()
    named = {f"{n:02}.pdf": sample for n, sample in enumerate(generate("invoice", 11, seed=4, languages=("en",)))}
    for name, sample in named.items():
        sample.image.save(folder / name, "PDF")
    return named


def test_the_first_hour(page: Page, invoices: dict[str, Sample], refusals: list[str], tmp_path: Path) -> None:
    files = [tmp_path / "invoices" / name for name in invoices]
    make_account(page)
    make_project(page)
    upload(page, files)
    label(page)
    review(page, invoices)
    train(page, "first")
    promote(page, "first")
    token = make_token(page)
    answer = call(page, token, files[0])
    assert answer["model"] == "first"
    assert set(answer["fields"]) >= {"invoice_number", "total_amount"}
    assert refusals == []


def make_account(page: Page) -> None:
    page.goto("/")
    page.locator("input[name=name]").fill("olga")
    for name in ("password", "again"):
        page.locator(f"input[name={name}]").fill(PASSWORD)
    page.get_by_role("button", name="Make the account").click()
    page.get_by_role("link", name="Make a project").click()


def make_project(page: Page) -> None:
    page.locator("input[name=name]").fill("Bills")
    page.get_by_role("radio", name=re.compile("Invoice with rows")).check()
    page.get_by_role("button", name=re.compile("Make|Create")).click()
    page.wait_for_url("**/projects/bills/**")


def upload(page: Page, files: list[Path]) -> None:
    go_to(page, "Documents")
    page.locator("input[name=files]").set_input_files(files)
    for file in files:
        expect(page.get_by_role("link", name=file.name).first).to_be_visible()
    wait(lambda: Document.objects.filter(state=Document.State.READY).count() == len(files))


def label(page: Page) -> None:
    go_to(page, "Teacher")
    page.get_by_role("button", name="Start labelling").click()
    expect(page.locator("#runs .badge", has_text="Done")).to_be_visible()


def review(page: Page, invoices: dict[str, Sample]) -> None:
    """Fills in what is required and was not found, looks at what is flagged, accepts."""
    go_to(page, "Review")
    sheet, finished = page.locator(".review-sheet"), page.get_by_text("Nothing waits for review")
    expect(sheet.or_(finished)).to_be_visible()
    while not finished.is_visible():
        document = sheet.get_attribute("data-document")
        for field in sheet.locator(".review-field:has-text('required')").all():
            if not field.locator("textarea").input_value():
                field.locator("textarea").fill("1")
        page.keyboard.press("Escape")
        expect(page.locator(".review-saved")).to_have_text("All saved")
        accept(page, document)
        expect(sheet.or_(finished)).to_be_visible()
    expect(page.get_by_text("Nothing waits for review")).to_be_visible()
    assert Document.objects.filter(review=Document.Review.ACCEPTED).count() == len(invoices)


def accept(page: Page, document: str | None) -> None:
    """Press the key until the document has gone; each press waits for what the one before led to, so that none reaches
    the document that follows."""
    opened = page.locator(f".review-sheet[data-document='{document}']")
    while opened.count():
        active = opened.locator(".review-field.active").get_attribute("data-field")
        page.keyboard.press("a")
        expect(opened.locator(f".review-field.active[data-field='{active}']")).to_have_count(0)
