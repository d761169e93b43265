"""The list of a project's documents, uploads, and the progress of reading."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import trigger_client_event

from extraction.domain import label_sources
from extraction.models import Document, Project, Role, Split
from extraction.services.documents import intake
from extraction.services.documents import listing as document_list
from extraction.services.documents.intake import Added
from extraction.services.documents.listing import Filter, ReadingProgress, Slice
from extraction.services.errors import Invalid
from extraction.services.jobs import workers
from extraction.services.jobs.kinds import Queue
from extraction.services.reports.export.registry import PROJECT_EXPORTERS
from extraction.web.access import ProjectRequest, project_view
from extraction.web.numbers import whole

FOCUS_TITLES = [
    ("0", "below 200 (blurred)"),
    ("200", "200 to 500"),
    ("500", "500 to 750"),
    ("750", "750 to 1000"),
    ("1000", "from 1000 (sharp)"),
]
CHOICES = {
    "state": ("Reading", Document.State.choices),
    "review": ("Review", Document.Review.choices),
    "source": ("Source", label_sources.choices()),
    "split": ("Split", Split.choices),
    "focus": ("Focus", FOCUS_TITLES),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A drop-down list of the filter form; `value` is what is chosen, empty for all."""

    name: str
    title: str
    choices: Sequence[tuple[str, str]]
    value: str


@dataclass(frozen=True, slots=True)
class Links:
    """Query strings of the links to other forms and parts of the list, which keep the filter."""

    table: str
    grid: str
    newer: str
    older: str

    @classmethod
    def of(cls, request: HttpRequest, part: Slice) -> "Links":
        kept = {key: value for key in (*CHOICES, "name", "view") if (value := request.GET.get(key))}
        return cls(
            table=urlencode({key: value for key, value in kept.items() if key != "view"}),
            grid=urlencode({**kept, "view": "grid"}),
            newer=urlencode({**kept, "newer": part.newer}),
            older=urlencode({**kept, "older": part.older}),
        )


@dataclass(frozen=True, slots=True)
class UploadResult:
    """Result of one uploaded file for the page's script; `url` leads to the document."""

    name: str
    url: str | None
    created: bool
    error: str | None

    @classmethod
    def of(cls, project: Project, added: Added) -> "UploadResult":
        url = reverse("document", args=[project.slug, added.document.pk]) if added.document else None
        return cls(added.name, url, added.created, added.error)

    def to_json(self) -> dict[str, str | bool | None]:
        return {"name": self.name, "url": self.url, "created": self.created, "error": self.error}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far reading has come, and whether a worker is there to go on with it."""

    counts: ReadingProgress
    worker: bool

    @classmethod
    def of(cls, project: Project) -> "Progress":
        return cls(document_list.reading_progress(project), workers.alive()[Queue.DEFAULT])


@require_GET
@project_view()
def listing(request: ProjectRequest, project: Project) -> HttpResponse:
    """The whole page, or for htmx the list alone."""
    condition = Filter.parse(request.GET.dict())
    part = document_list.listing(project, condition, older=_cursor(request, "older"), newer=_cursor(request, "newer"))
    context = {
        "slice": part,
        "filter": condition,
        "narrowed": condition != Filter(),
        "grid": request.GET.get("view") == "grid",
        "links": Links.of(request, part),
    }
    if request.htmx:
        response = render(request, "documents/_document_list.html", context)
    else:
        more = {
            "choices": _choices(condition),
            "progress": Progress.of(project),
            "exporters": PROJECT_EXPORTERS.values(),
        }
        response = render(request, "documents/listing.html", context | more)
    # Going back in the browser must not bring the list without its page.
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_GET
@project_view()
def progress(request: ProjectRequest, project: Project) -> HttpResponse:
    """The progress of reading, which the page requests every two seconds while documents wait."""
    current = Progress.of(project)
    response = render(request, "documents/_reading.html", {"progress": current})
    if request.GET.get("seen") != str(current.counts.queued):
        trigger_client_event(response, "documents-changed")
    return response


@require_POST
@project_view(Role.REVIEWER)
def upload(request: ProjectRequest, project: Project) -> HttpResponse:
    """Add files and the files of archives; a refused one does not affect the others.

    JSON for the page's script, else back to the list.
    """
    split = request.POST.get("split") or None
    results = [result for file in request.FILES.getlist("files") for result in _add(request, project, file, split)]
    if not results:
        raise Invalid("No file came with the request.")
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        rows = [result.to_json() for result in results]
        return JsonResponse({"results": rows}, status=400 if all(result.error for result in results) else 200)
    for result in results:
        if result.error:
            messages.error(request, f"{result.name}: {result.error}")
    messages.success(request, f"{sum(result.created for result in results)} new documents.")
    return redirect("documents", project.slug)


def _add(request: ProjectRequest, project: Project, file: "UploadedFile[Any]", split: str | None) -> list[UploadResult]:
    added = intake.add_upload(project, file.name or "", file, split=split, actor=request.user)
    return [UploadResult.of(project, file) for file in added]


def _choices(condition: Filter) -> list[Choice]:
    return [Choice(name, title, choices, getattr(condition, name)) for name, (title, choices) in CHOICES.items()]


def _cursor(request: HttpRequest, name: str) -> int | None:
    return whole(request.GET.get(name, ""))
