"""The page with the state of the installation, for superusers."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from extraction.models import Job
from extraction.services.jobs import kinds, queue
from extraction.services.operation import readiness
from extraction.services.operation.state import facts
from extraction.web.superusers import SuperuserRequest, superuser_view


@require_GET
@superuser_view
def status(request: SuperuserRequest) -> HttpResponse:
    running = Job.objects.filter(state=Job.State.RUNNING).select_related("project").order_by("id")
    context = {
        "facts": facts.facts(),
        "checks": [check for check in readiness.check_all() if check.part not in readiness.WORKERS],
        "running": running[: facts.SHOWN],
        "failed": facts.failed_jobs().count(),
    }
    return render(request, "operation/status.html", context)


@require_POST
@superuser_view
def try_again(request: SuperuserRequest, pk: int) -> HttpResponse:
    """A second click finds the work queued already, which is what was wanted."""
    job = get_object_or_404(Job, pk=pk)
    if job.state == Job.State.FAILED:
        queue.retry(job)
    messages.success(request, f"{kinds.title(job.kind)}: {job.get_state_display().lower()}.")
    return redirect("status")
