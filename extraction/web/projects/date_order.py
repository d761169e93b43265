"""The page on which an owner sets whether the day or the month comes first in a project's dates."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from extraction.models import DateOrder, Project, Role
from extraction.services.errors import Invalid
from extraction.services.labels import conventions
from extraction.services.labels import date_order as dates
from extraction.services.labels import messages as sentences
from extraction.services.sentences import translated
from extraction.web.access import project_view


@require_http_methods(["GET", "POST"])
@project_view(post=Role.OWNER)
def date_order(request: HttpRequest, project: Project) -> HttpResponse:
    error = ""
    if request.method == "POST":
        try:
            changed = conventions.set_date_order(project, request.POST.get("order", ""))
            messages.success(request, sentences.order_saved(changed))
            return redirect("date_order", project.slug)
        except Invalid as unknown:
            error = translated(unknown)
    context = {
        "error": error,
        "choices": DateOrder.choices,
        "found": sentences.order_found(dates.found(project)),
        "has_dates": dates.has_dates(project),
    }
    return render(request, "projects/date_order.html", context, status=400 if error else 200)
