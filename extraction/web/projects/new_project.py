"""The page that makes a project: from a template, empty, from fields that files suggest, or from a schema file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods

from extraction.domain import default_schemas
from extraction.domain.errors import UserError, gettext_noop
from extraction.domain.field_types import registry
from extraction.domain.fields import Field, Schema, SchemaError
from extraction.domain.notation.texts import LARGEST_TOML
from extraction.domain.progress import Silent
from extraction.domain.schemas.files import SchemaFile
from extraction.domain.schemas.names import typed_name
from extraction.domain.schemas.suggestions import DOCUMENT
from extraction.models import Project, User
from extraction.services.documents import intake
from extraction.services.errors import Conflict, Invalid
from extraction.services.projects import projects
from extraction.services.sentences import translated
from extraction.services.serving.extractions import slots
from extraction.services.teaching.suggesting import suggested_fields
from extraction.web.access import answers
from extraction.web.projects.fields_form import FieldsForm

# Ways to start beside the templates.
EMPTY, SUGGESTED = "empty", "suggested"


class ProjectForm(forms.Form):
    name = forms.CharField(max_length=200, error_messages={"required": gettext_lazy("The project needs a name.")})
    slug = forms.CharField(max_length=50, required=False)
    file = forms.FileField(required=False, widget=forms.FileInput)
    toml = forms.CharField(max_length=LARGEST_TOML, required=False, strip=False)
    template = forms.CharField(max_length=50, required=False)
    first = forms.CharField(max_length=200, required=False)

    # The suggested fields with their errors, and the order of dates and the languages that a schema file says.
    rows: FieldsForm | None = None
    dates: str | None = None
    languages: tuple[str, ...] = ()

    def clean_file(self) -> str | None:
        file = self.cleaned_data["file"]
        if file is None:
            return None
        if file.size > LARGEST_TOML:
            raise forms.ValidationError(gettext("The schema file is too large."))
        try:
            return str(file.read().decode())
        except UnicodeDecodeError:
            raise forms.ValidationError(gettext("The schema file is not a text in UTF-8.")) from None

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        values["slug"] = values.get("slug") or slugify(values.get("name", ""))[:50].strip("-")
        uploaded = values.get("file")
        if "file" in values and "name" in values:
            try:
                values["schema"] = replace(self._schema(values), name=values["name"])
            except SchemaError as error:
                chosen = "first" if values.get("template") == EMPTY else "template"
                self.add_error("file" if uploaded else "toml" if values.get("toml") else chosen, str(error))
        return values

    def _schema(self, values: Mapping[str, Any]) -> Schema:
        """The pasted or uploaded schema, else by the chosen start, a receipt's by default; raises `SchemaError`."""
        if text := values.get("file") or values.get("toml"):
            file = SchemaFile.from_toml(text)
            self.dates, self.languages = file.dates, file.languages or ()
            return file.schema
        match values.get("template") or "receipt":
            case name if name == EMPTY:
                return Schema(DOCUMENT, DOCUMENT, (_first_field(values.get("first", "")),))
            case name if name == SUGGESTED:
                return self._suggested()
            case name:
                return default_schemas.template(name).schema

    def _suggested(self) -> Schema:
        self.rows, schema = FieldsForm.posted(self.data).checked()
        if schema is None:
            raise SchemaError(
                self.rows.error if self.rows.rows else gettext_noop("Look at the suggested fields first.")
            )
        return schema


def _first_field(typed: str) -> Field:
    if not typed.strip():
        raise SchemaError(gettext_noop("Name the first field; a project reads one at least."))
    return Field.from_json({"name": typed_name(typed)})


@dataclass(frozen=True, slots=True)
class Suggested:
    """Rows of suggested fields to look at, or the sentence why there are none; `note` is about who suggested them."""

    form: FieldsForm | None = None
    note: str = ""
    problem: str = ""
    added: bool = False


