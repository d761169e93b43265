"""The history of a project's automation: steps are only added."""

from __future__ import annotations

from typing import Protocol

from extraction.domain.json_types import JsonObject
from extraction.models import AutomationStep, Project, TrainingRun, User


class Figures(Protocol):
    """`Changes`, `Spent` or `Comparison` of `domain.results.automation`."""

    def to_json(self) -> JsonObject: ...


def add(
    project: Project,
    kind: AutomationStep.Kind,
    *,
    run: TrainingRun | None = None,
    figures: Figures | None = None,
    detail: str = "",
    actor: User | None = None,
) -> AutomationStep:
    """A new step; within a transaction that has seen that `run` has none of this kind. `actor`: a person decided it."""
    step = AutomationStep(project=project, kind=kind, run=run, detail=detail[:500], author=actor)
    step.figures = figures.to_json() if figures else None
    step.save()
    return step
