"""Who works on what: heartbeats and release of open documents, taking over, and assignments."""

from __future__ import annotations

import secrets
from typing import cast

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from extraction.models import Document, Project, Role, User
from extraction.services.errors import Invalid
from extraction.services.review import assignments, messages, reservations
from extraction.web.access import ProjectRequest, project_view
from extraction.web.numbers import whole
from extraction.web.review.requests import document_of
from extraction.web.review.sheets import filter_of, with_filter

# Documents that a page can hold: the open one, those loaded in advance, and those whose decision is on its way.
MOST_HELD = 50
# Characters of what a page calls itself.
LONGEST_PAGE = 20


@require_POST
@project_view(Role.REVIEWER)
def heartbeat(request: HttpRequest, project: Project) -> HttpResponseBase:
    """Form: `documents=1,2&open=1&page=…&number=1`, where the others are loaded ahead; answers with the sentence for
    each that somebody else has now, and with those that others have decided."""
    moment, opened, keys = _moment(request), request.POST.get("open", ""), _keys(request)
    user, taken = moment.user, {}
    held = Document.objects.filter(project=project, pk__in=keys)
    left = reservations.given_back(keys, moment)
    for row in held.exclude(pk__in=left):
        if not reservations.reserve(row, user, ahead=str(row.pk) != opened) and (
            other := reservations.of_another(row, user)
        ):
            taken[str(row.pk)] = messages.reserved(other)
    # The page may have been left meanwhile.
    reservations.release(reservations.given_back(keys, moment) - left, user)
    # Read last: a decision gives the document back, so that it can be reserved after it was read as waiting.
    decided = held.filter(review__in=[Document.Review.ACCEPTED, Document.Review.REJECTED]).exclude(reviewer=user)
    return JsonResponse({"taken": taken, "decided": list(decided.values_list("pk", flat=True))})


@require_POST
@project_view(Role.REVIEWER)
def leave(request: HttpRequest, project: Project) -> HttpResponseBase:
    """Form: `documents=1,2&page=…&number=1`, which the page no longer holds."""
    rows = Document.objects.filter(project=project, pk__in=_keys(request))
    reservations.give_back(rows.values_list("pk", flat=True), _moment(request))
    return HttpResponse(status=204)


@require_POST
@project_view(Role.REVIEWER)
def take_over(request: HttpRequest, project: Project, pk: int) -> HttpResponseBase:
    reservations.take_over(document_of(project, pk), cast(ProjectRequest, request).user)
    return JsonResponse({})


@require_POST
@project_view(Role.REVIEWER)
def assign(request: HttpRequest, project: Project, pk: int) -> HttpResponseBase:
    """Form: `user`, a primary key or empty for nobody; `from=review` leads back to review."""
    row = document_of(project, pk)
    assignments.assign([row], _member(project, request.POST.get("user", "")))
    if request.POST.get("from") == "review":
        return redirect(
            with_filter(reverse("review_document", args=[project.slug, row.pk]), filter_of(request, project))
        )
    return redirect("document", project.slug, row.pk)


def _member(project: Project, key: str) -> User | None:
    if not key:
        return None
    found = next((user for user in assignments.reviewers(project) if str(user.pk) == key), None)
    if found is None:
        raise Invalid(messages.THIS_ACCOUNT)
    return found


def _keys(request: HttpRequest) -> list[int]:
    keys = request.POST.get("documents", "").split(",")[:MOST_HELD]
    return [int(key) for key in keys if key.isascii() and key.isdecimal() and len(key) < 19]


def _moment(request: HttpRequest) -> reservations.Moment:
    """Of the page that the form names; a form that names none is of a page of its own."""
    page, number = request.POST.get("page", ""), whole(request.POST.get("number", ""))
    named = page.isascii() and page.isalnum() and len(page) <= LONGEST_PAGE
    return reservations.Moment(cast(ProjectRequest, request).user, page if named else secrets.token_hex(8), number or 0)
