"""Every page in German: it answers as in English, says nothing in English, and keeps what machines read as it is."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client, override_settings
from django.utils.translation import gettext, override
from pytest_django import DjangoDbBlocker

from extraction.domain import default_schemas
from extraction.engines.student.layout.network.encoders import TOY
from extraction.models import Document, Job, Project, TrainingRun
from tests.access.matrix import ACCESS, OUTSIDE, World, outside
from tests.support.languages.catalogues import english_messages

pytestmark = pytest.mark.django_db
IN_GERMAN = {"Accept-Language": "de"}
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


@dataclass(frozen=True)
class Answer:
    status: int
    type: str
    # Nothing of a file that is sent piece by piece.
    content: bytes


@dataclass(frozen=True)
class Asked:
    """What one URL answers to each method in both languages, and to a second look in English, as some pages name the
    second at which they were made."""

    english: dict[str, Answer]
    german: dict[str, Answer]
    again: Answer


@pytest.fixture
def rich(world: World) -> World:
    enrich()
    return world


def enrich() -> None:
    """Rows with what pages count, measure and refuse."""
    project = Project.objects.get()
    Document.objects.update(focus=1234.5, confidence=0.125, bytes=1_234_567)
    Document.objects.create(
        project=project, name="b.pdf", sha256="b" * 64, bytes=1, split="train", state=Document.State.FAILED,
        error="The PDF has 1,234 pages; at most 200 are read.",
    )  # fmt: skip
    curve = [{"step": step, "seconds": 1.5, "loss": 3.25, "anls": 0.5} for step in (500, 1500)]
    TrainingRun.objects.update(curve=curve, seconds=1234.5, log="Writing the model.\n", encoder=TOY.to_json())
    Job.objects.create(kind="read", project=project, subject=1, state=Job.State.RUNNING, done=1500, total=12345)


@pytest.fixture(scope="module")
def asked(
    made: tuple[World, Path], django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Asked]:
    """What every page answers, asked for once for all tests of the module."""
    world, files = made
    folder = tmp_path_factory.mktemp("asked")
    shutil.copytree(files, folder, dirs_exist_ok=True)
    people = {name: copy(user) for name, user in world.people.items()}
    cache = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": str(folder)}}
    with django_db_blocker.unblock(), transaction.atomic(), override_settings(DATA_DIR=folder, CACHES=cache):
        enrich()
        found = dict(pages(replace(world, people=people)))
        transaction.set_rollback(True)
    return found


def pages(world: World) -> Iterator[tuple[str, Asked]]:
    for name in PAGES:
        client = Client(raise_request_exception=False)
        if OUTSIDE.get(name, True):
            world.log_in(client, "superuser")
        url = world.url(name) if name in ACCESS else outside(name)
        cookies = {key: morsel.value for key, morsel in client.cookies.items()}
        # No read shows what a write said, and whatever they change is taken back.
        with taken_back():
            read, german_read, again = (answer(client.get(url, headers=each)) for each in (None, IN_GERMAN, None))
        written = []
        for headers in (None, IN_GERMAN):
            client.cookies.clear()
            client.cookies.load(cookies)
            with taken_back():
                written.append(answer(client.post(url, headers=headers)))
        english = {"read": read, "write": written[0]}
        yield url, Asked(english, {"read": german_read, "write": written[1]}, again)


@contextmanager
def taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def answer(response: Any) -> Answer:
    content = b"" if response.streaming else response.content
    return Answer(response.status_code, response.headers.get("Content-Type", ""), content)


def test_they_answer_as_in_english(asked: dict[str, Asked]) -> None:
    for url, page in asked.items():
        for method, answer in page.german.items():
            assert answer.status == page.english[method].status, (url, method)
            if answer.status == 200 and b"<html" in answer.content:
                assert b'<html lang="de">' in answer.content, url


def test_they_say_nothing_in_english(asked: dict[str, Asked]) -> None:
    with override("de"):
        known = {text for text in english_messages() if gettext(text) != text}
    # Fields and teachers have their names in every language.
    schemas = [Project.objects.get().schema, *(each.schema for each in default_schemas.TEMPLATES)]
    known -= {each.title for schema in schemas for each in schema.fields} | {"rules"}
    for url, page in asked.items():
        for method, answer in page.german.items():
            if answer.type.startswith("text/html"):
                assert known.intersection(parsed(answer.content).texts) == set(), (url, method)


def test_attributes_and_data_are_those_of_the_english_page(asked: dict[str, Asked]) -> None:
    """Places of pictures, values of inputs, addresses: none is written for readers."""
    for url, page in asked.items():
        if not page.english["read"].type.startswith("text/html"):
            continue
        german = parsed(page.german["read"].content).machine
        english = [parsed(each.content).machine for each in (page.english["read"], page.again)]
        assert german in english, url


def test_numbers_are_written_for_readers(rich: World) -> None:
    client = Client()
    rich.log_in(client, "owner")
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "de"
    document = client.get(rich.url("document")).content.decode()
    assert "1,2\xa0MB" in document
    assert "12\xa0%" in client.get(rich.url("documents")).content.decode()


def test_a_stored_refusal_is_told_in_german(rich: World) -> None:
    client = Client()
    rich.log_in(client, "owner")
    refused = Document.objects.get(state=Document.State.FAILED)
    url = rich.url("document").replace(f"/{rich.values['*']['pk']}/", f"/{refused.pk}/")
    assert "The PDF has 1,234 pages" in client.get(url).content.decode()
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "de"
    page = client.get(url).content.decode()
    assert "Die PDF-Datei hat 1.234 Seiten; höchstens 200 werden gelesen." in page
