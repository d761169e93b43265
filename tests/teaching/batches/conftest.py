"""Both providers of batches on this machine, and a project whose documents go through them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from extraction.models import Project, User
from tests.support import builders
from tests.support.providers import KEY, Provider
from tests.support.providers.bench import TEACHERS, Bench


@pytest.fixture
def owner() -> User:
    return builders.user("olga")


@pytest.fixture
def project(owner: User) -> Project:
    return builders.project("receipts", owner=owner)


@pytest.fixture(params=sorted(TEACHERS))
def bench(
    request: pytest.FixtureRequest, project: Project, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> Iterator[Bench]:
    settings.BATCH_POLL_SECONDS = 0.01
    settings.BATCH_SETTLE_SECONDS = 0
    with Provider() as provider:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", provider.url)
        monkeypatch.setenv("OPENAI_BASE_URL", f"{provider.url}/v1")
        monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        yield Bench(project, TEACHERS[request.param], provider.batches)
