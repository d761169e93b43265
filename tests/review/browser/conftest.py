"""The review page of a project with four waiting documents, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from extraction.models import Document, Project, Role, User
from tests.review.browser.screen import Opened, start, waiting
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


@pytest.fixture
def page(open_page: Opened, anna: User, documents: list[Document]) -> Page:
    """The first document, on the screen of anna."""
    return start(open_page(anna))
