"""A project with two reviewers, and documents that wait for them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from extraction.domain.pages import Box
from extraction.models import Document, Page, Project, User
from extraction.services.labels import store
from extraction.services.projects import projects
from tests.review.sheets import SCHEMA

LINES = (("ACME", "STORES", "SDN", "BHD"), ("Date:25/12/2018", "10:41"), ("TOTAL", "RM", "12.50"))


@pytest.fixture
def project() -> Project:
    return projects.create("receipts", SCHEMA)


@pytest.fixture
def anna() -> User:
    return User.objects.create_user("anna")


@pytest.fixture
def ben() -> User:
    return User.objects.create_user("ben")


@pytest.fixture
def make(project: Project) -> Callable[..., Document]:
    """`make(confidence=…)`: a read document with teacher labels of that confidence."""

    def made(confidence: float | None = 0.9, **values: object) -> Document:
        number = Document.objects.count()
        document = Document.objects.create(
            project=project, name=f"{number}.png", sha256=f"{number:064}", media_type="image/png", bytes=1,
            original="", state=Document.State.READY, split="train", page_count=1,
        )  # fmt: skip
        Page.objects.create(
            document=document, number=0, image="", thumbnail="", width=400, height=300, focus=500, reader="rapidocr",
            seconds=0.1, words=_words(),
        )  # fmt: skip
        said = {"company": "ACME STORES", "date": "25/12/2018", "total": "12.50"} | values
        for field, value in said.items():
            if value != "unsaid":
                store.write(document, field, value, source="teacher", teacher="rules", confidence=confidence)  # type: ignore[arg-type]
        document.refresh_from_db()
        return document

    return made


def _words() -> list[list[object]]:
    rows = []
    for line, texts in enumerate(LINES):
        for column, text in enumerate(texts):
            box = Box(0.1 + 0.2 * column, 0.1 + 0.3 * line, 0.28 + 0.2 * column, 0.2 + 0.3 * line)
            rows.append([text, box.x0, box.y0, box.x1, box.y1, 0.99, line])
    return rows


@pytest.fixture
def document(make: Callable[..., Document]) -> Document:
    return make()
