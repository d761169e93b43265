"""What the review page asks about rows: the places of their cells, and the row in a band of the picture."""

from __future__ import annotations

import math
from collections.abc import Sequence

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from extraction.domain.errors import gettext_noop
from extraction.domain.fields import Field
from extraction.domain.json_types import JsonObject
from extraction.domain.pages import Box, PageBox, Span
from extraction.models import Document, Project, Role
from extraction.services.errors import Invalid
from extraction.services.serving import row_reading
from extraction.services.serving.row_reading import CellStanding
from extraction.web.access import project_view
from extraction.web.numbers import whole


@require_GET
@project_view(Role.REVIEWER)
def rows(request: HttpRequest, project: Project, pk: int) -> HttpResponseBase:
    """Of the best label of `?field=…`: its key, and by row the cells with `{"spans", "doubt", "read"}`."""
    label, standing = row_reading.standing(_document(project, pk), _group(project, request))
    cells = [{name: _cell(cell) for name, cell in row.items()} for row in standing]
    return JsonResponse({"label": label.pk if label else 0, "rows": cells})


@require_GET
@project_view(Role.REVIEWER)
def row(request: HttpRequest, project: Project, pk: int) -> HttpResponseBase:
    """The row in the band `?page=…&x0=…&y0=…&x1=…&y1=…` (shares of the page): `{"cells", "places"}` by column."""
    found = row_reading.row_in(_document(project, pk), _group(project, request), _band(request))
    places = {name: _spans(spans) for name, spans in found.places.items()}
    return JsonResponse({"cells": dict(found.cells), "places": places})


def _document(project: Project, pk: int) -> Document:
    document = get_object_or_404(Document, project=project, pk=pk)
    document.project = project
    return document


def _group(project: Project, request: HttpRequest) -> Field:
    name = request.GET.get("field", "")
    if name not in project.schema or not project.schema[name].kind.has_parts:
        raise Invalid(gettext_noop("There is no such field."))
    return project.schema[name]


def _band(request: HttpRequest) -> PageBox:
    try:
        shares = [float(request.GET.get(name, "")) for name in ("x0", "y0", "x1", "y1")]
    except ValueError:
        shares = [math.nan]
    page = whole(request.GET.get("page", ""))
    if page is None or not all(map(math.isfinite, shares)):
        raise Invalid(gettext_noop("A band of a page needs its page and four shares of it."))
    return PageBox(page, Box.clamped(*shares))


def _cell(cell: CellStanding) -> JsonObject:
    return {"spans": _spans(cell.spans), "doubt": cell.doubt, "read": cell.read}


def _spans(spans: Sequence[Span]) -> list[list[int | None]]:
    return [span.to_json() for span in spans]
