"""Pages of the installation: for its administrators, the superusers."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext

from extraction.models import User
from extraction.web.access import View, answers


class SuperuserRequest(HttpRequest):
    """The request of a view under `superuser_view`."""

    user: User


def superuser_view(view: View) -> View:
    """A view that answers 403 to everybody else; refusals of services become pages."""

    @wraps(view)
    def guarded(request: HttpRequest, *positional: Any, **named: Any) -> HttpResponseBase:
        if not request.user.is_superuser:
            raise PermissionDenied(gettext("Only an administrator of the installation can open this page."))
        return view(request, *positional, **named)

    return answers(guarded)
