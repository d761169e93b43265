"""A model that forgot is, bit for bit, the model of a training that never saw the document."""

from __future__ import annotations

import pytest

from extraction.domain.progress import Silent
from extraction.models import Forgetting, ModelVersion, Project
from extraction.services import storage
from extraction.services.jobs import execution
from extraction.services.privacy.forgetting.verify import verify
from extraction.services.training import training_runs
from tests.privacy import worlds
from tests.support import builders

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def here(project: Project, name: str) -> ModelVersion:
    return training_runs.train_here(project, name=name, progress=Silent(), config=worlds.TINY, seed=3, minutes=5)


def weights(model: ModelVersion) -> bytes:
    return (storage.path(model.folder) / "model.safetensors").read_bytes()


def test_the_weights_are_those_of_a_training_anew() -> None:
    project = builders.project()
    worlds.choose(project)
    documents = worlds.labelled(project, 6)
    old = worlds.trained(project, "first", seed=3)
    worlds.delete(documents[1])
    worlds.work()
    entry = Forgetting.objects.get()
    assert entry.replacement is not None
    assert entry.replacement.job is not None
    execution.run(entry.replacement.job.pk)
    worlds.work()
    successor = ModelVersion.objects.get(run=entry.replacement)
    anew = here(project, "anew")
    assert weights(successor) == weights(anew)
    assert successor.run.snapshot == anew.run.snapshot
    assert not storage.path(old.run.folder).exists()
    assert verify(project).clean
