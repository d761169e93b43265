"""The typed client beside the running application, whose model answers without being trained."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer

from extraction.engines.ingest.limits import Refused
from extraction.models import Project, Scope, User
from extraction.services.projects import tokens
from extraction.services.serving import registry
from kdweb_client import Client
from tests.client.clock import Clock
from tests.serving.stand_ins import Predictor, Reader
from tests.support.programs import model


def read(project: Project, path: Path) -> list[Reader]:
    if path.stat().st_size == 0:
        raise Refused("This file is empty.")
    return [Reader()]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr("kdweb_client.client.time", made)
    return made


@pytest.fixture
def client(live_server: LiveServer, project: Project, owner: User, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    """Of the project `slips`, with every scope."""
    monkeypatch.setattr("extraction.services.serving.field_extraction.read", read)
    monkeypatch.setattr(registry, "predictor", lambda model: Predictor())
    monkeypatch.setattr(registry, "files", lambda model: [Path("model.onnx")])
    model(project, "first", "production")
    _, token = tokens.create(project, owner, name="client", scopes=list(Scope))
    with Client(live_server.url, token, project.slug, patience=0) as made:
        yield made
