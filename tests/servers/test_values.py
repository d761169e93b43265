"""What PostgreSQL cannot store and SQLite can: it is refused or made storable, never an error of the server."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from extraction.domain.progress import Silent
from extraction.models import Document, Label, Role, Scope, Source
from extraction.services.documents import intake, reading
from extraction.services.labels import store
from extraction.services.projects import tokens
from tests.support import builders
from tests.support.badfiles import text_pdf
from tests.support.servers.backends import Backend, on_both

pytestmark = [on_both, pytest.mark.django_db(transaction=True)]
NUL = "BEAN\x00THERE"


def test_a_text_layer_with_a_nul(backend: Backend) -> None:
    document, _ = intake.add_document(
        builders.project(), "a\x00.pdf", io.BytesIO(text_pdf((NUL, "Total 3.30"))), enqueue=False
    )
    reading.read(document.pk, Silent())
    document.refresh_from_db()
    assert document.state == Document.State.READY
    assert "\x00" not in document.name


def test_a_value_with_a_nul_or_half_a_character(backend: Backend) -> None:
    document = builders.document(builders.project())
    for value in (NUL, "half \ud83d"):
        store.write(document, "company", value, source=Source.TEACHER, teacher="rules")
    stored = list(Label.objects.values_list("value", flat=True))
    assert len(stored) == 2
    assert not any("\x00" in str(value) for value in stored)


def test_pages_and_calls_asked_for_with_a_nul(backend: Backend, client: Client, tmp_path: Path) -> None:
    project = builders.project("receipts")
    owner = builders.member(project, Role.OWNER)
    client.force_login(owner)
    _, token = tokens.create(project, owner, name="till", scopes=list(Scope))
    headers = {"Authorization": f"Bearer {token}"}
    for url, body in (
        (reverse("documents", args=["receipts"]) + "?name=a%00b", None),
        ("/projects/receipts/models/a%00b/promote/", {}),
        (reverse("teacher_choose", args=["receipts"]), {"teacher": NUL}),
        (reverse("login"), {"username": NUL, "password": NUL}),
        (reverse("project_create"), {"name": NUL, "slug": "other"}),
    ):
        response = client.get(url) if body is None else client.post(url, body)
        assert response.status_code < 500, url
    caller = Client()
    for url in ("/api/v1/projects/receipts/models/a%00b/promote", "/api/v1/projects/receipts/extract?model=a%00b"):
        assert caller.post(url, headers=headers).status_code < 500, url
    started = caller.post(
        "/api/v1/projects/receipts/training-runs", {"name": NUL}, content_type="application/json", headers=headers
    )
    assert started.status_code < 500


def test_numbers_beyond_any_column(backend: Backend, client: Client) -> None:
    project = builders.project("receipts")
    client.force_login(builders.member(project, Role.OWNER))
    builders.document(project)
    for number in (2**31, 2**63, 10**30):
        for name, arguments in (("document", ["receipts", number]), ("page_image", ["receipts", 1, number])):
            assert client.get(reverse(name, args=arguments)).status_code == 404
        assert client.get(reverse("documents", args=["receipts"]), {"older": number}).status_code < 500
        posted = client.post(reverse("training", args=["receipts"]), {"name": "first", "seed": number, "minutes": 1})
        assert posted.status_code < 500
