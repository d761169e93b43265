"""The API page: tokens, calls to paste, a file to try, and the last extractions."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypedDict

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext, gettext_lazy, override
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from extraction import problems
from extraction.domain.results.extraction import ExtractionResult
from extraction.models import ApiToken, Extraction, ModelVersion, Project, Role, Scope
from extraction.problems import Problem
from extraction.services.errors import Conflict, Invalid
from extraction.services.privacy import settings as retention
from extraction.services.projects import tokens
from extraction.services.reports.export.registry import ANSWER_EXPORTERS
from extraction.services.sentences import translated
from extraction.services.serving import extractions, registry
from extraction.services.serving.answers import reviews
from extraction.web.access import ProjectRequest, project_view
from extraction.web.downloads import Download, downloads

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

LISTED = 50
# What a number in a form may be; a service refuses -1, which stands for anything else.
DIGITS = re.compile(r"[0-9]{1,9}")
AT_ONCE, LATER = gettext_lazy("The answer at once"), gettext_lazy("Send now, ask later")
# Language → what its calls do, and the text of each.
CALLS: Mapping[str, Mapping[_StrOrPromise, str]] = {
    "curl": {AT_ONCE: "serving/calls/now.sh.txt", LATER: "serving/calls/later.sh.txt"},
    "Python": {AT_ONCE: "serving/calls/now.py.txt", LATER: "serving/calls/later.py.txt"},
    "kdweb-client": {AT_ONCE: "serving/calls/now.client.txt", LATER: "serving/calls/later.client.txt"},
}


class Tokens(TypedDict):
    """The tokens of the project and the scopes that a new one can have."""

    tokens: QuerySet[ApiToken]
    choices: list[tuple[str, str]]
    overlap: int


class ApiPage(Tokens):
    model: ModelVersion | None
    api: str
    site: str
    calls: Mapping[str, Mapping[_StrOrPromise, str]]
    history: QuerySet[Extraction]
    listed: int
    exports: list[Download]
    days: int


class NewToken(Tokens):
    """A token that is shown this one time."""

    new: ApiToken
    token: str


@dataclass(frozen=True, slots=True)
class TypedToken:
    """The form as it was sent."""

    name: str
    scopes: list[str]
    quota: str


class RefusedToken(Tokens):
    problem: str
    typed: TypedToken


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer that a program would get for a file."""

    status: int
    media_type: str
    body: ExtractionResult | Problem


class AttemptFragment(TypedDict):
    status: int
    reason: str
    media_type: str
    body: str


@require_http_methods(["GET", "HEAD", "POST"])
@project_view(post=Role.OWNER)
def page(request: ProjectRequest, project: Project) -> HttpResponse:
    if request.method == "POST":
        return _create(request, project)
    context = ApiPage(
        model=registry.serving(project),
        api=request.build_absolute_uri(reverse("api:api-root")).rstrip("/"),
        site=request.build_absolute_uri("/").rstrip("/"),
        calls=CALLS,
        history=_history(project),
        listed=LISTED,
        exports=downloads(ANSWER_EXPORTERS, "answers_export", project.slug),
        days=retention.answer_days(retention.of(project)),
        **_tokens(project),
    )
    return render(request, "serving/api_access.html", context)


def _create(request: ProjectRequest, project: Project) -> HttpResponse:
    """A fragment that shows the token: neither a reload of the page nor the way back brings it again.

    A refusal stands in it too, hence never with an error status, which htmx would not show.
    """
    typed = TypedToken(
        request.POST.get("name", ""), request.POST.getlist("scope"), request.POST.get("quota", "").strip()
    )
    try:
        row, token = tokens.create(
            project, request.user, name=typed.name, scopes=typed.scopes, quota=_quota(typed.quota)
        )
    except Invalid as refusal:
        refused = RefusedToken(problem=translated(refusal), typed=typed, **_tokens(project))
        return render(request, "serving/api_access.html#tokens", refused)
    return _shown_once(request, project, row, token)


def _shown_once(request: ProjectRequest, project: Project, row: ApiToken, token: str) -> HttpResponse:
    created = NewToken(new=row, token=token, **_tokens(project))
    response = render(request, "serving/api_access.html#tokens", created)
    add_never_cache_headers(response)
    return response


@require_POST
@project_view(Role.OWNER)
def revoke(request: ProjectRequest, project: Project, pk: int) -> HttpResponse:
    token = get_object_or_404(tokens.of_project(project), pk=pk)
    tokens.revoke(token)
    messages.success(request, gettext("The token %(name)s opens nothing any more.") % {"name": token.name})
    return redirect("api", project.slug)


@require_POST
@project_view(Role.OWNER)
def replace(request: ProjectRequest, project: Project, pk: int) -> HttpResponse:
    """A fragment that shows the new token, as the first one was shown, or why there is none."""
    row = get_object_or_404(tokens.of_project(project), pk=pk)
    try:
        token = tokens.replace(row, hours=_number(request.POST.get("hours", "")))
    except (Invalid, Conflict) as refusal:
        refused = RefusedToken(problem=translated(refusal), typed=TypedToken("", [], ""), **_tokens(project))
        return render(request, "serving/api_access.html#tokens", refused)
    return _shown_once(request, project, row, token)


@require_POST
@project_view(Role.OWNER)
def limit(request: ProjectRequest, project: Project, pk: int) -> HttpResponse:
    """Set the quota of a token; an empty field takes it away."""
    row = get_object_or_404(tokens.of_project(project), pk=pk)
    try:
        tokens.limit(row, _quota(request.POST.get("quota", "").strip()))
    except Invalid as refusal:
        messages.error(request, translated(refusal))
    else:
        messages.success(request, gettext("The quota of %(name)s is changed.") % {"name": row.name})
    return redirect("api", project.slug)


def _quota(typed: str) -> int | None:
    return _number(typed) if typed else None


def _number(typed: str) -> int:
    return int(typed) if DIGITS.fullmatch(typed) else -1


@require_POST
@project_view()
def attempt(request: ProjectRequest, project: Project) -> HttpResponse:
    """A fragment with what a program would be answered, refusals included; hence never an error status itself."""
    upload = request.FILES.get("file")
    if upload is None:
        return render(request, "serving/api_access.html#attempt", {"problem": gettext("Choose a file first.")})
    # Programs get English.
    with override(settings.LANGUAGE_CODE):
        answer = _answer(request, project, upload)
    shown = AttemptFragment(
        status=answer.status,
        reason=HTTPStatus(answer.status).phrase,
        media_type=answer.media_type,
        body=json.dumps(answer.body.to_json(), indent=2, ensure_ascii=False),
    )
    return trigger_client_event(render(request, "serving/api_access.html#attempt", shown), "extracted")


def _answer(request: ProjectRequest, project: Project, upload: UploadedFile[Any]) -> Answer:
    try:
        row = extractions.extract_now(project, upload.name or "file", upload, author=request.user)
    except problems.REFUSALS as refusal:
        problem = Problem.of(refusal)
        return Answer(problem.status, problems.MEDIA_TYPE, problem)
    return Answer(200, "application/json", reviews.result(row))


def _tokens(project: Project) -> Tokens:
    return Tokens(
        tokens=tokens.of_project(project),
        choices=[(scope.value, str(scope.label)) for scope in Scope],
        overlap=tokens.OVERLAP,
    )


def _history(project: Project) -> QuerySet[Extraction]:
    """Without the files of batches, which have pages of their own."""
    single = project.extractions.filter(batch=None)
    return single.select_related("model", "token", "author").defer("fields", "student", "teacher")[:LISTED]
