"""The whole loop as its owner does it, in a browser, with real workers: from files to a served model and its report."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from extraction.models import Document, ModelVersion, Project, Report, Source
from extraction.services.labels import ranking
from synthdocs import Sample, generate
from tests.e2e.steps import go_to
from tests.support import builders
from tests.support.servers.workers import StartWorker, wait

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

TRAIN, TEST = 8, 2
SETTINGS = 'base = "tiny"\nepochs = 6\n'
# Milliseconds; two busy cores may take their time, and nothing here hangs on it.
PATIENCE = 900_000


@pytest.fixture
def project() -> Project:
    return builders.project("receipts", owner=builders.user("olga"))


@pytest.fixture
def samples(tmp_path: Path) -> dict[str, Sample]:
    """Ten receipts, as files in `tmp_path` by these names."""
    made = list(generate("receipt", TRAIN + TEST, seed=11, languages=("en",)))
    named = {f"{number:02}.jpg": sample for number, sample in enumerate(made)}
    for name, sample in named.items():
        sample.image.save(tmp_path / name, quality=90)
    return named


def test_from_ten_files_to_a_served_model_and_its_report(
    open_page: Callable[..., Page],
    start_worker: StartWorker,
    project: Project,
    samples: dict[str, Sample],
    tmp_path: Path,
) -> None:
    start_worker("default")
    start_worker("training")
    page = open_page(project.members.get())
    page.goto("/projects/receipts/documents/")

    files = [tmp_path / name for name in samples]
    upload(page, files[:TRAIN], "train")
    upload(page, files[TRAIN:], "test")
    wait(lambda: project.documents.filter(state=Document.State.READY).count() == len(files))

    label_with_the_rules(page)
    corrected = correct_and_accept(page, project, samples)
    train(page)
    promote(page)
    wait(lambda: project.model_versions.filter(stage=ModelVersion.Stage.PRODUCTION).exists())
    report(page)

    assert ranking.best(corrected)["total"].source == Source.REVIEWER
    value = Report.objects.get().value
    assert value["documents"] == TEST
    assert {system["name"] for system in value["systems"]} == {"rules", "first"}


def upload(page: Page, files: list[Path], split: str) -> None:
    page.get_by_label("Split of the new documents").select_option(split)
    page.locator("input[name=files]").set_input_files(files)
    for file in files:
        expect(page.get_by_role("link", name=file.name).first).to_be_visible(timeout=PATIENCE)


def label_with_the_rules(page: Page) -> None:
    go_to(page, "Teacher")
    expect(page.get_by_role("region", name="Label documents").get_by_text("10 documents")).to_be_visible()
    page.get_by_role("button", name="Start labelling").click()
    expect(page.locator("#runs .badge", has_text="Done")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("This teacher has nothing to add")).to_be_visible()
    page.get_by_role("link", name="Review 10 documents").click()


def correct_and_accept(page: Page, project: Project, samples: dict[str, Sample]) -> Document:
    """Types the true total of the first document, accepts all ten, and returns the first."""
    sheet = page.locator(".review-sheet")
    first = project.documents.get(pk=int(sheet.get_attribute("data-document") or 0))
    page.locator("#value-total").fill(samples[first.name].truth["total"] or "")
    page.keyboard.press("Escape")
    expect(page.locator(".review-saved")).to_have_text("All saved", timeout=PATIENCE)
    for _ in samples:
        shown = sheet.get_attribute("data-document")
        page.keyboard.press("a")
        # The last one stays until the server has everything, which takes it a while beside busy workers.
        expect(page.locator(f".review-sheet[data-document='{shown}']")).to_have_count(0, timeout=PATIENCE)
    expect(page.get_by_text("Nothing waits for review")).to_be_visible()
    return first


def train(page: Page) -> None:
    page.get_by_role("link", name="Train a student").click()
    page.get_by_label("Name", exact=True).fill("first")
    page.get_by_text("Advanced", exact=True).click()
    page.get_by_label("Advanced settings").fill(SETTINGS)
    page.get_by_label("Train all the same").check()
    page.get_by_role("button", name="Start training").click()
    expect(page.locator("#live .badge", has_text="Done")).to_be_visible(timeout=PATIENCE)
    expect(page.locator("#live path.curve").first).to_be_visible()
    page.get_by_role("link", name="See the model and promote it").click()


def promote(page: Page) -> None:
    page.wait_for_url("**/models/*")  # loaded: a dialog is opened by a script
    page.get_by_role("button", name="Promote first").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Promote it all the same").check()
    dialog.get_by_role("button", name="Promote").click()
    expect(page.locator("tr#first .badge")).to_have_text("Serving")


def report(page: Page) -> None:
    go_to(page, "Reports")
    page.get_by_label("Compared with").select_option("best")
    page.get_by_role("button", name="Write the report").click()
    expect(page.get_by_role("heading", name="Quality, speed and cost")).to_be_visible(timeout=PATIENCE)
    rows = page.locator("table.systems tbody tr")
    expect(rows).to_have_count(2)
    for name in ("rules", "first"):
        expect(rows.filter(has_text=name)).to_contain_text(re.compile(r"\d %"))
    expect(page.get_by_text("labels that a person reviewed")).to_be_visible()
