"""An endpoint of a project, and a receiver that may be reached though it is on this machine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from extraction.engines.webhooks.sending import Limits
from extraction.models import Project, User, WebhookEndpoint
from extraction.services.webhooks import delivering, endpoints
from tests.support import builders
from tests.webhooks.receivers import Hurry, Receiver, receiving
from tests.webhooks.working import settings_for


@pytest.fixture
def owner(db: None) -> User:
    return builders.user("olga")


@pytest.fixture
def project(owner: User) -> Project:
    return builders.project("receipts", owner=owner)


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    settings.KD_WEBHOOK_PRIVATE = True
    with receiving() as found:
        yield found


@pytest.fixture
def hurry(monkeypatch: pytest.MonkeyPatch) -> Hurry:
    """`hurry(seconds)` lets each attempt end after that time, for a receiver that hangs."""

    def hurry(seconds: float) -> None:
        monkeypatch.setattr(delivering, "Limits", lambda private: Limits(seconds, seconds, private))

    return hurry


@pytest.fixture
def endpoint(project: Project, receiver: Receiver) -> WebhookEndpoint:
    """It asks for all kinds."""
    row, _ = endpoints.create(project, settings_for(receiver))
    return row
