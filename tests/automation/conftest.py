"""What every test of this stage starts from."""

import pytest

from extraction.models import Project, User
from tests.automation.worlds import answers
from tests.support import builders

__all__ = ["answers"]


@pytest.fixture
def owner(db: None) -> User:
    return builders.user("olga")


@pytest.fixture
def project(owner: User) -> Project:
    return builders.project("receipts", owner=owner)
