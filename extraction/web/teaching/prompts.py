"""Pages of the prompt: its full text, the owner's parts, versions, and a trial on one document."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from extraction.domain.errors import gettext_noop
from extraction.models import Document, Project, PromptVersion, Role
from extraction.services import errors
from extraction.services.sentences import translated
from extraction.services.teaching import prompts, teachers, trials
from extraction.web.access import ProjectRequest, project_view
from extraction.web.numbers import whole
from extraction.web.teaching.forms import TeacherField, in_force

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

# So many documents are offered to try the prompt on.
OFFERED = 30
VERSIONS = 20


def _area(label: _StrOrPromise, help_text: _StrOrPromise, rows: int) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=20_000, help_text=help_text, widget=forms.Textarea(attrs={"rows": rows})
    )


class PromptForm(forms.Form):
    """The parts of a prompt; what is left empty is said in kdweb's words."""

    role = _area(_("Role and task"), _("Who the teacher is, and what it is to do."), 4)
    example = _area(_("Worked example"), _("A small document in words, and the answer for it."), 6)
    missing = _area(_("Missing value"), _("What to answer where a value is not on the document, with an example."), 3)
    rules = _area(_("Your own rules"), _("One a line; they stand beside kdweb's own."), 4)

    @classmethod
    def of(cls, version: PromptVersion | None) -> PromptForm:
        parts = prompts.parts(version)
        rules = "\n".join(parts.rules)
        return cls(initial={"role": parts.role, "example": parts.example, "missing": parts.missing, "rules": rules})

    def parts(self) -> prompts.Parts:
        """The typed parts; browsers send line ends as CR LF. Raises `Invalid`."""
        typed = {name: text.replace("\r\n", "\n") for name, text in self.cleaned_data.items()}
        return prompts.written({**typed, "rules": typed["rules"].split("\n")})


class TryForm(forms.Form):
    """A teacher and one document to try a version of the prompt on."""

    teacher = TeacherField()
    document = forms.TypedChoiceField(label=_("Document"), coerce=int)
    consent = forms.CharField(required=False)

    def __init__(self, project: Project, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial={"teacher": teachers.offered()[-1]}, auto_id="try_%s")
        ready = project.documents.filter(state=Document.State.READY).order_by("-id")
        named = list(ready.values_list("pk", "name")[:OFFERED])
        if chosen := (data or {}).get("document", ""):
            # Another page may lead here with a document that is older than those offered.
            named += ready.filter(pk=whole(chosen) or 0).values_list("pk", "name")
        self.fields["document"].choices = list(dict(named).items())  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
@project_view(post=Role.OWNER)
def prompt(request: ProjectRequest, project: Project) -> HttpResponse:
    """The version in force, or `?version=N`; what is posted is saved, or with `do=preview` only shown."""
    if request.method != "POST":
        version = _asked_for(request, project)
        return _page(request, project, version, PromptForm.of(version))
    form = PromptForm(request.POST)
    if not form.is_valid():
        return _page(request, project, project.prompt_version, form)
    try:
        if request.POST.get("do") == "preview":
            return _page(request, project, project.prompt_version, form, typed=form.parts())
        saved = prompts.save(project, form.parts(), actor=request.user)
    except errors.Invalid as error:
        form.add_error(None, translated(error))
        return _page(request, project, project.prompt_version, form)
    messages.success(request, _in_force(saved))
    return redirect("prompt", project.slug)


@require_POST
@project_view(Role.OWNER)
def choose(request: ProjectRequest, project: Project) -> HttpResponse:
    chosen = prompts.choose(project, _number(request.POST.get("version", "")))
    messages.success(request, _in_force(chosen))
    return redirect("prompt", project.slug)


@require_POST
@project_view(Role.OWNER)
def attempt(request: ProjectRequest, project: Project) -> HttpResponse:
    """A trial of one document; its page shows the answers."""
    form = TryForm(project, request.POST)
    version = prompts.find(project, _number(request.POST.get("version", "")))
    if form.is_valid():
        asked = form.cleaned_data
        try:
            run = trials.start(
                project,
                teacher=asked["teacher"],
                documents=[asked["document"]],
                prompt=version.number if version else prompts.OWN_WORDS,
                consent=asked["consent"],
                actor=request.user,
            )
        except (errors.Invalid, errors.Conflict) as error:
            form.add_error(None, translated(error))
        else:
            return redirect("label_run", project.slug, run.pk)
    return _page(request, project, version, PromptForm.of(version), attempt=form)


def _asked_for(request: HttpRequest, project: Project) -> PromptVersion | None:
    number = request.GET.get("version", "")
    return prompts.find(project, _number(number) if number else None)


def _number(text: str) -> int:
    number = whole(text)
    if number is None:
        raise errors.Invalid(gettext_noop("A version of the prompt is a whole number."))
    return number


def _in_force(version: PromptVersion | None) -> str:
    if version is None:
        return gettext("In force now: kdweb's own words.")
    return gettext("In force now: version %(number)s.") % {"number": version.number}


def _page(
    request: HttpRequest,
    project: Project,
    version: PromptVersion | None,
    form: PromptForm,
    *,
    typed: prompts.Parts | None = None,
    attempt: TryForm | None = None,
) -> HttpResponse:
    shown = prompts.preview(project, prompts.parts(version) if typed is None else typed)
    context = {
        "listing": prompts.listing(project),
        "form": form,
        "typed": typed is not None,
        "version": version,
        "title": prompts.title(version),
        "number": version.number if version else prompts.OWN_WORDS,
        "in_force": in_force(project),
        "prompt": shown,
        "schema": json.dumps(shown.json_schema, indent=2, ensure_ascii=False),
        "versions": project.prompt_versions.select_related("author")[:VERSIONS],
        "attempt": attempt or TryForm(project),
        "names": teachers.offered(),
    }
    wrong = form.errors or (attempt is not None and attempt.errors)
    return render(request, "teaching/prompt.html", context, status=400 if wrong else 200)
