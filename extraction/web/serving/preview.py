"""Trying a model: a file in, its fields on the screen, nothing kept."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from extraction.models import Project
from extraction.services.serving import field_extraction, preview
from extraction.services.serving.slots import Busy
from extraction.web.access import ProjectRequest, project_view


@require_POST
@project_view()
def attempt(request: ProjectRequest, project: Project) -> HttpResponse:
    """A fragment with the answers, or with one sentence why there are none.

    It takes the place of the last one in either case, hence never an error status, which htmx would not show.
    """
    upload = request.FILES.get("file")
    if upload is None:
        return render(request, "serving/model_versions.html#attempt", {"problem": "Choose a file first."})
    model = field_extraction.model_for(project, request.POST.get("model") or None)
    try:
        result = _answered(project, upload, model)
    except Busy as busy:
        return render(request, "serving/model_versions.html#attempt", {"problem": str(busy)})
    if result["error"]:
        problem = f"{upload.name}: {result['error']}"
        return render(request, "serving/model_versions.html#attempt", {"problem": problem})
    return render(request, "serving/model_versions.html#attempt", {"model": model, "result": result, **drawn(result)})


def _answered(project: Project, upload: UploadedFile[Any], model: Any) -> dict[str, Any]:
    with tempfile.NamedTemporaryFile(prefix="kdweb-") as held:
        for chunk in upload.chunks():
            held.write(chunk)
        held.flush()
        return preview.try_file(project, upload.name or "file", Path(held.name), model=model)


def drawn(result: dict[str, Any]) -> dict[str, Any]:
    """Fields with a number for their colour, and for each page its boxes in pixels of the picture."""
    fields = [(number, name, answer) for number, (name, answer) in enumerate(result["fields"].items(), 1)]
    pages = [
        {**page, "boxes": [_box(number, name, box, page) for number, name, box in _boxes(fields, page["number"])]}
        for page in result["pages"]
    ]
    return {"fields": fields, "pages": pages}


def _boxes(fields: list[tuple[int, str, dict[str, Any]]], page: int) -> list[tuple[int, str, dict[str, Any]]]:
    return [(number, name, box) for number, name, answer in fields for box in answer["boxes"] if box["page"] == page]


def _box(number: int, name: str, box: dict[str, Any], page: dict[str, Any]) -> dict[str, Any]:
    width, height = page["width"], page["height"]
    return {
        "css": f"series-{(number - 1) % 6 + 1}",
        "name": name,
        "x": round(box["x0"] * width - 3, 1),
        "y": round(box["y0"] * height - 2, 1),
        "width": round((box["x1"] - box["x0"]) * width + 6, 1),
        "height": round((box["y1"] - box["y0"]) * height + 4, 1),
    }
