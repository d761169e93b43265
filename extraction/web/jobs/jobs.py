"""The fragment that shows a piece of background work while it goes on, and its cancel button."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import trigger_client_event

from extraction.models import Job, Project, Role
from extraction.services.jobs import queue
from extraction.web.access import project_view


@require_GET
@project_view()
def job(request: HttpRequest, project: Project, pk: int) -> HttpResponse:
    """Asked for every second while the work goes on; the last answer fires `job-ended`, on which pages reload parts."""
    row = get_object_or_404(project.jobs, pk=pk)
    response = _fragment(request, row)
    if not row.active:
        trigger_client_event(response, "job-ended", {"kind": row.kind, "state": row.state})
    return response


@require_POST
@project_view(Role.OWNER)
def cancel(request: HttpRequest, project: Project, pk: int) -> HttpResponse:
    return _fragment(request, queue.cancel(get_object_or_404(project.jobs, pk=pk)))


def _fragment(request: HttpRequest, row: Job) -> HttpResponse:
    return render(request, "jobs/_job.html", {"job": row})
