"""The review page of a project with four waiting documents, in a real browser."""

from __future__ import annotations

import pytest
from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import Page

from extraction.models import Document, Project, Role, User
from extraction.services import storage
from extraction.services.labels import store
from tests.review.browser.screen import SAID, Opened, start
from tests.support import builders


@pytest.fixture
def project() -> Project:
    return builders.project("receipts")


@pytest.fixture
def anna(project: Project) -> User:
    return builders.member(project, Role.REVIEWER)


@pytest.fixture
def documents(project: Project) -> list[Document]:
    """Four documents in the queue's order, with pictures."""
    return [waiting(project, 0.2 + number / 10) for number in range(4)]


def waiting(project: Project, confidence: float) -> Document:
    document = builders.document(project)
    for page in document.pages.all():
        image = Image.new("RGB", (page.width, page.height), "white")
        draw = ImageDraw.Draw(image)
        for text, x0, y0, *_ in page.words:
            draw.text((x0 * page.width, y0 * page.height), text, "black", ImageFont.load_default(18))
        path = storage.path(page.image)
        path.parent.mkdir(parents=True, exist_ok=True)
        image.save(path)
    said = [
        store.LabelInput(document, field, value, "teacher", teacher="rules", confidence=confidence)
        for field, value in SAID.items()
    ]
    store.write_many(document.project, said)
    document.refresh_from_db()
    return document


@pytest.fixture
def page(open_page: Opened, anna: User, documents: list[Document]) -> Page:
    """The first document, on the screen of anna."""
    return start(open_page(anna))
