"""The list of a project's documents, and the progress of reading."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext
from django.views.decorators.http import require_GET
from django_htmx.http import trigger_client_event

from extraction.domain.line_items.rows import groups
from extraction.models import BulkRun, Project
from extraction.services.documents import listing as document_list
from extraction.services.documents.bulk import actions, runs
from extraction.services.documents.filters import Filter
from extraction.services.documents.listing import ReadingProgress
from extraction.services.documents.ordering import NEWEST, Order
from extraction.services.jobs import workers
from extraction.services.jobs.kinds import Queue
from extraction.services.reports.export.registry import PROJECT_EXPORTERS, ROW_EXPORTERS
from extraction.web.access import ProjectRequest, project_view
from extraction.web.documents.controls import Controls
from extraction.web.numbers import whole


@dataclass(frozen=True, slots=True)
class Progress:
    """How far reading has come, and whether a worker is there to go on with it."""

    counts: ReadingProgress
    worker: bool

    @classmethod
    def of(cls, project: Project) -> "Progress":
        return cls(document_list.reading_progress(project), workers.alive()[Queue.DEFAULT])


@dataclass(frozen=True, slots=True)
class Export:
    """A download of the labels of the listed documents."""

    title: str
    url: str


@require_GET
@project_view()
def listing(request: ProjectRequest, project: Project) -> HttpResponse:
    """The whole page, or for htmx a part of it. Parameters that mean nothing are none."""
    if request.htmx and request.GET.get("part") == "bulk":
        return render(request, "documents/_bulk_runs.html", {"bulk_runs": _bulk_runs(request, project)})
    condition = Filter.parse(request.GET.dict(), project.schema)
    order = Order.parse(request.GET.get("sort", ""), project.schema) or NEWEST
    older, newer = (order.cursor(request.GET.get(name, "")) for name in ("older", "newer"))
    part = document_list.listing(project, condition, order, older=older, newer=newer)
    progress, narrowed = Progress.of(project), condition != Filter()
    controls = Controls(project.schema, condition, order, part, grid=request.GET.get("view") == "grid")
    context = {
        "slice": part,
        "filter": condition,
        "narrowed": narrowed,
        "hits": condition.of(project).count() if narrowed else progress.counts.total,
        "progress": progress,
        "controls": controls,
        "actions": [action for action in actions.registered() if request.access.allows(action.role)],
    }
    if request.htmx:
        response = render(request, "documents/_document_list.html", context)
    else:
        more = {"exports": _exports(project, controls.kept), "bulk_runs": _bulk_runs(request, project)}
        response = render(request, "documents/listing.html", context | more)
    # Going back in the browser must not bring the list without its page.
    patch_vary_headers(response, ["HX-Request"])
    return response


def _exports(project: Project, kept: str) -> list[Export]:
    """One for each format, of rows one for each group; `kept` is the query of filter and order."""
    of_documents = [exporter for name, exporter in PROJECT_EXPORTERS.items() if name not in ROW_EXPORTERS]
    exports = [Export(gettext(each.title), _export_url(project, each.name, kept)) for each in of_documents]
    names = [group.name for group in groups(project.schema)]
    for name in names:
        for exporter in (PROJECT_EXPORTERS[name] for name in sorted(ROW_EXPORTERS)):
            # With one group there is no question whose rows these are.
            title = gettext(exporter.title) + (f" ({name})" if len(names) > 1 else "")
            query = "&".join(filter(None, [kept, urlencode({"group": name}) if len(names) > 1 else ""]))
            exports.append(Export(title, _export_url(project, exporter.name, query)))
    return exports


def _export_url(project: Project, format: str, query: str) -> str:
    url = reverse("labels_export", args=[project.slug, format])
    return f"{url}?{query}" if query else url


def _bulk_runs(request: ProjectRequest, project: Project) -> list[tuple[BulkRun, str]]:
    """Each with what it has brought."""
    return [(run, runs.outcome(run)) for run in runs.shown(project, whole(request.GET.get("bulk", "")))]


@require_GET
@project_view()
def progress(request: ProjectRequest, project: Project) -> HttpResponse:
    """The progress of reading, which the page requests every two seconds while documents wait."""
    current = Progress.of(project)
    response = render(request, "documents/_reading.html", {"progress": current})
    if request.GET.get("seen") != str(current.counts.queued):
        trigger_client_event(response, "documents-changed")
    return response
