"""Preview of a model: a file in, its fields on the screen, nothing kept."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from extraction.domain.pages import PageBox
from extraction.domain.results.extraction import FieldAnswer, FileResult
from extraction.models import ModelVersion, Project
from extraction.services.sentences import translated
from extraction.services.serving import field_extraction
from extraction.services.serving.escalation import messages as sentences
from extraction.services.serving.preview import Preview, PreviewPage, preview_file
from extraction.services.serving.slots import Busy
from extraction.web.access import ProjectRequest, project_view

FRAGMENT = "serving/model_versions.html#attempt"
COLOURS = 6
# Pixels between the printed words and the frame drawn around them.
BESIDE, ABOVE = 3, 2


@dataclass(frozen=True, slots=True)
class DrawnBox:
    """A frame around the words of a field, in pixels of the picture."""

    css: str
    name: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class DrawnPage:
    page: PreviewPage
    boxes: list[DrawnBox]


class PreviewFragment(TypedDict):
    """`escalated` says what became of asking the teacher, empty where that is off; `kept`: the project holds the
    file."""

    model: ModelVersion
    result: FileResult
    pages: list[DrawnPage]
    escalated: str
    kept: bool


@require_POST
@project_view()
def attempt(request: ProjectRequest, project: Project) -> HttpResponse:
    """A fragment with the answers, or with one sentence why there are none.

    It takes the place of the last one in either case, hence never an error status, which htmx would not show.
    """
    upload = request.FILES.get("file")
    if upload is None:
        return render(request, FRAGMENT, {"problem": gettext("Choose a file first.")})
    model = field_extraction.model_for(project, request.POST.get("model") or None)
    try:
        preview = _preview(request, project, upload, model)
    except Busy as busy:
        return render(request, FRAGMENT, {"problem": translated(busy)})
    if preview.result.error:
        return render(request, FRAGMENT, {"problem": f"{upload.name}: {translated(preview.result.error)}"})
    result = preview.result
    context = PreviewFragment(
        model=model,
        result=result,
        pages=drawn(preview),
        escalated=sentences.of_outcome(result.escalated, result.usd) if result.escalated else "",
        kept=preview.kept,
    )
    return render(request, FRAGMENT, context)


def _preview(request: ProjectRequest, project: Project, upload: UploadedFile[Any], model: ModelVersion) -> Preview:
    with tempfile.NamedTemporaryFile(prefix="kdweb-") as file:
        for chunk in upload.chunks():
            file.write(chunk)
        file.flush()
        return preview_file(project, upload.name or "file", Path(file.name), model=model, author=request.user)


def drawn(preview: Preview) -> list[DrawnPage]:
    """The pages with the frames of all fields; a field has the colour of its number."""
    return [DrawnPage(page, _boxes(preview.result.fields or {}, page)) for page in preview.pages]


def _boxes(fields: Mapping[str, FieldAnswer], page: PreviewPage) -> list[DrawnBox]:
    return [
        _box(number, name, box, page)
        for number, (name, answer) in enumerate(fields.items())
        for box in (
            *answer.boxes,
            *(box for row in answer.rows or () for cell in row.cells.values() for box in cell.boxes),
        )
        if box.page == page.number
    ]


def _box(number: int, name: str, placed: PageBox, page: PreviewPage) -> DrawnBox:
    box = placed.box
    return DrawnBox(
        css=f"series-{number % COLOURS + 1}",
        name=name,
        x=round(box.x0 * page.width - BESIDE, 1),
        y=round(box.y0 * page.height - ABOVE, 1),
        width=round(box.width * page.width + 2 * BESIDE, 1),
        height=round(box.height * page.height + 2 * ABOVE, 1),
    )
