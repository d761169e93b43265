"""Model versions: which one serves, how they compare, where they come from, their files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from extraction.domain.errors import gettext_noop
from extraction.domain.evaluation.bootstrap import Interval
from extraction.domain.evaluation.scoring import Evaluation
from extraction.domain.fields import Field
from extraction.domain.line_items.rows import flat, groups
from extraction.models import Canary, Forgetting, ModelVersion, Project, Promotion, Role
from extraction.services import figures
from extraction.services.errors import Conflict
from extraction.services.reports import messages as report_messages
from extraction.services.reports import promotion
from extraction.services.reports.promotion import Assessment
from extraction.services.serving import registry
from extraction.services.serving.canaries import state as canaries
from extraction.services.serving.registry import ModelFile
from extraction.web.access import ProjectRequest, project_view
from extraction.web.row_figures import TITLES

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

LISTED = 50
# More columns of fields, and of groups, than this make the table unreadable; the rest is on the page of the run.
COLUMNS, GROUPS = 3, 1
# Figures of a group that two models are compared by.
COMPARED = ("cell_f1", "row_f1", "anls_star")
HISTORY = 20


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A model in the table: its validation, ANLS of each column's field and cell F1 of its group (`None`: not scored),
    its files."""

    model: ModelVersion
    validation: Evaluation | None
    scores: list[float | None]
    files: list[ModelFile]
    assessment: Assessment
    concerns: list[str]


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure of one model over `n` labels."""

    value: float
    ci95: Interval
    n: int


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """A figure by both models, of the field or group called `name`; `difference` in percentage points, with its sign.
    `title` is that of a group's figure, empty for a field's ANLS."""

    name: str
    title: _StrOrPromise
    left: Compared
    right: Compared

    @property
    def pair(self) -> tuple[Compared, Compared]:
        return self.left, self.right

    @property
    def difference(self) -> str:
        return figures.decimal(100 * (self.right.value - self.left.value), 1, sign=True)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two models on what they were validated on; `same`: on the same frozen labels. Means are `None` without any;
    `rows` are the figures of groups."""

    left: ModelVersion
    right: ModelVersion
    fields: list[ComparisonRow]
    rows: list[ComparisonRow]
    means: tuple[Evaluation | None, Evaluation | None]
    same: bool


@dataclass(frozen=True, slots=True)
class Pair:
    left: ModelVersion
    right: ModelVersion


class ModelsPage(TypedDict):
    models: list[ModelVersion]
    versions: list[VersionRow]
    serving: ModelVersion | None
    previous: ModelVersion | None
    titles: list[str]
    groups: list[str]
    chosen: Pair | Comparison | None
    comparison: Comparison | None
    rolled_back: bool
    history: QuerySet[Promotion]
    usable: bool
    canary: Canary | None


@require_safe
@project_view()
def listing(request: ProjectRequest, project: Project) -> HttpResponse:
    rows = project.model_versions.select_related("run__snapshot", "run__author")
    rows = rows.defer("run__curve", "run__log", "run__snapshot__items")
    rows = rows.prefetch_related(
        Prefetch("run__forgettings", Forgetting.objects.filter(state__in=Forgetting.OPEN)),
        Prefetch("run__replaces", Forgetting.objects.select_related("run").defer("run__curve", "run__log")),
    )
    models = list(rows[:LISTED])
    serving = rows.filter(stage=ModelVersion.Stage.PRODUCTION).first()
    if serving is not None and serving not in models:
        models.append(serving)
    fields, tables = flat(project.schema).fields[:COLUMNS], groups(project.schema)[:GROUPS]
    assessments = promotion.assess(project, models)
    latest = registry.history(project).first()
    comparison = compare(models, request.GET.get("left", ""), request.GET.get("right", ""))
    context = ModelsPage(
        models=[model for model in models if model.forgotten is None],
        versions=[_row(assessments[model.pk], fields, tables) for model in models],
        serving=serving,
        previous=registry.previous(project),
        titles=[field.title for field in fields],
        groups=[field.title for field in tables],
        chosen=comparison or _first_pair(models, serving),
        comparison=comparison,
        rolled_back=latest is not None and latest.rolled_back,
        history=registry.history(project)[:HISTORY],
        usable=serving is None or registry.is_usable(serving),
        canary=canaries.noticed(project),
    )
    return render(request, "serving/model_versions.html", context)


