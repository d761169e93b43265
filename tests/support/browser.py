"""A real browser for the tests of pages: Debian's Chromium, driven by playwright, against `live_server`.

The server answers in threads of its own, so the database must be a file (`tests/conftest.py` sees to that), and
playwright's event loop must not make Django refuse its ordinary calls.

Give `wait_for_function` a function: the pages' content security policy refuses an expression from the second look on.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.signals import request_finished, request_started
from django.test.client import ClientHandler
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
PATIENCE = 60_000
# Chromium says these itself when a test takes the network away or an answer is a refusal that the test asked for; htmx
# says the others of a request that was on its way when the page was left.
EXPECTED = ("net::ERR_", "the server responded with a status of 4", "htmx:sendAbort", "htmx:afterRequest")


class Requests:
    """Those that the live server is answering, in threads of its own."""

    def __init__(self) -> None:
        self._open = 0
        self._changed = threading.Condition()

    @contextmanager
    def counted(self) -> Iterator[None]:
        request_started.connect(self._started)
        request_finished.connect(self._finished)
        try:
            yield
        finally:
            request_started.disconnect(self._started)
            request_finished.disconnect(self._finished)

    def wait(self) -> None:
        """Until none has been open for a tenth of a second: one may be on its way from the socket."""
        with self._changed:
            assert self._changed.wait_for(lambda: not self._open, PATIENCE / 1000)
            while self._changed.wait(0.1):
                assert self._changed.wait_for(lambda: not self._open, PATIENCE / 1000)

    def _started(self, sender: type, **_: object) -> None:
        self._count(sender, 1)

    def _finished(self, sender: type, **_: object) -> None:
        self._count(sender, -1)

    def _count(self, sender: type, difference: int) -> None:
        if issubclass(sender, ClientHandler):  # of the test itself
            return
        with self._changed:
            self._open += difference
            self._changed.notify_all()


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
    content security policy refused. What pages have asked of the server is answered before the test ends: a request
    that came later would meet the database and the settings of the next test.
    """
    contexts: list[BrowserContext] = []
    requests = Requests()
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

    with requests.counted():
        yield opened
        for context in contexts:
            # Pages say goodbye as they are closed.
            context.set_offline(True)
            context.close()
        requests.wait()
    assert complaints == []


def settled(page: Page) -> None:
    """Wait until the page is loaded and painted: until then the browser may still move the focus to what the address
    names after its `#`, and a key that is pressed before goes astray."""
    page.wait_for_load_state()
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def _log_in(context: BrowserContext, user: User, url: str) -> None:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    context.add_cookies([{"name": django_settings.SESSION_COOKIE_NAME, "value": str(session.session_key), "url": url}])
