"""The page with the state of the installation, for superusers."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from extraction.models import Job
from extraction.services.operation import health, readiness


@require_GET
def status(request: HttpRequest) -> HttpResponse:
    if not request.user.is_superuser:
        raise PermissionDenied("Only superusers see the state of the installation.")
    active = Job.objects.filter(state__in=Job.ACTIVE).select_related("project").order_by("id")
    context = {
        "issues": health.issues(),
        "checks": readiness.check_all(),
        "waiting": active.filter(state=Job.State.QUEUED).count(),
        "running": active.filter(state=Job.State.RUNNING)[:20],
        "failed": Job.objects.filter(state=Job.State.FAILED).select_related("project").order_by("-id")[:10],
    }
    return render(request, "operation/status.html", context)
