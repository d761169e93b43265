"""The page of the API's calls, in a browser: it shows every call under the policy that forbids inline scripts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from extraction.api.api import api

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_every_call_is_shown_from_this_machine_alone(open_page: Callable[..., Page], scheme: str, width: int) -> None:
    page = open_page(color_scheme=scheme, viewport={"width": width, "height": 900})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/api/v1/docs")
    paths = api.get_openapi_schema(path_prefix="/api/v1/")["paths"].values()
    expect(page.locator(".opblock")).to_have_count(sum(len(methods) for methods in paths))
    page.locator("#operations-extractions-extract").click()
    expect(page.locator("#operations-extractions-extract .try-out__btn")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.documentElement.classList.contains('dark-mode')") == (scheme == "dark")
    home = page.url.split("/api")[0]
    assert [url for url in asked if not url.startswith((home, "data:"))] == []
