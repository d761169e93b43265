"""A page of a whole installation, with web and workers in processes of their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Response, expect

from tests.support import browser as ordinary
from tests.support.servers.workers import Serve

# Milliseconds; on busy cores training, which lets everything else go first, may take its time.
PATIENCE = 900_000


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
    expect.set_options(timeout=ordinary.PATIENCE)
