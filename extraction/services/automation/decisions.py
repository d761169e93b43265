"""What becomes of a model that was trained automatically: promoted, a canary, held back, or a question for a person.

A person's promotion always wins: where anybody promoted a model since the training began, the automation only asks, and
a question about a model is over once another one serves than the one that it was compared with.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.db import transaction

from extraction.domain.errors import gettext_noop
from extraction.domain.evaluation.leads import Doubt, Standing, standing, worse_parts
from extraction.domain.progress import Progress
from extraction.domain.results.automation import Comparison, Reason
from extraction.models import Automation, AutomationStep, ModelVersion, Project, TrainingRun, User
from extraction.services.automation import comparison, history, settings
from extraction.services.errors import Conflict
from extraction.services.serving import registry
from extraction.services.serving.canaries import lifecycle
from extraction.services.serving.canaries.lifecycle import Wanted

Kind = AutomationStep.Kind

# What a canary finds out.
_SETTLED = {Reason.UNKNOWN_TRAINING, Reason.NOT_REVIEWED, Reason.FEW_DOCUMENTS, Reason.MEAN, Reason.FIELDS}
_DOUBTS = {Doubt.FEW_DOCUMENTS: Reason.FEW_DOCUMENTS, Doubt.MEAN: Reason.MEAN, Doubt.FIELDS: Reason.FIELDS}
OVER = gettext_noop("This question was answered meanwhile, or another model serves now.")


@dataclass(frozen=True, slots=True)
class Question:
    """Whether `model` is to be promoted, with what it was compared by."""

    step: AutomationStep
    model: ModelVersion
    comparison: Comparison


def conclude(run: int, progress: Progress) -> None:
    """Compare the model of a run with the serving one and decide; the work of a COMPARE job.

    Again after a crash: what is concluded stays. Where another model was promoted during the comparison it is made
    anew with that one.
    """
    row = TrainingRun.objects.select_related("project__schema_version", "job").filter(pk=run).first()
    if row is None or _concluded(row):
        return
    model = ModelVersion.objects.select_related("run__snapshot", "project__schema_version").filter(run=row).first()
    if model is None:
        give_up(run, row.stop_detail or (row.job.error if row.job else ""))
        return
    while True:
        serving = _serving(row.project)
        if serving == model:
            _record(row, Kind.OVERTAKEN)
            return
        if _settle(row, model, serving, comparison.compare(model, serving, progress)):
            return


def give_up(run: int, error: str) -> None:
    """Keep that a run has no model, or that its model could not be compared and a person has to decide."""
    row = TrainingRun.objects.select_related("project").filter(pk=run).first()
    if row is None or _concluded(row):
        return
    model = ModelVersion.objects.filter(run=row).first()
    if model is None:
        _record(row, Kind.NOT_TRAINED, detail=error)
        return
    serving = registry.serving(row.project)
    asked = Comparison(model.name, serving.name if serving else "", reasons=(Reason.FAILED,))
    _record(row, Kind.ASKED, asked, detail=error)


def question(project: Project) -> Question | None:
    """The open question of a project; two queries where there is one, and one more for the serving model."""
    kinds = (*AutomationStep.OUTCOMES, *AutomationStep.ANSWERS)
    step = project.automation_steps.filter(kind__in=kinds).select_related("run__model_version").first()
    if step is None or step.kind != Kind.ASKED or step.run is None:
        return None
    model, asked = getattr(step.run, "model_version", None), step.comparison
    if model is None or asked is None or model.stage == ModelVersion.Stage.PRODUCTION:
        return None
    serving = registry.serving(project)
    return Question(step, model, asked) if (serving.name if serving else "") == asked.serving else None


def answer(project: Project, run: int, *, promote: bool, actor: User | None = None) -> AutomationStep:
    """A person's answer to the open question about a run. Raises `Conflict` where that is over."""
    with transaction.atomic():
        Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        asked = question(project)
        if asked is None or asked.step.run_id != run:
            raise Conflict(OVER)
        kind = Kind.ACCEPTED if promote else Kind.DECLINED
        step = history.add(project, kind, run=asked.step.run, actor=actor)
        if promote:
            registry.promote(asked.model, actor)
    return step


def close_overtaken(project: Project) -> None:
    """Keep in the history that a question is over because of what serves now."""
    kinds = (*AutomationStep.OUTCOMES, *AutomationStep.ANSWERS)
    step = project.automation_steps.filter(kind__in=kinds).select_related("run").first()
    if step is not None and step.kind == Kind.ASKED and step.run is not None and question(project) is None:
        AutomationStep.objects.get_or_create(project=project, kind=Kind.OVERTAKEN, run=step.run)


def decide(
    found: Comparison, row: Automation, *, person_promoted: bool, canary_runs: bool = False
) -> tuple[AutomationStep.Kind, Comparison]:
    """The outcome, and the comparison with every reason why it is not a promotion."""
    place, doubts = standing(found.leads, row.margins)
    compared = found.leads is not None
    if place is Standing.WORSE and found.reviewed:
        return Kind.HELD_BACK, replace(found, reasons=(*found.reasons, Reason.WORSE))
    reasons = [*found.reasons, *((_DOUBTS[doubt] for doubt in doubts) if compared or not found.reasons else ())]
    reasons += [Reason.WORSE] if place is Standing.WORSE else []
    reasons += [Reason.PERSON_PROMOTED] if person_promoted else []
    if not row.active:
        reasons.append(Reason.SWITCHED_OFF)
    elif row.promotion == Automation.Promotion.ASK:
        reasons.append(Reason.CHOSEN)
    elif row.promotion == Automation.Promotion.CANARY and canary_runs:
        reasons.append(Reason.CANARY_RUNS)
    worse = tuple(worse_parts(found.leads, row.margins)) if found.leads else ()
    decided = replace(found, reasons=tuple(reasons), worse=worse)
    if row.promotion == Automation.Promotion.CANARY and not set(reasons) - _SETTLED:
        return Kind.CANARY, decided
    return (Kind.ASKED if reasons else Kind.PROMOTED), decided


def _settle(row: TrainingRun, model: ModelVersion, serving: ModelVersion | None, found: Comparison) -> bool:
    """Decide in one transaction with what follows; False where another model serves by now."""
    project = row.project
    with transaction.atomic():
        Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        if _concluded(row):
            return True
        if registry.serving(project) != serving:
            return False
        promoted = project.promotions.filter(created__gte=row.created).exists()
        running = lifecycle.running(project) is not None
        kind, decided = decide(found, settings.of(project), person_promoted=promoted, canary_runs=running)
        history.add(project, kind, run=row, figures=decided)
        if kind == Kind.PROMOTED:
            registry.promote(model)
        elif kind == Kind.CANARY:
            lifecycle.start(model, Wanted(promotes=True))
    return True


def _concluded(run: TrainingRun) -> bool:
    return AutomationStep.objects.filter(run=run, kind__in=AutomationStep.OUTCOMES).exists()


def _serving(project: Project) -> ModelVersion | None:
    rows = project.model_versions.select_related("run__snapshot", "project__schema_version")
    return rows.filter(stage=ModelVersion.Stage.PRODUCTION).first()


def _record(run: TrainingRun, kind: AutomationStep.Kind, found: Comparison | None = None, *, detail: str = "") -> None:
    with transaction.atomic():
        Project.objects.select_for_update(no_key=True).get(pk=run.project_id)
        if not _concluded(run):
            history.add(run.project, kind, run=run, figures=found, detail=detail)
