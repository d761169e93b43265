"""A project with three documents, and its owner in a browser."""

import pytest
from django.test import Client

from extraction.models import Project, User
from tests.support import builders


@pytest.fixture
def owner() -> User:
    return builders.user("olga")


@pytest.fixture
def project(owner: User) -> Project:
    held = builders.project("receipts", owner=owner)
    for _ in range(3):
        builders.document(held)
    return held


@pytest.fixture
def page(client: Client, owner: User) -> Client:
    client.force_login(owner)
    return client
