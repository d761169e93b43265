"""The first hour on an empty installation, in a browser: from the first account to a call of the API."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Response, expect

from extraction.models import Document, ModelVersion, Project
from synthdocs import Sample, generate
from tests.support.servers.workers import Serve, wait

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

PASSWORD = "a good long password"
# Milliseconds; two busy cores may take their time.
PATIENCE = 300_000


@pytest.fixture
def invoices(tmp_path: Path) -> dict[str, Sample]:
    """Eleven invoices as PDFs in `tmp_path`."""
    folder = tmp_path / "invoices"
    folder.mkdir()
    named = {f"{n:02}.pdf": sample for n, sample in enumerate(generate("invoice", 11, seed=4, languages=("en",)))}
    for name, sample in named.items():
        sample.image.save(folder / name, "PDF")
    return named


@pytest.fixture
def refusals() -> list[str]:
    """Answers of 4xx and 5xx that the browser got."""
    return []


@pytest.fixture
def page(serve: Serve, browser: Browser, refusals: list[str]) -> Iterator[Page]:
    _, port = serve()
    context = browser.new_context(base_url=f"http://127.0.0.1:{port}")
    context.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    shown = context.new_page()

    def note(response: Response) -> None:
        if response.status >= 400:
            refusals.append(f"{response.status} {response.url}")

    shown.on("response", note)
    yield shown
    context.close()
    expect.set_options(timeout=20_000)


def test_the_first_hour(page: Page, invoices: dict[str, Sample], refusals: list[str], tmp_path: Path) -> None:
    files = [tmp_path / "invoices" / name for name in invoices]
    make_account(page)
    make_project(page)
    upload(page, files)
    label(page)
    review(page, invoices)
    train(page)
    promote(page)
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


def go_to(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Project", exact=True).get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", level=1)).to_be_attached()


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
    for _ in invoices:
        sheet = page.locator(".review-sheet")
        document = sheet.get_attribute("data-document")
        for field in sheet.locator(".review-field:has-text('required')").all():
            if not field.locator("textarea").input_value():
                field.locator("textarea").fill("1")
        page.keyboard.press("Escape")
        expect(page.locator(".review-saved")).to_have_text("All saved")
        for _ in range(12):
            page.keyboard.press("a")
            page.wait_for_timeout(150)
            if page.locator(f".review-sheet[data-document='{document}']").count() == 0:
                break
    expect(page.get_by_text("Nothing waits for review")).to_be_visible()
    assert Document.objects.filter(review=Document.Review.ACCEPTED).count() == len(invoices)


def train(page: Page) -> None:
    go_to(page, "Training")
    page.get_by_label("Name", exact=True).fill("first")
    page.get_by_text("Advanced", exact=True).click()
    page.get_by_label("Advanced settings").fill('base = "tiny"\nepochs = 4\n')
    page.get_by_label("Train all the same").check()
    page.get_by_role("button", name="Start training").click()
    expect(page.locator("#live .badge", has_text="Done")).to_be_visible()
    page.get_by_role("link", name="See the model and promote it").click()


def promote(page: Page) -> None:
    page.wait_for_url("**/models/*")
    page.get_by_role("button", name="Promote first").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("validation document")).to_be_visible()
    dialog.get_by_label("Promote it all the same").check()
    dialog.get_by_role("button", name="Promote").click()
    expect(page.locator("tr#first .badge")).to_have_text("Serving")
    assert ModelVersion.objects.get().stage == ModelVersion.Stage.PRODUCTION


def make_token(page: Page) -> str:
    go_to(page, "API")
    page.get_by_label("Program").fill("till")
    page.get_by_role("button", name="Make a token").click()
    shown = page.locator("#token-value")
    expect(shown).to_be_visible()
    return (shown.text_content() or "").strip().removeprefix("export KD_TOKEN=")


def call(page: Page, token: str, file: Path) -> dict[str, object]:
    """As the page tells it: `curl` with the token."""
    url = page.url.split("/projects/")[0] + f"/api/v1/projects/{Project.objects.get().slug}/extract"
    command = ["curl", "-sS", "--noproxy", "*", "-F", f"file=@{file}", "-H", f"Authorization: Bearer {token}", url]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    answer: dict[str, object] = json.loads(done.stdout)
    return answer
