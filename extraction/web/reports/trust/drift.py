"""What came in lately against what the serving model learned from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from extraction.domain.trust.drift import AspectDrift
from extraction.models import Document, DriftCheck, Project
from extraction.services.reports.trust import drift, outlook_messages
from extraction.web.access import ProjectRequest, project_view


@dataclass(frozen=True, slots=True)
class AspectRow:
    """An aspect with its words; `documents` are some that are unlike what was learned, as far as they are there."""

    aspect: AspectDrift
    title: str
    sentence: str
    documents: list[Document]


class DriftPage(TypedDict):
    found: DriftCheck | None
    sentence: str
    rows: list[AspectRow]


@require_safe
@project_view()
def page(request: ProjectRequest, project: Project) -> HttpResponse:
    found = drift.of(project)
    value = found.as_domain() if found else None
    aspects = value.aspects if value else ()
    keys = {key for each in aspects for key in each.documents}
    documents = project.documents.in_bulk(keys)
    rows = [
        AspectRow(
            each,
            str(outlook_messages.ASPECTS[each.aspect]),
            outlook_messages.of_aspect(each),
            [documents[key] for key in each.documents if key in documents],
        )
        for each in aspects
    ]
    context = DriftPage(found=found, sentence=outlook_messages.of_drift(found), rows=rows)
    return render(request, "reports/trust/drift.html", context)
