"""Label files: upload, choice of fields for their names, outcome."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from extraction.domain.errors import gettext_noop
from extraction.domain.fields import Schema
from extraction.models import LabelImport, Project, Role
from extraction.services.documents.label_files import formats, imports
from extraction.services.errors import Invalid
from extraction.services.sentences import translated
from extraction.web.access import ProjectRequest, project_view

State = LabelImport.State


@dataclass(frozen=True, slots=True)
class Target:
    """A field, or a cell of a group's rows, that a name of the file may fill."""

    value: str
    title: str


@dataclass(frozen=True, slots=True)
class Name:
    """A name of the file that fills nothing, and how often it does so."""

    name: str
    count: int
    chosen: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
@project_view(post=Role.OWNER)
def listing(request: ProjectRequest, project: Project) -> HttpResponse:
    """The imports of a project, and the upload of a file."""
    if request.method != "POST":
        return _listing(request, project)
    file = request.FILES.get("file")
    try:
        if file is None:
            raise Invalid(gettext_noop("No file came with the request."))
        row = imports.add(
            project,
            file.name or "",
            file,
            format=request.POST.get("format", ""),
            source=request.POST.get("source", ""),
            actor=request.user,
        )
    except Invalid as refusal:
        return _listing(request, project, translated(refusal), 400)
    return redirect("label_file", project.slug, row.pk)


def _listing(request: ProjectRequest, project: Project, error: str = "", status: int = 200) -> HttpResponse:
    context = {
        "imports": imports.listing(project),
        "formats": formats.formats(),
        "sources": formats.sources(),
        "format": request.POST.get("format", formats.JSONL),
        "source": request.POST.get("source", ""),
        "error": error,
    }
    return render(request, "documents/label_files/listing.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@project_view(post=Role.OWNER)
def label_file(request: ProjectRequest, project: Project, pk: int) -> HttpResponse:
    """One import: its progress, the choice of fields where names of the file fill none, and what it has come to."""
    row = _find(project, pk)
    error, status = "", 200
    if request.method == "POST":
        try:
            imports.choose(row, _chosen(row, request.POST), actor=request.user)
            return redirect("label_file", project.slug, pk)
        except Invalid as refusal:
            error, status = translated(refusal), 400
    context = {
        "row": row,
        "going": row.state == State.LOADING,
        "format": formats.find(row.format),
        "names": _names(row, request.POST),
        "targets": _targets(project.schema) if row.state == State.MAPPING else [],
        "more": max(0, row.refused - len(row.lines)),
        "error": error,
    }
    page = "documents/label_files/import.html"
    return render(request, f"{page}#live" if request.htmx else page, context, status=status)


def _targets(schema: Schema) -> list[Target]:
    found = []
    for field in schema.fields:
        found.append(Target(field.name, field.title))
        found += [Target(f"{field.name}/{part.name}", f"{field.title}: {part.title}") for part in field.fields]
    return found


def _names(row: LabelImport, query: QueryDict) -> list[Name]:
    passed_over: dict[str, int] = row.passed_over
    return [
        Name(name, count, query.get(f"name.{number}", "")) for number, (name, count) in enumerate(passed_over.items())
    ]


def _chosen(row: LabelImport, query: QueryDict) -> dict[str, str]:
    """The fields of the form by names of the file."""
    choices = {name: query.get(f"name.{number}", "") for number, name in enumerate(row.passed_over)}
    return {name: target for name, target in choices.items() if target}


@require_POST
@project_view(Role.OWNER)
def go_on(request: ProjectRequest, project: Project, pk: int) -> HttpResponseRedirect:
    imports.go_on(_find(project, pk), actor=request.user)
    return redirect("label_file", project.slug, pk)


@require_POST
@project_view(Role.OWNER)
def remove(request: ProjectRequest, project: Project, pk: int) -> HttpResponseRedirect:
    row = _find(project, pk)
    imports.remove(row)
    messages.success(request, gettext("%(name)s is removed.") % {"name": row.name})
    return redirect("label_files", project.slug)


def _find(project: Project, pk: int) -> LabelImport:
    rows = project.label_imports.select_related("project__schema_version", "job", "author")
    return get_object_or_404(rows, pk=pk)
