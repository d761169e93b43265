"""A project with an owner who is logged in."""

from __future__ import annotations

import pytest
from django.test import Client

from extraction.models import Project, Role
from tests.support import builders


@pytest.fixture
def project() -> Project:
    return builders.project("receipts")


@pytest.fixture
def owner(client: Client, project: Project) -> Client:
    client.force_login(builders.member(project, Role.OWNER))
    return client
