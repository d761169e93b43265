"""A project with one of everything that programs can ask for."""

from __future__ import annotations

from typing import Any

import pytest

from extraction.models import Extraction, Project, Report, User
from tests.api.calls import World
from tests.support import builders
from tests.support.programs import model


@pytest.fixture
def world(project: Project, owner: User) -> World:
    document = builders.document(project)
    version = model(project, "first", "production")
    extraction = Extraction.objects.create(project=project, model=version, name="a.jpg", sha256="0" * 64)
    report = Report.objects.create(project=project, value=builders.report_value().to_json())
    uuid = {"id": extraction.public_id}
    values: dict[str, dict[str, Any]] = {
        "*": {"slug": project.slug, "id": document.pk, "name": "first"},
        "extraction": uuid,
        "delete_extraction": uuid,
        "training_run": {"id": version.run_id},
        "report": {"id": report.pk},
        "export_report": {"id": report.pk},
    }
    return World(project, owner, values)
