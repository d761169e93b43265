"""The list of a project's documents, and how they come in."""

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
from extraction.services.errors import Invalid
from extraction.services.jobs import workers
from extraction.services.jobs.kinds import Queue
from extraction.services.reports.export.registry import PROJECT_EXPORTERS
from extraction.web.access import ProjectRequest, project_view

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


@require_GET
@project_view()
def listing(request: ProjectRequest, project: Project) -> HttpResponse:
    """The whole page, or for htmx its list alone."""
    wanted = document_list.Filter.parse(request.GET.dict())
    found = document_list.listing(project, wanted, older=_cursor(request, "older"), newer=_cursor(request, "newer"))
    kept = {key: value for key in (*CHOICES, "name", "view") if (value := request.GET.get(key))}
    context: dict[str, Any] = {
        "slice": found,
        "filters": _filters(wanted),
        "wanted": wanted,
        "narrowed": wanted != document_list.Filter(),
        "grid": request.GET.get("view") == "grid",
        "grid_query": urlencode({**kept, "view": "grid"}),
        "table_query": urlencode({key: value for key, value in kept.items() if key != "view"}),
        "newer_query": urlencode({**kept, "newer": found.newer}),
        "older_query": urlencode({**kept, "older": found.older}),
    }
    if request.htmx:
        response = render(request, "documents/_document_list.html", context)
    else:
        context["exporters"] = PROJECT_EXPORTERS
        response = render(request, "documents/listing.html", context | _progress(project))
    # Going back in the browser must not bring the list without its page.
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_GET
@project_view()
def progress(request: ProjectRequest, project: Project) -> HttpResponse:
    """How far reading has come; asked for again and again while something waits, and no longer when nothing does."""
    context = _progress(project)
    response = render(request, "documents/_reading.html", context)
    if request.GET.get("seen") != str(context["queued"]):
        trigger_client_event(response, "documents-changed")
    return response


@require_POST
@project_view(Role.REVIEWER)
def upload(request: ProjectRequest, project: Project) -> HttpResponse:
    """Each file on its own, those of an archive too: one that is refused harms no other.

    JSON for the page's script, else back to the list.
    """
    split = request.POST.get("split") or None
    results = [row for file in request.FILES.getlist("files") for row in _add(request, project, file, split)]
    if not results:
        raise Invalid("No file came with the request.")
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        return JsonResponse({"results": results}, status=400 if all(row["error"] for row in results) else 200)
    for row in results:
        if row["error"]:
            messages.error(request, f"{row['name']}: {row['error']}")
    messages.success(request, f"{sum(row['created'] for row in results)} new documents.")
    return redirect("documents", project.slug)


def _add(
    request: ProjectRequest, project: Project, file: "UploadedFile[Any]", split: str | None
) -> list[dict[str, Any]]:
    added = intake.add_upload(project, file.name or "", file, split=split, actor=request.user)
    return [
        {
            "name": row.name,
            "url": reverse("document", args=[project.slug, row.document.pk]) if row.document else None,
            "created": row.created,
            "error": row.error,
        }
        for row in added
    ]


def _progress(project: Project) -> dict[str, Any]:
    states = document_list.states(project)
    return {
        "queued": states.get(Document.State.QUEUED, 0),
        "failed": states.get(Document.State.FAILED, 0),
        "ready": states.get(Document.State.READY, 0),
        "total": sum(states.values()),
        "worker": workers.alive()[Queue.DEFAULT],
    }


def _filters(wanted: document_list.Filter) -> list[dict[str, Any]]:
    return [
        {"name": name, "title": title, "choices": choices, "value": getattr(wanted, name)}
        for name, (title, choices) in CHOICES.items()
    ]


def _cursor(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
