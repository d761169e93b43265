"""The page *Questions* and the small JSON requests of its script: what is next, the pages of one, answer and undo."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from extraction.models import Project, Role, User, as_domain_pages
from extraction.services.review.questions import answering, asked, standing, taking, undoing, unseen
from extraction.services.review.questions import messages as sentences
from extraction.services.review.sheet import Place
from extraction.web.access import ProjectRequest, project_view
from extraction.web.numbers import whole
from extraction.web.review.requests import Answered
from extraction.web.review.script_data import PageData

# Questions of the first answer, of each further one, and those that a page can name as held.
FIRST, MORE, MOST_HELD = 12, 12, 200


@require_GET
@project_view(Role.REVIEWER)
def page(request: HttpRequest, project: Project) -> HttpResponseBase:
    """The first questions, in the page."""
    context = _context(request, project, FIRST)
    context |= {"acceptable": unseen.acceptable(project), "accepted": unseen.latest(project)}
    return render(request, "review/questions.html", context)


@require_GET
@project_view(Role.REVIEWER)
def upcoming(request: HttpRequest, project: Project) -> HttpResponseBase:
    """The questions that come next as HTML, without those that the page has (`?without=1,2`)."""
    keys = request.GET.get("without", "").split(",")[:MOST_HELD]
    without = [number for key in keys if (number := whole(key)) is not None]
    return render(request, "review/_questions.html", _context(request, project, MORE, without))


@require_GET
@project_view(Role.REVIEWER)
def details(request: HttpRequest, project: Project, pk: int) -> HttpResponseBase:
    """What correcting needs: `{"pages", "alternatives", "boxes"}`."""
    question = taking.find(project, pk)
    rows = list(question.label.document.pages.all())
    words = as_domain_pages(rows)
    others = asked.offered(question, words)
    pages = [PageData.of(question.label.document, row).to_json() for row in rows]
    found = [other.to_json() for other in others]
    place = Place.of(question.label.as_domain().spans, words)
    return JsonResponse({"pages": pages, "alternatives": found, "boxes": [box.to_json() for box in place.boxes]})


@require_POST
@project_view(Role.REVIEWER)
def answer(request: HttpRequest, project: Project, pk: int) -> HttpResponseBase:
    """Body: `requests.Answered`; 409 where the label changed or somebody said something else."""
    said = Answered.of(request)
    question = answering.answer(taking.find(project, pk), said.answer, said.correction, actor=_user(request))
    return JsonResponse({"state": question.state, "sentence": standing.held(question)})


@require_POST
@project_view(Role.REVIEWER)
def undo(request: HttpRequest, project: Project, pk: int) -> HttpResponseBase:
    undone = undoing.undo(taking.find(project, pk), actor=_user(request))
    return JsonResponse({"sentence": standing.undone(undone)})


@require_POST
@project_view(Role.OWNER)
def accept_unseen(request: HttpRequest, project: Project) -> HttpResponseBase:
    """Accept the documents whose labels are all surely right."""
    accepted = unseen.accept(project, actor=_user(request))
    messages.success(request, sentences.accepted_unseen(accepted.documents))
    return redirect("questions", project.slug)


@require_POST
@project_view(Role.OWNER)
def undo_unseen(request: HttpRequest, project: Project, pk: int) -> HttpResponseBase:
    undone = unseen.undo(project, pk, actor=_user(request))
    messages.success(request, sentences.taken_back(undone.taken_back, undone.kept))
    return redirect("questions", project.slug)


def _context(request: HttpRequest, project: Project, count: int, without: Sequence[int] = ()) -> dict[str, object]:
    questions = taking.take(project, _user(request), count, without=without)
    return {"asked": asked.show(project, questions), "known": standing.known(project)}


def _user(request: HttpRequest) -> User:
    return cast(ProjectRequest, request).user
