"""A project with line items, two reviewers, and a document with six rows."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from extraction.models import Document, Project, Role, User
from tests.review.browser.screen import Opened
from tests.review.tables.screen import ROWS, SCHEMA, document, start
from tests.support import builders


@pytest.fixture
def project() -> Project:
    return builders.project("receipts", schema=SCHEMA)


@pytest.fixture
def anna(project: Project) -> User:
    return builders.member(project, Role.REVIEWER)


@pytest.fixture
def ben(project: Project) -> User:
    return builders.member(project, Role.REVIEWER)


@pytest.fixture
def shown(project: Project) -> Document:
    return document(project, ROWS)


@pytest.fixture
def page(open_page: Opened, anna: User, shown: Document) -> Page:
    """The document on the screen of anna."""
    return start(open_page(anna), shown)
