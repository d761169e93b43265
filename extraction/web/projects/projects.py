"""The list of projects, and a project's overview, creation and deletion."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypedDict, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from extraction.domain import default_schemas
from extraction.domain.fields import Schema, SchemaError
from extraction.domain.notation.texts import LARGEST_TOML
from extraction.models import Job, Project, Role, User
from extraction.services.documents.jobs import READ
from extraction.services.errors import Conflict, Invalid
from extraction.services.jobs import queue, workers
from extraction.services.jobs.kinds import Queue
from extraction.services.operation import health
from extraction.services.projects import projects, summaries
from extraction.services.projects.summaries import ProjectSummary
from extraction.services.serving import registry
from extraction.web.access import ProjectRequest, answers, project_view


class Overview(TypedDict):
    summary: ProjectSummary
    jobs: QuerySet[Job]
    workers: dict[Queue, bool]
    usable: bool


class ProjectForm(forms.Form):
    name = forms.CharField(max_length=200, error_messages={"required": "The project needs a name."})
    slug = forms.CharField(max_length=50, required=False)
    file = forms.FileField(required=False, widget=forms.FileInput)
    toml = forms.CharField(max_length=LARGEST_TOML, required=False, strip=False)
    template = forms.CharField(max_length=50, required=False)

    def clean_file(self) -> str | None:
        file = self.cleaned_data["file"]
        if file is None:
            return None
        if file.size > LARGEST_TOML:
            raise forms.ValidationError("The schema file is too large.")
        try:
            return str(file.read().decode())
        except UnicodeDecodeError:
            raise forms.ValidationError("The schema file is not a text in UTF-8.") from None

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        values["slug"] = values.get("slug") or slugify(values.get("name", ""))[:50].strip("-")
        uploaded = values.get("file")
        if "file" in values and "name" in values:
            try:
                schema = _schema(values)
                values["schema"] = replace(schema, name=values["name"])
            except SchemaError as error:
                self.add_error("file" if uploaded else "toml" if values.get("toml") else "template", str(error))
        return values


def _schema(values: Mapping[str, Any]) -> Schema:
    """The pasted or uploaded schema, else the chosen template's, a receipt's by default; raises `SchemaError`."""
    if text := values.get("file") or values.get("toml"):
        return Schema.from_toml(text)
    return default_schemas.template(values.get("template") or "receipt").schema


@require_GET
@answers
def listing(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    context = {
        "summaries": summaries.summaries_for(user),
        "issues": health.issues(thorough=False) if user.is_superuser else [],
    }
    return render(request, "projects/listing.html", context)


@require_http_methods(["GET", "POST"])
@answers
def create(request: HttpRequest) -> HttpResponse:
    if not cast(User, request.user).has_perm("extraction.add_project"):
        raise PermissionDenied("An administrator of the installation can give you the right to make projects.")
    form = ProjectForm(request.POST or None, request.FILES or None, initial={"template": "receipt"})
    if request.method == "POST" and form.is_valid():
        try:
            values = form.cleaned_data
            project = projects.create(values["slug"], values["schema"], owner=cast(User, request.user))
        except (Conflict, Invalid) as error:
            form.add_error("slug", str(error))
        else:
            messages.success(request, f"The project {project.name} is made; now add documents.")
            return redirect("documents", project.slug)
    context = {"form": form, "templates": default_schemas.TEMPLATES}
    return render(request, "projects/create.html", context, status=400 if form.errors else 200)


@require_GET
@project_view()
def overview(request: ProjectRequest, project: Project) -> HttpResponse:
    summary = summaries.summary_of(project, request.access.role)
    context = Overview(
        summary=summary,
        jobs=queue.active_jobs(project).exclude(kind=READ.name)[:5],
        workers=workers.alive(),
        usable=summary.model is None or registry.is_usable(summary.model),
    )
    return render(request, "projects/overview.html", context)


@require_POST
@project_view(Role.OWNER)
def dismiss_note(request: HttpRequest, project: Project) -> HttpResponse:
    """The note of an upgrade was read: it is not shown again."""
    projects.dismiss_note(project)
    return redirect("project", project.slug)


@require_POST
@project_view(Role.OWNER)
def delete(request: HttpRequest, project: Project) -> HttpResponse:
    if request.POST.get("confirmation", "").strip() != project.slug:
        raise Invalid(f"Nothing was deleted: type {project.slug} to confirm.")
    projects.delete(project)
    messages.success(request, f"The project {project.name} and everything in it is deleted.")
    return redirect("projects")
