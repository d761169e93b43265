"""One webhook: its log, its settings, and what can be done about it."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from extraction.models import Project, Role, WebhookDelivery, WebhookEndpoint
from extraction.services import errors
from extraction.services.sentences import translated
from extraction.services.webhooks import endpoints, outbox
from extraction.web.access import ProjectRequest, project_view
from extraction.web.numbers import whole
from extraction.web.webhooks.badges import DeliveryRow, EndpointRow, delivery_rows
from extraction.web.webhooks.forms import EndpointForm

LISTED = 50
State = WebhookDelivery.State


@dataclass(frozen=True, slots=True)
class Log:
    """A part of the log, the newest first, in `state` (empty: in any). `older`: where the next part starts."""

    rows: list[DeliveryRow]
    state: str
    older: int | None
    newest: bool

    @property
    def changes(self) -> bool:
        """Whether anything that is shown still waits."""
        return any(row.delivery.state == State.WAITING for row in self.rows)


@require_http_methods(["GET", "HEAD", "POST"])
@project_view(Role.OWNER)
def page(request: ProjectRequest, project: Project, pk: int) -> HttpResponse:
    """The page, or for htmx the log alone."""
    row = endpoints.find(project, pk)
    if request.htmx and request.method != "POST":
        log = {"row": EndpointRow.of(row), "log": _log(request.GET, row)}
        return render(request, "webhooks/endpoint.html#log", log)
    form = EndpointForm.of(row, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            endpoints.change(row, form.settings())
        except errors.Invalid as error:
            form.add_error(None, translated(error))
        else:
            messages.success(request, gettext("Saved."))
            return redirect("webhook", project.slug, pk)
    context = {"form": form, "row": EndpointRow.of(row), "log": _log(request.GET, row), "states": State.choices}
    return render(request, "webhooks/endpoint.html", context, status=400 if form.errors else 200)


@require_POST
@project_view(Role.OWNER)
def rotate(request: ProjectRequest, project: Project, pk: int) -> HttpResponse:
    """A fragment that shows the new secret, which comes this one time."""
    row = endpoints.find(project, pk)
    secret = endpoints.rotate(row, at_once=request.POST.get("at_once") == "on")
    response = render(request, "webhooks/endpoint.html#secret", {"row": EndpointRow.of(row), "secret": secret})
    add_never_cache_headers(response)
    return response


@require_POST
@project_view(Role.OWNER)
def send_test(request: ProjectRequest, project: Project, pk: int) -> HttpResponse:
    outbox.send_test(endpoints.find(project, pk))
    messages.success(request, gettext("A test event is on its way."))
    return redirect("webhook", project.slug, pk)


@require_POST
@project_view(Role.OWNER)
def resend(request: ProjectRequest, project: Project, pk: int, delivery: int) -> HttpResponse:
    outbox.resend(outbox.find(project, delivery, endpoint=pk))
    messages.success(request, gettext("The event is sent again."))
    return redirect("webhook", project.slug, pk)


@require_POST
@project_view(Role.OWNER)
def delete(request: ProjectRequest, project: Project, pk: int) -> HttpResponse:
    endpoints.delete(endpoints.find(project, pk))
    messages.success(request, gettext("The webhook is deleted."))
    return redirect("webhooks", project.slug)


def _log(query: QueryDict, endpoint: WebhookEndpoint) -> Log:
    state, before = query.get("state", ""), whole(query.get("before", ""))
    rows = endpoint.deliveries.order_by("-pk")
    if state in State.values:
        rows = rows.filter(state=state)
    else:
        state = ""
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: LISTED + 1])
    older = found[LISTED - 1].pk if len(found) > LISTED else None
    return Log(delivery_rows(found[:LISTED]), state, older, before is None)
