"""The list of projects, and a project's overview and deletion."""

from typing import TypedDict, cast

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from extraction.domain.errors import gettext_noop
from extraction.models import Canary, Job, Project, Role, User
from extraction.services.automation import decisions
from extraction.services.automation.decisions import Question
from extraction.services.documents.jobs import READ
from extraction.services.errors import Invalid
from extraction.services.jobs import queue, workers
from extraction.services.jobs.kinds import Queue
from extraction.services.operation import health
from extraction.services.projects import projects, summaries
from extraction.services.projects.summaries import ProjectSummary
from extraction.services.serving import registry
from extraction.services.serving.canaries import state as canaries
from extraction.services.webhooks import endpoints
from extraction.web.access import ProjectRequest, answers, project_view


class Overview(TypedDict):
    summary: ProjectSummary
    jobs: QuerySet[Job]
    workers: dict[Queue, bool]
    usable: bool
    question: Question | None
    given_up: int
    canary: Canary | None


@require_GET
@answers
def listing(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    context = {
        "summaries": summaries.summaries_for(user),
        "issues": health.issues(thorough=False) if user.is_superuser else [],
    }
    return render(request, "projects/listing.html", context)


@require_GET
@project_view()
def overview(request: ProjectRequest, project: Project) -> HttpResponse:
    summary = summaries.summary_of(project, request.access.roles)
    context = Overview(
        summary=summary,
        jobs=queue.active_jobs(project).exclude(kind=READ.name)[:5],
        workers=workers.alive(),
        usable=summary.model is None or registry.is_usable(summary.model),
        question=decisions.question(project),
        given_up=endpoints.given_up(project),
        canary=canaries.noticed(project),
    )
    return render(request, "projects/overview.html", context)


@require_POST
@project_view(Role.OWNER)
def dismiss_note(request: HttpRequest, project: Project) -> HttpResponse:
    """The note of an upgrade was read: it is not shown again."""
    projects.dismiss_note(project)
    return redirect("project", project.slug)


@require_POST
@project_view(Role.OWNER)
def delete(request: HttpRequest, project: Project) -> HttpResponse:
    if request.POST.get("confirmation", "").strip() != project.slug:
        raise Invalid(gettext_noop("Nothing was deleted: type {slug} to confirm."), slug=project.slug)
    projects.delete(project)
    messages.success(
        request, gettext("The project %(project)s and everything in it is deleted.") % {"project": project.name}
    )
    return redirect("projects")
