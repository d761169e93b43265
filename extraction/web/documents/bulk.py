"""Actions on selected documents: what is to be confirmed, and the doing."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from extraction.models import Project, Role
from extraction.services.documents.bulk import actions, runs
from extraction.services.documents.bulk.actions import BulkAction, BulkPage
from extraction.services.documents.bulk.selection import Chosen, Selection, check_unchanged
from extraction.services.documents.messages import changed_meanwhile
from extraction.services.errors import Conflict, Invalid
from extraction.services.projects import roles
from extraction.web.access import ProjectRequest, project_view

# Names of documents that the confirmation shows.
NAMED = 10


@require_http_methods(["GET", "HEAD", "POST"])
@project_view(Role.REVIEWER)
def bulk(request: ProjectRequest, project: Project, action: str) -> HttpResponse:
    found = actions.find(action)
    if not request.access.allows(found.role):
        raise PermissionDenied(roles.needed(found.role))
    query = request.POST if request.method == "POST" else request.GET
    selection = Selection.parse(query, project.schema)
    if isinstance(found, BulkPage):
        marks, part = selection.to_query(), found.anchor or None
        return redirect(reverse(found.page, args=[project.slug], query=marks, fragment=part))
    chosen = selection.chosen(project)
    if request.method != "POST":
        return _ask(request, project, found, selection, chosen, _other_number(query, chosen))
    try:
        check_unchanged(chosen, query.get("seal", ""))
        run = runs.start(project, found, chosen, _values(request, project, found), actor=request.user)
    except Conflict as error:
        return _ask(request, project, found, selection, chosen, str(error), 409)
    except Invalid as error:
        return _ask(request, project, found, selection, chosen, str(error), 400)
    more = {"bulk": str(run.pk)} if run.job else {}
    if not more:
        messages.success(request, runs.outcome(run))
    return redirect(f"{_list(project, selection)}&{urlencode(more)}" if more else _list(project, selection))


def _ask(
    request: ProjectRequest,
    project: Project,
    action: BulkAction,
    selection: Selection,
    chosen: Chosen,
    notice: str = "",
    status: int = 200,
) -> HttpResponse:
    values = _values(request, project, action)
    context = {
        "action": action,
        "inputs": [(item, values[item.name]) for item in action.inputs(project)],
        "number": len(chosen.keys),
        "names": project.documents.filter(pk__in=chosen.keys[:NAMED]).order_by("pk").values_list("name", flat=True),
        "consequences": action.consequences(project, project.documents.filter(pk__in=chosen.keys)),
        "more": max(0, len(chosen.keys) - NAMED),
        "hidden": [*selection.to_query(), ("seal", chosen.seal)],
        "background": len(chosen.keys) > action.at_once,
        "back": _list(project, selection),
        "notice": notice,
    }
    return render(request, "documents/bulk.html", context, status=status)


def _values(request: ProjectRequest, project: Project, action: BulkAction) -> dict[str, str]:
    """What was typed for the action, under names that no parameter of a filter has."""
    return {item.name: request.POST.get(f"value.{item.name}", "") for item in action.inputs(project)}


def _list(project: Project, selection: Selection) -> str:
    """The list with the filter under which the documents were selected."""
    return f"{reverse('documents', args=[project.slug])}?{urlencode(selection.condition.to_query())}"


def _other_number(query: QueryDict, chosen: Chosen) -> str:
    """A notice where the list showed another number of hits than there are."""
    hits = query.get("hits", "")
    if not query.get("all") or hits == str(len(chosen.keys)) or not (hits.isascii() and hits.isdigit()):
        return ""
    return changed_meanwhile(int(hits[:9]), len(chosen.keys))
