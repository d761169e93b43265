"""A real browser for the tests of pages: Debian's Chromium, driven by playwright, against `live_server`.

The server answers in threads of its own, so the database must be a file (`tests/conftest.py` sees to that), and
playwright's event loop must not make Django refuse its ordinary calls.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from extraction.models import User

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Milliseconds: two busy cores may take their time.
PATIENCE = 20_000
# Chromium says these itself when a test takes the network away or an answer is a refusal that the test asked for; htmx
# says the others of a request that was on its way when the page was left.
EXPECTED = ("net::ERR_", "the server responded with a status of 4", "htmx:sendAbort", "htmx:afterRequest")


@pytest.fixture(scope="session")
def playwright_driver() -> Iterator[Playwright]:
    """Its event loop counts as running in this thread until it stops, also between the tests that use it."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        expect.set_options(timeout=PATIENCE)
        with sync_playwright() as driver:
            yield driver


@pytest.fixture(scope="session")
def browser(playwright_driver: Playwright) -> Iterator[Browser]:
    """One Chromium for the session; each test gets a context of its own."""
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is missing: `apt-get install chromium` brings it.")
    # The tests' own loopback server must be reached directly, whatever proxy the machine uses.
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    found = playwright_driver.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS, env=environment)
    yield found
    found.close()


@pytest.fixture
def open_page(browser: Browser, live_server: LiveServer) -> Iterator[Callable[..., Page]]:
    """`open_page(user, **context options)` opens a page that is logged in as `user` (`None`: nobody).

    After the test no page may have shown an error in its console: that holds scripts that failed and whatever the
    content security policy refused.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error" and not any(text in message.text for text in EXPECTED):
            complaints.append(message.text)

    def opened(user: User | None = None, **options: Any) -> Page:
        context = browser.new_context(base_url=live_server.url, **options)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        if user is not None:
            _log_in(context, user, live_server.url)
        page = context.new_page()
        page.on("console", listen)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def _log_in(context: BrowserContext, user: User, url: str) -> None:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    context.add_cookies([{"name": django_settings.SESSION_COOKIE_NAME, "value": str(session.session_key), "url": url}])