@require_http_methods(["GET", "POST"])
@answers
def create(request: HttpRequest) -> HttpResponse:
    """Buttons that suggest, add, remove or move fields send the whole form and make no project."""
    user = cast(User, request.user)
    if not user.has_perm("extraction.add_project"):
        raise PermissionDenied(gettext("An administrator of the installation can give you the right to make projects."))
    action = request.POST.get("do", "create")
    if action != "create":
        return _rows(request, action)
    form = ProjectForm(request.POST or None, request.FILES or None, initial={"template": "receipt"})
    if request.method == "POST" and form.is_valid():
        try:
            values = form.cleaned_data
            project = projects.create(
                values["slug"], values["schema"], owner=user, dates=form.dates, languages=form.languages
            )
        except (Conflict, Invalid) as error:
            form.add_error("slug", translated(error))
        else:
            return _made(request, project, values)
    shown = Suggested(form.rows)
    if form.rows and not form.rows.rows:
        # Whoever did not press the button that suggests is shown what it suggests.
        shown = _suggest(request, form.rows)
    return _page(request, form, shown, status=400 if form.errors else 200)


def _made(request: HttpRequest, project: Project, values: Mapping[str, Any]) -> HttpResponse:
    if values.get("template") == EMPTY and len(project.schema.fields) == 1:
        sentence = gettext("The project %(project)s is made; now add its other fields.")
        messages.success(request, sentence % {"project": project.name})
        return redirect("fields", project.slug)
    files = _files(request) if values.get("template") == SUGGESTED else []
    added = [one for name, file in files for one in intake.add_upload(project, name, file, actor=request.user)]  # type: ignore[arg-type]
    for result in added:
        if result.error:
            messages.error(request, f"{result.name}: {translated(result.error)}")
    if any(result.created for result in added):
        sentence = gettext("The project %(project)s is made; its documents are being read.")
    else:
        sentence = gettext("The project %(project)s is made; now add documents.")
    messages.success(request, sentence % {"project": project.name})
    return redirect("documents", project.slug)


def _rows(request: HttpRequest, action: str) -> HttpResponse:
    """The rows after a button was pressed: alone for htmx, else on the whole page with all that was typed."""
    posted = FieldsForm.posted(request.POST.dict())
    if action == "suggest":
        shown = _suggest(request, posted)
    else:
        shown = Suggested(posted.changed(action), added=action == "add")
    if getattr(request, "htmx", False):
        return render(request, "projects/_suggested_fields.html", _context(shown))
    return _page(request, ProjectForm(initial={**request.POST.dict(), "template": SUGGESTED}), shown)


def _suggest(request: HttpRequest, posted: FieldsForm) -> Suggested:
    """What the files suggest; the rows stay as they were where there is nothing."""
    files, agreed, teacher = _files(request), request.POST.get("consent", ""), suggested_fields.offered()
    if (needed := suggested_fields.consent(teacher)) and agreed != needed.provider:
        teacher = suggested_fields.RULES
    if not files:
        return Suggested(posted if posted.rows else None, problem=gettext("Choose one to three files first."))
    try:
        with slots.acquire():
            found = suggested_fields.suggest(files, Silent(), teacher=teacher, agreed=agreed)
    except UserError as error:
        return Suggested(posted if posted.rows else None, problem=translated(error))
    if found.schema is None:
        return Suggested(
            note=translated(found.note), problem=gettext("No values with a printed name stand on most of these files.")
        )
    return Suggested(
        FieldsForm.of(found.schema).as_new(),
        translated(found.note) or gettext("Suggested by %(teacher)s.") % {"teacher": found.teacher},
    )


def _files(request: HttpRequest) -> list[tuple[str, UploadedFile[Any]]]:
    return [(file.name or "", file) for file in request.FILES.getlist("files")]


def _page(request: HttpRequest, form: ProjectForm, shown: Suggested, status: int = 200) -> HttpResponse:
    teacher = suggested_fields.offered()
    context = {
        "form": form,
        "templates": default_schemas.TEMPLATES,
        "teacher": teacher,
        "consent": suggested_fields.consent(teacher),
        # Browsers do not send files back to a page that is shown again.
        "files_gone": bool(_files(request)),
        **_context(shown),
    }
    return render(request, "projects/create.html", context, status=status)


def _context(shown: Suggested) -> dict[str, object]:
    return {"suggested": shown, "types": registry.names()}
