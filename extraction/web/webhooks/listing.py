"""The webhooks of a project: the list, and the form of a new one."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_http_methods

from extraction.models import Project, Role
from extraction.services import errors
from extraction.services.sentences import translated
from extraction.services.webhooks import endpoints
from extraction.web.access import ProjectRequest, project_view
from extraction.web.webhooks.badges import endpoint_rows
from extraction.web.webhooks.forms import EndpointForm


@require_http_methods(["GET", "HEAD", "POST"])
@project_view(Role.OWNER)
def page(request: ProjectRequest, project: Project) -> HttpResponse:
    """The page; a new webhook is answered with a fragment that shows its secret.

    Neither a reload of the page nor the way back brings that again. A refusal stands in the fragment too, hence never
    with an error status, which htmx would not show.
    """
    if request.method != "POST":
        context = {"form": EndpointForm(), "rows": endpoint_rows(project)}
        return render(request, "webhooks/listing.html", context)
    form, made = EndpointForm({**request.POST.dict(), "kinds": request.POST.getlist("kinds"), "active": "on"}), {}
    if form.is_valid():
        try:
            row, secret = endpoints.create(project, form.settings(), actor=request.user)
        except (errors.Invalid, errors.Conflict) as error:
            form.add_error(None, translated(error))
        else:
            form, made = EndpointForm(), {"new": row, "secret": secret}
    context = {"form": form, "rows": endpoint_rows(project), **made}
    response = render(request, "webhooks/listing.html#endpoints", context)
    add_never_cache_headers(response)
    return response
