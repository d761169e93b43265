"""What promoting a model would change: its figures beside those of the serving model and of the teacher."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from extraction.domain.evaluation.scoring import Evaluation
from extraction.domain.results.reports import ReportValue
from extraction.models import ModelVersion, Project
from extraction.services.reports import reports
from extraction.services.serving import registry
from extraction.services.training.sufficiency import MINIMUM

# Reports in which a model is looked for, the newest first.
REPORTS = 10


class Concern(StrEnum):
    """A reason to think twice."""

    NOT_VALIDATED = "not_validated"
    WORSE_THAN_SERVING = "worse_than_serving"
    ROWS_WORSE_THAN_SERVING = "rows_worse_than_serving"
    WORSE_THAN_TEACHER = "worse_than_teacher"
    FEW_DOCUMENTS = "few_documents"


@dataclass(frozen=True, slots=True)
class Figure:
    """Scores of one system; `measured_on` is "validation" or the split of a report."""

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


def assess(project: Project, models: Sequence[ModelVersion]) -> dict[int, Assessment]:
    """An assessment of each model by its primary key; a fixed number of queries however many there are.

    The models need their runs. Systems are compared by a report that has both, else by what each was measured on.
    """
    listed = (model for model in models if model.stage == ModelVersion.Stage.PRODUCTION)
    serving = next(listed, None) or registry.serving(project)
    written = reports.newest(project, REPORTS)
    return {model.pk: _assess(model, serving, _report(model, serving, written)) for model in models}


def concerns(model: ModelVersion) -> tuple[Concern, ...]:
    """Reasons against promoting `model` now; none where it serves already."""
    if model == registry.serving(model.project):
        return ()
    return assess(model.project, [model])[model.pk].concerns


def _report(model: ModelVersion, serving: ModelVersion | None, written: Sequence[ReportValue]) -> ReportValue | None:
    """The newest with the model and the serving one, else with the model, else of all."""
    own = [report for report in written if report.system(model.name)]
    both = [report for report in own if serving and report.system(serving.name)]
    return next(iter([*both, *own, *written]), None)


def _assess(model: ModelVersion, serving: ModelVersion | None, report: ReportValue | None) -> Assessment:
    own = _figures(model, "candidate", report)
    teacher = report.first("teacher") if report else None
    beside = _figures(serving, "serving", report) if serving and serving != model else []
    taught = [Figure(teacher.name, "teacher", report.split, teacher.scores)] if report and teacher else []
    concerns = [] if own else [Concern.NOT_VALIDATED]
    if _worse(own, beside):
        concerns.append(Concern.WORSE_THAN_SERVING)
    if _rows_worse(own, beside):
        concerns.append(Concern.ROWS_WORSE_THAN_SERVING)
    if _worse(own, taught):
        concerns.append(Concern.WORSE_THAN_TEACHER)
    audit = model.run.audit
    if audit is not None and audit.documents < MINIMUM:
        concerns.append(Concern.FEW_DOCUMENTS)
    return Assessment(model, (*own, *beside, *taught), tuple(concerns))


def _figures(model: ModelVersion, role: str, report: ReportValue | None) -> list[Figure]:
    """Of a report first, then on validation, as far as there are any."""
    system = report.system(model.name) if report else None
    figures = [Figure(model.name, role, report.split, system.scores)] if report and system else []
    scores = model.run.evaluation
    if scores is not None and scores.documents:
        figures.append(Figure(model.name, role, "validation", scores))
    return figures


def _worse(own: Sequence[Figure], others: Sequence[Figure]) -> bool:
    return any(figure.scores.mean_anls < other.scores.mean_anls for figure, other in _compared(own, others))


def _rows_worse(own: Sequence[Figure], others: Sequence[Figure]) -> bool:
    """In any group that both were measured on."""
    return any(
        figure.scores.groups[name].cell_f1.value < score.cell_f1.value
        for figure, other in _compared(own, others)
        for name, score in other.scores.groups.items()
        if name in figure.scores.groups
    )


def _compared(own: Sequence[Figure], others: Sequence[Figure]) -> list[tuple[Figure, Figure]]:
    """The first pair that was measured on the same documents, else the first of each; empty where one has none."""
    pairs = [(figure, other) for figure in own for other in others]
    alike = [pair for pair in pairs if pair[0].measured_on == pair[1].measured_on]
    return [*alike, *pairs][:1]
