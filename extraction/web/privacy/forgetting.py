"""The page of what a project's models owe after deletions, and what they forgot."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from extraction.domain.errors import gettext_noop
from extraction.models import Forgetting, Project, Role
from extraction.services.errors import Invalid
from extraction.services.privacy import messages as sentences
from extraction.services.privacy.forgetting import due, evidence, work
from extraction.services.privacy.forgetting.evidence import Entry
from extraction.web.access import ProjectRequest, project_view

# Hashes that a row shows.
SHOWN = 20
State = Forgetting.State
BADGES = {
    State.OWED: "warn",
    State.RUNNING: "accent",
    State.DECISION: "accent",
    State.DONE: "good",
    State.NOT_NEEDED: "",
}


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry of the table. `more`: documents beyond those whose hashes are shown."""

    entry: Entry
    css: str
    uses: str
    hashes: list[str]
    more: int
    removable: bool


@require_safe
@project_view()
def page(request: ProjectRequest, project: Project) -> HttpResponse:
    found = evidence.of(project)
    context = {
        "evidence": found,
        "rows": [_row(entry) for entry in found.entries],
        "startable": any(entry.row.state == State.OWED for entry in found.entries),
    }
    return render(request, "privacy/forgetting.html", context)


@require_POST
@project_view(Role.OWNER)
def start(request: ProjectRequest, project: Project) -> HttpResponse:
    messages.success(request, sentences.started(due.start(project)))
    return redirect("forgetting", project.slug)


@require_POST
@project_view(Role.OWNER)
def remove(request: ProjectRequest, project: Project, pk: int) -> HttpResponse:
    """Delete a model that owes, for good and without a successor."""
    entry = due.find(project, pk)
    if request.POST.get("confirmation", "").strip() != entry.run.name:
        raise Invalid(gettext_noop("Nothing was deleted: type {name} to confirm."), name=entry.run.name)
    work.remove(entry)
    messages.success(request, gettext("The files of %(name)s are deleted.") % {"name": entry.run.name})
    return redirect("forgetting", project.slug)


def _row(entry: Entry) -> EntryRow:
    state, hashes = State(entry.row.state), [each.sha256 for each in entry.learned]
    removable = state in (State.OWED, State.DECISION) and entry.model is not None
    uses = sentences.of_learned(entry.learned)
    return EntryRow(entry, BADGES[state], uses, hashes[:SHOWN], max(0, len(hashes) - SHOWN), removable)
