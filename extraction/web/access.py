"""Access to pages, resolved once for each, and the answers to refusals of services.

A stranger to a project gets 404, which does not reveal that it exists, a member with too small a role 403, and
whoever is not logged in the login page. Superusers are owners everywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext

from extraction.models import Project, Role, Roles, User
from extraction.services import errors
from extraction.services.projects import memberships, roles
from extraction.services.sentences import translated
from extraction.web.numbers import LARGEST

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Access:
    """Rights of the user of a request in a project; templates read it as `request.access`."""

    project: Project
    roles: Roles

    def allows(self, role: Role) -> bool:
        return self.roles.includes(role)

    @property
    def may_review(self) -> bool:
        return self.allows(Role.REVIEWER)

    @property
    def may_audit(self) -> bool:
        return self.allows(Role.AUDITOR)

    @property
    def may_own(self) -> bool:
        return self.allows(Role.OWNER)


class ProjectRequest(HttpRequest):
    """The request of a view under `project_view`."""

    access: Access
    user: User
    htmx: Any


def access_to(user: User, slug: str) -> Access:
    """Raises `Http404` to a stranger as for a project that is not there."""
    rows = Project.objects.select_related("schema_version")
    if user.is_superuser:
        project = rows.filter(slug=slug).first()
        if project is not None:
            return Access(project, memberships.OWNERS)
    found = memberships.roles_of(user, project__slug=slug)
    if not found:
        raise Http404("There is no such project.")
    [(number, held)] = found.items()
    return Access(rows.get(pk=number), held)


def project_view(role: Role = Role.VIEWER, *, post: Role | None = None) -> Callable[[View], View]:
    """A view `(request, project, …)` for members with at least `role`, and at least `post` to change anything."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, slug: str, **arguments: Any) -> HttpResponseBase:
            if any(isinstance(value, int) and value > LARGEST for value in arguments.values()):
                raise Http404("No row has such a number.")
            access = access_to(cast(User, request.user), slug)
            cast(ProjectRequest, request).access = access
            needed = role if post is None or request.method in ("GET", "HEAD") else post
            if not access.allows(needed):
                raise PermissionDenied(roles.needed(needed))
            return view(request, access.project, **arguments)

        return answers(guarded)

    return decorate


def answers(view: View) -> View:
    """Turn refusals of services into a page, a line for a fragment, or JSON, with the fitting status."""

    @wraps(view)
    def wrapped(request: HttpRequest, *positional: Any, **named: Any) -> HttpResponseBase:
        try:
            return view(request, *positional, **named)
        except errors.NotFound as error:
            raise Http404(str(error)) from error
        except errors.Conflict as error:
            return refusal(request, translated(error), 409)
        except errors.Invalid as error:
            return refusal(request, translated(error), 400)
        except (DataError, OverflowError, UnicodeEncodeError):
            # Databases take no NUL, no half of a surrogate pair and no number that is too large, wherever it stood.
            return refusal(request, gettext("The request holds a value that cannot be stored."), 400)

    return wrapped


class WrongMethods:
    """Middleware that gives the refusal of a method, which Django answers without a body, its sentence."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or response.content:
            return response
        allowed = response.headers["Allow"]
        told = refusal(request, gettext("This address takes %(methods)s only.") % {"methods": allowed}, 405)
        told.headers["Allow"] = allowed
        return told


def refusal(request: HttpRequest, sentence: str, status: int) -> HttpResponse:
    """`sentence` in the form that the caller reads: a page, plain text for htmx, `{"error": …}` for scripts."""
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        return JsonResponse({"error": sentence}, status=status)
    return render(request, "refused.html", {"sentence": sentence, "status": status}, status=status)
