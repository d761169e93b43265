"""Values that no honest request holds, in every parameter of every page: a refusal in a sentence, never a failure."""

import re
from collections.abc import Callable
from urllib.parse import quote

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import Resolver404, resolve

from tests.access.matrix import ACCESS, OUTSIDE, PATTERNS, World, outside
from tests.support import hostile

pytestmark = pytest.mark.django_db
SENTENCE = re.compile(rb'[.?!][)"]?\s*(?:<|}|$)')
OPEN = [name for name, private in OUTSIDE.items() if not private]
# The parameters of files, which no form looks up by their text, where they are not called `file`.
FILES = dict.fromkeys(("documents_upload", "extraction_batches", "project_create"), "files")
Call = Callable[..., HttpResponse]


def person(name: str) -> str | None:
    """Whoever may do the most at a URL."""
    if name in OPEN:
        return None
    return "owner" if name in ACCESS else "superuser"


@pytest.fixture
def call(world: World, request: pytest.FixtureRequest) -> Call:
    """A request to the URL of the test, whose changes are taken back; its answer is no failure."""
    name = request.node.callspec.params["name"]
    client = Client(raise_request_exception=False)
    if (who := person(name)) is not None:
        world.log_in(client, who)
    cookies = {key: morsel.value for key, morsel in client.cookies.items()}
    url = world.url(name) if name in ACCESS else outside(name)

    def ask(method: str, *positional: object, query: str = "", at: str = url, **named: object) -> HttpResponse:
        client.cookies.clear()
        client.cookies.load(cookies)
        with transaction.atomic():
            response: HttpResponse = getattr(client, method)(at + query, *positional, **named)
            transaction.set_rollback(True)
        assert_refused_if_at_all(response, (method, at, query[:80], str(positional)[:80], str(named)[:200]))
        return response

    return ask


def assert_refused_if_at_all(response: HttpResponse, sent: object) -> None:
    assert response.status_code < 500, sent
    if response.status_code >= 400:
        assert SENTENCE.search(response.getvalue()), (response.status_code, response.getvalue()[:200], sent)


@pytest.mark.parametrize("name", [*ACCESS, *OUTSIDE])
def test_no_query_and_no_header_fails_a_page(call: Call, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with hostile.asked(monkeypatch) as asked:
        if call("get").status_code == 405:
            return
    for query in hostile.texts(asked.names):
        call("get", query)
    for encoded in hostile.BYTES:
        call("get", query="?" + "&".join(f"{each}={encoded}" for each in asked.names or {"any"}))
    for headers in hostile.headers():
        call("get", headers=headers)


@pytest.mark.parametrize("name", [*ACCESS, *OUTSIDE])
def test_no_form_and_no_body_fails_a_page(call: Call, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with hostile.asked(monkeypatch) as asked:
        if call("post").status_code == 405:
            return
    for form in hostile.texts(asked.names):
        call("post", form)
    for encoded in hostile.BYTES:
        body = "&".join(f"{each}={encoded}" for each in asked.names or {"any"}).encode()
        call("generic", "POST", content_type="application/x-www-form-urlencoded", data=body)
    for body in hostile.BODIES.values() if asked.body else (hostile.BODIES["no UTF-8"],):
        call("generic", "POST", data=body, content_type="application/json", headers={"Accept": "application/json"})
    # A form is taken apart by the same code everywhere: each of its faults is sent where files are asked for.
    every = hostile.multipart(FILES.get(name, "file"))
    for kind, body in every.values() if asked.files else (every["no boundary"], every["many files"]):
        call("generic", "POST", data=body, content_type=kind)


@pytest.mark.parametrize("name", [name for name, pattern in PATTERNS.items() if pattern.pattern.converters])
def test_no_path_fails_a_page(call: Call, world: World, name: str) -> None:
    url, values = (world.url(name), world.places(name)) if name in ACCESS else (outside(name), {"any": 1})
    parts, free = url.strip("/").split("/"), {str(value) for value in values.values()}
    # A part that is no value leads to no page at all; what does not is asked for in the next test.
    for place in (place for place, part in enumerate(parts) if part in free):
        for text in (*(quote(hostile.TEXTS[which][:2000], safe="") for which in hostile.ALONE), *hostile.BYTES):
            at = "/" + "/".join([*parts[:place], text, *parts[place + 1 :]]) + "/"
            if leads_somewhere(at):
                call("get", at=at)


def leads_somewhere(path: str) -> bool:
    try:
        resolve(RequestFactory().get(path).path_info)
    except Resolver404:
        return False
    return True


@pytest.mark.parametrize("name", ["document", "page_image"])
def test_no_path_that_leads_nowhere_fails(call: Call, world: World, name: str) -> None:
    """Whatever no URL takes is answered by the same lines, wherever it stood."""
    parts = world.url(name).strip("/").split("/")
    for place in range(len(parts)):
        for text in (*(quote(text[:2000], safe="") for text in hostile.TEXTS.values() if text), *hostile.BYTES):
            call("get", at="/" + "/".join([*parts[:place], text, *parts[place + 1 :]]) + "/")


@pytest.mark.parametrize("name", ["project", "login"])
def test_no_cookie_fails_a_page(call: Call, name: str) -> None:
    for cookie in hostile.COOKIES:
        call("get", headers={"Cookie": cookie})
