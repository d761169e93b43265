"""Model versions: which one serves, how they compare, where they come from, their files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from extraction.models import ModelVersion, Project, Role
from extraction.services.serving import registry
from extraction.web.access import ProjectRequest, project_view

LISTED = 50
# More columns than this make the table unreadable; the rest is on the page of the run.
COLUMNS = 4


@require_safe
@project_view()
def listing(request: ProjectRequest, project: Project) -> HttpResponse:
    rows = project.model_versions.select_related("run__snapshot", "run__author")
    rows = rows.defer("run__curve", "run__log", "run__snapshot__items")
    models = list(rows[:LISTED])
    serving = rows.filter(stage=ModelVersion.Stage.PRODUCTION).first()
    if serving is not None and serving not in models:
        models.append(serving)
    names = project.schema.names[:COLUMNS]
    context = {
        "models": models,
        "pair": _pair(models, serving),
        "versions": [(model, _scores(model, names), registry.files(model)) for model in models],
        "serving": serving,
        "previous": registry.previous(project),
        "fields": names,
        "comparison": compare(models, request.GET.get("left", ""), request.GET.get("right", "")),
    }
    return render(request, "serving/model_versions.html", context)


def _pair(models: Sequence[ModelVersion], serving: ModelVersion | None) -> dict[str, ModelVersion]:
    """What the form for comparing starts with: the serving model, else the newest, and the newest other one."""
    if len(models) < 2:
        return {}
    left = serving or models[0]
    return {"left": left, "right": next(model for model in models if model != left)}


def _scores(model: ModelVersion, names: Sequence[str]) -> list[float | None]:
    """ANLS of each of the fields on validation; `None` for a field that was not there."""
    fields = (model.run.validation or {}).get("fields", {})
    return [fields[name]["anls"] if name in fields else None for name in names]


def compare(models: list[ModelVersion], left: str, right: str) -> dict[str, Any] | None:
    """Two models side by side on what they were validated on; `None` unless both names are there."""
    named = {model.name: model for model in models}
    pair = [named[name] for name in (left, right) if name in named]
    if len(pair) < 2:
        return None
    first, second = (model.run.validation or {} for model in pair)
    names = [name for name in first.get("fields", {}) if name in second.get("fields", {})]
    rows = [
        (name, first["fields"][name]["anls"], second["fields"][name]["anls"], _points(first, second, name))
        for name in names
    ]
    return {
        "left": pair[0],
        "right": pair[1],
        "rows": rows,
        "means": (first.get("mean_anls"), second.get("mean_anls")),
        "same": pair[0].run.snapshot_id == pair[1].run.snapshot_id,
    }


def _points(first: dict[str, Any], second: dict[str, Any], name: str) -> str:
    """The difference in percentage points, with its sign."""
    return f"{100 * (second['fields'][name]['anls'] - first['fields'][name]['anls']):+.1f}"


@require_POST
@project_view(Role.OWNER)
def promote(request: ProjectRequest, project: Project, name: str) -> HttpResponse:
    model = registry.promote(registry.find(project, name), request.user)
    messages.success(request, f"{model} now serves, and reads the documents that nobody has labelled.")
    return redirect("models", project.slug)


@require_POST
@project_view(Role.OWNER)
def roll_back(request: ProjectRequest, project: Project) -> HttpResponse:
    model = registry.roll_back(project, request.user)
    messages.success(request, f"{model} serves again.")
    return redirect("models", project.slug)


@require_safe
@project_view()
def file(request: ProjectRequest, project: Project, name: str, file: str) -> FileResponse:
    """One file of a model as a download; only what lies in its folder has a name here."""
    held = {path.name: path for path in registry.files(registry.find(project, name))}
    if file not in held:
        raise Http404(f"Model {name} has no file {file}.")
    return FileResponse(held[file].open("rb"), as_attachment=True, filename=f"{name}-{file}")
