"""Asking for a run, as the page and the command do."""

from typing import Any

from extraction.domain.progress import Progress, Silent
from extraction.models import ModelVersion, Project, TrainingRun
from extraction.services.training import training_runs

# Without reading the documents first, which takes most of so short a run.
TINY = {"base": "tiny", "epochs": 2, "pretrain": 0}


def start(project: Project, name: str = "first", **arguments: object) -> TrainingRun:
    return training_runs.start(project, name=name, config=TINY, **arguments)  # type: ignore[arg-type]


def here(project: Project, progress: Progress | None = None, **wanted: Any) -> ModelVersion:
    """What the command does."""
    return training_runs.train_here(project, name="first", progress=progress or Silent(), **{"config": TINY, **wanted})
