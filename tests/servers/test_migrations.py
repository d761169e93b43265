"""What a migration does to the rows of an installation that is already at work, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from pytest_django.fixtures import Settings

from extraction.models import Project, Snapshot, Source, TrainingRun
from extraction.services.labels import store
from tests.support import builders
from tests.support.servers.backends import Backend, on_both

pytestmark = [on_both, pytest.mark.django_db(transaction=True)]


def migrate(name: str) -> Any:
    """The models as they were at that migration."""
    executor = MigrationExecutor(connection)
    executor.migrate([("extraction", name)])
    return MigrationExecutor(connection).loader.project_state([("extraction", name)]).apps


@pytest.fixture
def project(backend: Backend) -> Project:
    held = builders.project()
    store.write(builders.document(held), "date", "25/12/2018", source=Source.TEACHER, teacher="rules")
    return held


@pytest.fixture
def before(project: Project) -> Iterator[Any]:
    """The models of an installation in which a double click stored one snapshot twice."""
    latest = MigrationExecutor(connection).loader.graph.leaf_nodes("extraction")[0][1]
    yield migrate("0003_account")
    migrate(latest)


def test_equal_snapshots_become_one_and_runs_keep_what_they_go_on_with(
    before: Any, project: Project, settings: Settings
) -> None:
    settings.KD_STUDENT_BASE = "someone/bros-small"
    old = before.get_model("extraction", "Snapshot")
    runs = before.get_model("extraction", "TrainingRun")
    same = {"project_id": project.pk, "schema_version_id": project.schema_version_id, "sha256": "0" * 64, "items": []}
    first, second = (old.objects.create(**same, labels="best") for _ in range(2))
    other = old.objects.create(**same, labels="teacher")
    for name, snapshot in (("a", first), ("b", second), ("c", other)):
        runs.objects.create(project_id=project.pk, name=name, snapshot=snapshot, config={"epochs": 2})

    migrate("0004_training")

    assert list(Snapshot.objects.order_by("pk").values_list("pk", flat=True)) == [first.pk, other.pk]
    kept = TrainingRun.objects.order_by("name")
    assert [run.snapshot_id for run in kept] == [first.pk, first.pk, other.pk]
    assert {run.day_order for run in kept} == {"dmy"}
    assert {run.base for run in kept} == {"someone/bros-small"}


def test_consent_goes_to_the_provider_of_the_runs_teacher(project: Project) -> None:
    latest = MigrationExecutor(connection).loader.graph.leaf_nodes("extraction")[0][1]
    runs = migrate("0005_label_sources").get_model("extraction", "LabelRun")
    same = {"project_id": project.pk, "schema_version_id": project.schema_version_id}
    agreed = runs.objects.create(**same, teacher="openai:qwen2.5vl:7b", consented=timezone.now())
    local = runs.objects.create(**same, teacher="rules", stopped_because="It was stopped.")

    runs = migrate("0006_teaching").get_model("extraction", "LabelRun")

    columns = runs.objects.values_list("consented_provider", "stop_reason", "stopped_because")
    assert columns.get(pk=agreed.pk) == ("openai", "", "")
    assert columns.get(pk=local.pk) == ("", "", "It was stopped.")
    migrate(latest)