def _first_pair(models: Sequence[ModelVersion], serving: ModelVersion | None) -> Pair | None:
    """The models that the form for comparing starts with: the serving one, else the newest, and the newest other."""
    if len(models) < 2:
        return None
    left = serving or models[0]
    return Pair(left, next(model for model in models if model != left))


def _row(assessment: Assessment, fields: Sequence[Field], tables: Sequence[Field]) -> VersionRow:
    model = assessment.model
    validation = model.run.evaluation
    scores, rows = (validation.fields, validation.groups) if validation else ({}, {})
    shown: list[float | None] = [scores[field.name].anls if field.name in scores else None for field in fields]
    shown += [rows[field.name].cell_f1.value if field.name in rows else None for field in tables]
    concerns = [report_messages.of_concern(concern) for concern in assessment.concerns]
    return VersionRow(model, validation, shown, registry.files(model), assessment, concerns)


def compare(models: Sequence[ModelVersion], left: str, right: str) -> Comparison | None:
    """Two models side by side on what they were validated on; `None` unless both names are there."""
    by_name = {model.name: model for model in models}
    if left not in by_name or right not in by_name:
        return None
    pair = by_name[left], by_name[right]
    first, second = (model.run.evaluation for model in pair)
    return Comparison(
        left=pair[0],
        right=pair[1],
        fields=[*_fields(first, second)] if first and second else [],
        rows=[*_rows(first, second)] if first and second else [],
        means=(first, second),
        same=pair[0].run.snapshot_id == pair[1].run.snapshot_id,
    )


def _fields(first: Evaluation, second: Evaluation) -> Iterator[ComparisonRow]:
    for name, score in first.fields.items():
        if other := second.fields.get(name):
            left, right = (Compared(each.anls, each.anls_ci95, each.n) for each in (score, other))
            yield ComparisonRow(name, "", left, right)


def _rows(first: Evaluation, second: Evaluation) -> Iterator[ComparisonRow]:
    for name, score in first.groups.items():
        if other := second.groups.get(name):
            for figure in COMPARED:
                estimates = ((each.figure(figure), each.n) for each in (score, other))
                left, right = (Compared(estimate.value, estimate.ci95, n) for estimate, n in estimates)
                yield ComparisonRow(name, TITLES[figure], left, right)


@require_POST
@project_view(Role.OWNER)
def promote(request: ProjectRequest, project: Project, name: str) -> HttpResponse:
    """A model with concerns is promoted only where they were confirmed."""
    model = registry.find(project, name)
    concerns = promotion.concerns(model)
    if concerns and request.POST.get("confirmed") != "yes":
        sentences = " ".join(report_messages.of_concern(concern) for concern in concerns)
        raise Conflict(
            gettext_noop(
                "{model} was not promoted. {sentences} Confirm that in the dialog to promote it all the same."
            ),
            model=model,
            sentences=sentences,
        )
    model = registry.promote(model, request.user)
    messages.success(
        request, gettext("%(model)s now serves, and reads the documents that nobody has labelled.") % {"model": model}
    )
    return redirect("models", project.slug)


@require_POST
@project_view(Role.OWNER)
def roll_back(request: ProjectRequest, project: Project) -> HttpResponse:
    model = registry.roll_back(project, request.user)
    messages.success(request, gettext("%(model)s serves again.") % {"model": model})
    return redirect("models", project.slug)


@require_safe
@project_view()
def file(request: ProjectRequest, project: Project, name: str, file: str) -> FileResponse:
    """One file of a model as a download; only what lies in its folder has a name here."""
    model = registry.find(project, name)
    content = registry.open_file(model, file)
    registry.record_download(model, file)
    return FileResponse(content, as_attachment=True, filename=f"{name}-{file}")
