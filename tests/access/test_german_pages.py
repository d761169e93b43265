"""Every page in German: it answers as in English, says nothing in English, and keeps what machines read as it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.utils.translation import gettext, override

from extraction.domain import default_schemas
from extraction.engines.student.layout.network.encoders import TOY
from extraction.models import Document, Job, Project, TrainingRun
from tests.access.answers import answers
from tests.access.matrix import ACCESS, OUTSIDE, World, outside
from tests.support.languages.catalogues import english_messages

pytestmark = pytest.mark.django_db
GERMAN = {"HTTP_ACCEPT_LANGUAGE": "de"}
# A page of documentation is in English; these lead away or answer no page.
PAGES = [name for name in [*ACCESS, *OUTSIDE] if name not in ("help_page", "help_image", "logout")]


@dataclass
class Page(HTMLParser):
    """What people read of a page, and what machines do: attributes with places, and data."""

    texts: list[str] = field(default_factory=list)
    machine: list[tuple[str, str, str]] = field(default_factory=list)
    _open: list[tuple[str, bool]] = field(default_factory=list)

    SPOKEN = frozenset(
        ("title", "aria-label", "alt", "label", "placeholder", "content", "data-unfound", "data-correcting")
    )
    # Of the language itself, and of an answer.
    PASSING = frozenset(("lang", "aria-current", "hx-headers", "popovertarget"))
    VOID = frozenset(("area", "br", "hr", "img", "input", "link", "meta"))
    SILENT = frozenset(("script", "style", "code", "pre", "kbd"))

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        quiet = tag in self.SILENT and not (tag == "pre" and "aria-label" in values)
        silent = quiet or values.get("lang") == "en" or any(silent for _, silent in self._open)
        if tag not in self.VOID:
            self._open.append((tag, silent))
        secret = values.get("name") == "csrfmiddlewaretoken"
        # Typed by people and written as they write it.
        decimal = tag == "input" and values.get("inputmode") == "decimal"
        for name, value in values.items():
            if name in self.SPOKEN or (decimal and name == "value"):
                if not silent:
                    self.texts.append(" ".join(value.split()))
            elif not secret and name not in self.PASSING and not value.startswith(("sentences", "term-", "/help/")):
                self.machine.append((tag, name, value))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._open and not self._open[-1][1]:
            self.texts.append(" ".join(data.split()))


def parsed(content: bytes) -> Page:
    page = Page()
    page.feed(content.decode())
    page.close()
    # The catalogue of the scripts, and the switch, which says which language is chosen.
    page.machine = [row for row in page.machine if row != ("script", "type", "application/json")]
    return page


@pytest.fixture
def rich(world: World) -> World:
    """With what pages count, measure and refuse."""
    project = Project.objects.get()
    Document.objects.update(focus=1234.5, confidence=0.125, bytes=1_234_567)
    Document.objects.create(
        project=project, name="b.pdf", sha256="b" * 64, bytes=1, split="train", state=Document.State.FAILED,
        error="The PDF has 1,234 pages; at most 200 are read.",
    )  # fmt: skip
    curve = [{"step": step, "seconds": 1.5, "loss": 3.25, "anls": 0.5} for step in (500, 1500)]
    TrainingRun.objects.update(curve=curve, seconds=1234.5, log="Writing the model.\n", encoder=TOY.to_json())
    Job.objects.create(kind="read", project=project, subject=1, state=Job.State.RUNNING, done=1500, total=12345)
    return world


def pages(world: World) -> Iterator[tuple[str, Client]]:
    for name in PAGES:
        client = Client(raise_request_exception=False)
        if OUTSIDE.get(name, True):
            client.force_login(world.people["superuser"])
        yield (world.url(name) if name in ACCESS else outside(name)), client


def test_they_answer_as_in_english(rich: World) -> None:
    for url, client in pages(rich):
        english = {method: answer.status_code for method, answer in answers(client, url).items()}
        client.defaults.update(GERMAN)
        for method, answer in answers(client, url).items():
            assert answer.status_code == english[method], (url, method)
            if answer.status_code == 200 and not answer.streaming and b"<html" in answer.content:
                assert b'<html lang="de">' in answer.content, url


def test_they_say_nothing_in_english(rich: World) -> None:
    with override("de"):
        known = {text for text in english_messages() if gettext(text) != text}
    # Fields and teachers have their names in every language.
    schemas = [Project.objects.get().schema, *(each.schema for each in default_schemas.TEMPLATES)]
    known -= {each.title for schema in schemas for each in schema.fields} | {"rules"}
    for url, client in pages(rich):
        client.defaults.update(GERMAN)
        for method, answer in answers(client, url).items():
            if answer.headers.get("Content-Type", "").startswith("text/html"):
                assert known.intersection(parsed(answer.content).texts) == set(), (url, method)


def test_attributes_and_data_are_those_of_the_english_page(rich: World) -> None:
    """Places of pictures, values of inputs, addresses: none is written for readers."""
    for url, client in pages(rich):
        answer = client.get(url)
        if not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        german = parsed(client.get(url, **GERMAN).content).machine
        # Once more, as some pages name the second at which they were made.
        english = [parsed(each.content).machine for each in (answer, client.get(url))]
        assert german in english, url


def test_numbers_are_written_for_readers(rich: World) -> None:
    client = Client()
    client.force_login(rich.people["owner"])
    client.defaults.update(GERMAN)
    document = client.get(rich.url("document")).content.decode()
    assert "1,2\xa0MB" in document
    assert "12\xa0%" in client.get(rich.url("documents")).content.decode()


def test_a_stored_refusal_is_told_in_german(rich: World) -> None:
    client = Client()
    client.force_login(rich.people["owner"])
    refused = Document.objects.get(state=Document.State.FAILED)
    url = rich.url("document").replace(f"/{rich.values['*']['pk']}/", f"/{refused.pk}/")
    assert "The PDF has 1,234 pages" in client.get(url).content.decode()
    client.defaults.update(GERMAN)
    page = client.get(url).content.decode()
    assert "Die PDF-Datei hat 1.234 Seiten; höchstens 200 werden gelesen." in page
