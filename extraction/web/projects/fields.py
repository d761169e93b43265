"""The fields of a project, changed in a form or as the text of a schema file."""

from dataclasses import replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from extraction.domain.field_types import registry
from extraction.domain.fields import Schema, SchemaError
from extraction.domain.schemas.files import SchemaFile
from extraction.models import Project, Role
from extraction.services.errors import Conflict
from extraction.services.labels import conventions
from extraction.services.labels import messages as sentences
from extraction.services.projects import languages, schema_versions
from extraction.services.projects import messages as project_sentences
from extraction.services.sentences import translated
from extraction.web.access import ProjectRequest, project_view
from extraction.web.numbers import whole
from extraction.web.projects.fields_form import FieldsForm


@require_http_methods(["GET", "POST"])
@project_view(post=Role.OWNER)
def fields(request: ProjectRequest, project: Project) -> HttpResponse:
    """Buttons that add, remove or move a row send the whole form too, so that nothing typed is lost on the way."""
    if request.method != "POST":
        return _page(
            request,
            project,
            form=FieldsForm.of(project.schema, project.schema_version.number if project.schema_version else None),
        )
    if "toml" in request.POST:
        return _save_toml(request, project, request.POST["toml"])
    form = FieldsForm.posted(request.POST.dict())
    action = request.POST.get("do", "save")
    if action != "save":
        return _page(request, project, form=form.changed(action), added=action == "add", fragment=bool(request.htmx))
    form, changed = form.checked(project.schema)
    if changed is None:
        return _page(request, project, form=form, status=400)
    try:
        return _saved(request, project, changed, form)
    except Conflict as refusal:
        return _page(request, project, form=replace(form, error=translated(refusal)), status=409)


@require_http_methods(["GET"])
@project_view()
def fields_toml(request: ProjectRequest, project: Project) -> HttpResponse:
    text = SchemaFile(project.schema, project.date_order, tuple(project.languages_set) or None).to_toml()
    if "download" in request.GET:
        headers = {"Content-Disposition": f'attachment; filename="{project.slug}.toml"'}
        return HttpResponse(text, content_type="application/toml", headers=headers)
    return _page(request, project, toml=text)


def _save_toml(request: ProjectRequest, project: Project, text: str) -> HttpResponse:
    try:
        file = SchemaFile.from_toml(text)
    except SchemaError as error:
        return _page(request, project, toml=text, toml_error=translated(error), status=400)
    try:
        response = _saved(request, project, file.schema)
    except Conflict as refusal:
        return _page(request, project, toml=text, toml_error=translated(refusal), status=409)
    if file.dates and file.dates != project.date_order:
        messages.success(request, sentences.order_saved(conventions.set_date_order(project, file.dates)))
    if file.languages is not None and list(file.languages) != project.languages_set:
        languages.set_languages(project, file.languages)
        messages.success(request, project_sentences.LANGUAGES_SAVED)
    return response


def _saved(request: ProjectRequest, project: Project, schema: Schema, form: FieldsForm | None = None) -> HttpResponse:
    """Save the fields, which `form` may have renamed. Raises `Conflict`."""
    before, fields = project.schema_version, project.schema
    renames, seen = (form.renames, form.seen) if form else ({}, whole(request.POST.get("seen", "")))
    version = schema_versions.change(project, schema, renames=renames, actor=request.user, seen=seen)
    if before == version:
        messages.info(request, gettext("Nothing was different, so nothing was saved."))
    else:
        kept = gettext("Saved as version %(number)s; labels that exist keep the version they were made for.")
        messages.success(request, kept % {"number": version.number})
        for old, new in version.renames.items():
            renamed = gettext("%(old)s is called %(new)s now: its labels followed, and the API answers by this name.")
            messages.info(request, renamed % {"old": old, "new": new})
        for name, labels in schema_versions.kept_labels(project, fields, version).items():
            deleted = ngettext(
                "%(name)s is deleted and keeps %(labels)s label, which are there again once a field has this name.",
                "%(name)s is deleted and keeps %(labels)s labels, which are there again once a field has this name.",
                labels,
            )
            messages.info(request, deleted % {"name": name, "labels": labels})
        for group, gone in schema_versions.kept_cells(project, fields, version).items():
            kept_cells = gettext(
                "Cells of %(names)s are kept, and there again once a field of %(group)s has this name; "
                "a field with another name is a new one."
            )
            messages.info(request, kept_cells % {"names": ", ".join(gone), "group": group})
    return redirect("fields_toml" if "toml" in request.POST else "fields", project.slug)


def _page(
    request: HttpRequest,
    project: Project,
    *,
    form: FieldsForm | None = None,
    added: bool = False,
    toml: str = "",
    toml_error: str = "",
    fragment: bool = False,
    status: int = 200,
) -> HttpResponse:
    """The form, or the text of the schema file where there is no form; `added`: the last row is new."""
    context = {
        "version": project.schema_version,
        "types": registry.names(),
        "form": form,
        "added": added,
        "toml": toml,
        "toml_error": toml_error,
    }
    template = "projects/_fields_form.html" if fragment else "projects/fields.html"
    return render(request, template, context, status=status)
