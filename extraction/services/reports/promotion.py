"""What promoting a model would change: its figures beside those of the serving model and of the teacher."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from extraction.domain.evaluation.scoring import Evaluation
from extraction.models import ModelVersion, Project
from extraction.services.reports import reports
from extraction.services.serving import registry
from extraction.services.training.sufficiency import MINIMUM


class Concern(StrEnum):
    """A reason to think twice."""

    NOT_VALIDATED = "not_validated"
    WORSE_THAN_SERVING = "worse_than_serving"
    WORSE_THAN_TEACHER = "worse_than_teacher"
    FEW_DOCUMENTS = "few_documents"


@dataclass(frozen=True, slots=True)
class Figure:
    """Scores of one system; `measured_on` is "validation" or "test"."""

    name: str
    role: str
    measured_on: str
    scores: Evaluation


@dataclass(frozen=True, slots=True)
class Assessment:
    """A model that may be promoted, beside what it would replace."""

    model: ModelVersion
    figures: tuple[Figure, ...]
    concerns: tuple[Concern, ...]


def assess(project: Project, models: Iterable[ModelVersion]) -> dict[int, Assessment]:
    """An assessment of each model by its primary key; two queries however many there are.

    The models need their runs. Systems are compared on validation, with the teacher on the newest report that has one.
    """
    serving = registry.serving(project)
    report = reports.latest(project)
    teacher = report.first("teacher") if report else None
    beside = [_validated(serving, "serving")] if serving else []
    beside += [Figure(teacher.name, "teacher", report.split, teacher.scores)] if report and teacher else []
    others = [figure for figure in beside if figure is not None]
    return {model.pk: _assess(model, others) for model in models}


def concerns(model: ModelVersion) -> tuple[Concern, ...]:
    """Reasons against promoting `model` now; none where it serves already."""
    if model == registry.serving(model.project):
        return ()
    return assess(model.project, [model])[model.pk].concerns


def _assess(model: ModelVersion, others: list[Figure]) -> Assessment:
    own = _validated(model, "candidate")
    concerns = []
    if own is None:
        concerns.append(Concern.NOT_VALIDATED)
    for other in others:
        if own is not None and own.scores.mean_anls < other.scores.mean_anls:
            worse = Concern.WORSE_THAN_SERVING if other.role == "serving" else Concern.WORSE_THAN_TEACHER
            concerns.append(worse)
    audit = model.run.audit
    if audit is not None and audit.documents < MINIMUM:
        concerns.append(Concern.FEW_DOCUMENTS)
    return Assessment(model, tuple([own, *others] if own else others), tuple(concerns))


def _validated(model: ModelVersion, role: str) -> Figure | None:
    scores = model.run.evaluation
    return None if scores is None or not scores.documents else Figure(model.name, role, "validation", scores)
