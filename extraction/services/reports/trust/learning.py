"""The learning curve: quality of the project's models against labels, minutes of review, and dollars."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate, pairwise

from extraction.domain import label_sources
from extraction.domain.evaluation.scoring import Evaluation
from extraction.domain.json_types import JsonObject
from extraction.domain.learning.training import Part
from extraction.domain.trust.learning_curve import LearningPoint, Outlook, outlook
from extraction.models import Label, ModelVersion, Project
from extraction.services.reports import reports

# Models and reports that are looked at, the newest first.
MODELS, REPORTS = 30, 50
# Labels of one person that are further apart are not one piece of work.
PAUSE = timedelta(minutes=2)
# What a model was measured on where no report compares enough models.
VALIDATION = "validation"


@dataclass(frozen=True, slots=True)
class LearningCurve:
    """Models by the labels that they learned from, all measured on documents of `split`, and what the next labels would
    bring (`None`: not known). `minutes` and `usd` are what a label has cost so far (`None`: there is none)."""

    split: str
    points: tuple[LearningPoint, ...]
    outlook: Outlook | None
    minutes: float | None
    usd: float | None

    def to_json(self) -> JsonObject:
        return {
            "measured_on": self.split,
            "points": [point.to_json() for point in self.points],
            "outlook": self.outlook.to_json() if self.outlook else None,
            "minutes_a_label": self.minutes,
            "usd_a_label": self.usd,
        }


def of(project: Project) -> LearningCurve:
    """A fixed number of queries."""
    models = list(
        project.model_versions.filter(forgotten=None)
        .select_related("run__snapshot", "run__job")
        .order_by("-pk")[:MODELS]
    )
    split, measured = _measured(project, models)
    minutes, usd = _minutes(project), _dollars(project)
    points = [
        _point(model, measured[model.name], minutes, usd)
        for model in models
        if model.name in measured and model.run.snapshot is not None
    ]
    points.sort(key=lambda point: (point.labels, point.model))
    most = points[-1] if points and points[-1].labels else None
    return LearningCurve(
        split,
        tuple(points),
        outlook(points),
        most.minutes / most.labels if most else None,
        most.usd / most.labels if most else None,
    )


def _measured(project: Project, models: Iterable[ModelVersion]) -> tuple[str, dict[str, Evaluation]]:
    """The evaluations of the models by name on one kind of documents: that on which most of them were measured."""
    by_split: dict[str, dict[str, Evaluation]] = defaultdict(dict)
    for value in reports.newest(project, REPORTS):
        for system in value.systems:
            if system.kind == "student" and not value.agreement:
                by_split[value.split].setdefault(system.name, system.scores)
    names = {model.name for model in models}
    for held in by_split.values():
        for gone in set(held) - names:
            del held[gone]
    own = ((model.name, model.run.evaluation) for model in models)
    validated = {name: scores for name, scores in own if scores is not None and scores.documents}
    best = max(by_split, key=lambda split: len(by_split[split]), default="")
    if best and len(by_split[best]) >= len(validated):
        return best, by_split[best]
    return VALIDATION, validated


Costs = tuple[list[datetime], list[float]]


def _point(model: ModelVersion, scores: Evaluation, minutes: Costs, usd: Costs) -> LearningPoint:
    snapshot = model.run.snapshot
    if snapshot is None:
        raise ValueError(f"{model} has no snapshot.")
    labels = sum(len(item.labels) for item in snapshot.documents if item.part is Part.TRAIN)
    return LearningPoint(
        model.name,
        labels,
        _until(minutes, model.run.created),
        _until(usd, model.run.created),
        scores.mean_anls,
        scores.mean_anls_ci95,
    )


def _until(costs: Costs, time: datetime) -> float:
    times, sums = costs
    at = bisect_right(times, time)
    return sums[at - 1] if at else 0.0


def _minutes(project: Project) -> Costs:
    """When people had worked for how long: the time between two labels of one person, pauses left out."""
    rows = Label.objects.filter(
        document__project=project, source__in=label_sources.names(by_people=True), unseen=False
    ).exclude(author=None)
    by_author: Mapping[int, list[datetime]] = defaultdict(list)
    for author, created in rows.order_by("created").values_list("author", "created"):
        by_author[author].append(created)
    steps = [
        (later, (later - earlier).total_seconds() / 60)
        for times in by_author.values()
        for earlier, later in pairwise(times)
        if later - earlier <= PAUSE
    ]
    return _summed(steps)


def _dollars(project: Project) -> Costs:
    rows = project.label_runs.order_by("created").values_list("created", "usd")
    return _summed([(created, float(usd)) for created, usd in rows])


def _summed(steps: Iterable[tuple[datetime, float]]) -> Costs:
    ordered = sorted(steps)
    return [time for time, _ in ordered], list(accumulate(amount for _, amount in ordered))
