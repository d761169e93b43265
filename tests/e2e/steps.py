"""What an owner does on the pages of a whole installation."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from playwright.sync_api import Page, expect

from extraction.models import ModelVersion, Project

PASSWORD = "a good long password"


def go_to(page: Page, name: str) -> None:
    """Ends once the page is loaded: its scripts take what follows."""
    link = page.get_by_role("navigation", name="Project", exact=True).get_by_role("link", name=name)
    link.click()
    expect(link).to_have_attribute("aria-current", "page")
    page.wait_for_load_state("load")


def train(page: Page, name: str) -> None:
    go_to(page, "Training")
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_text("Advanced", exact=True).click()
    page.get_by_label("Advanced settings").fill('base = "tiny"\nepochs = 4\n')
    page.get_by_label("Train all the same").check()
    page.get_by_role("button", name="Start training").click()
    expect(page.locator("#live .badge", has_text="Done")).to_be_visible()
    page.get_by_role("link", name="See the model and promote it").click()


def promote(page: Page, name: str) -> None:
    page.wait_for_url("**/models/*")
    page.get_by_role("button", name=f"Promote {name}").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator(".interval", has_text="validation").first).to_be_visible()
    if (doubtful := dialog.get_by_label("Promote it all the same")).count():
        doubtful.check()
    dialog.get_by_role("button", name="Promote").click()
    expect(page.locator(f"tr#{name} .badge")).to_have_text("Serving")
    assert ModelVersion.objects.get(name=name).stage == ModelVersion.Stage.PRODUCTION


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
