"""Uploads of documents, from the page's script and without it."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from extraction.domain.errors import gettext_noop
from extraction.models import Project, Role
from extraction.services import figures
from extraction.services.documents import intake
from extraction.services.documents.intake import Added
from extraction.services.errors import Invalid
from extraction.services.sentences import translated
from extraction.web.access import ProjectRequest, project_view


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
        return cls(added.name, url, added.created, translated(added.error) if added.error else None)

    def to_json(self) -> dict[str, str | bool | None]:
        return {"name": self.name, "url": self.url, "created": self.created, "error": self.error}


@require_POST
@project_view(Role.REVIEWER)
def upload(request: ProjectRequest, project: Project) -> HttpResponse:
    """Add files and the files of archives; a refused one does not affect the others.

    JSON for the page's script, else back to the list.
    """
    split = request.POST.get("split") or None
    results = [result for file in request.FILES.getlist("files") for result in _add(request, project, file, split)]
    if not results:
        raise Invalid(gettext_noop("No file came with the request."))
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        rows = [result.to_json() for result in results]
        return JsonResponse({"results": rows}, status=400 if all(result.error for result in results) else 200)
    for result in results:
        if result.error:
            messages.error(request, f"{result.name}: {result.error}")
    number = sum(result.created for result in results)
    sentence = ngettext("%(number)s new document.", "%(number)s new documents.", number)
    messages.success(request, sentence % {"number": figures.whole(number)})
    return redirect("documents", project.slug)


def _add(request: ProjectRequest, project: Project, file: "UploadedFile[Any]", split: str | None) -> list[UploadResult]:
    added = intake.add_upload(project, file.name or "", file, split=split, actor=request.user)
    return [UploadResult.of(project, file) for file in added]
