"""Everything of one person, for administrators: found, exported, deleted. Names stand in no address."""

from __future__ import annotations

import json

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from extraction.domain.errors import gettext_noop
from extraction.services.errors import Invalid, NotFound
from extraction.services.privacy.persons import persons
from extraction.services.sentences import translated
from extraction.web.superusers import SuperuserRequest, superuser_view


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@superuser_view
def page(request: SuperuserRequest) -> HttpResponse:
    name = request.POST.get("name", "")
    context: dict[str, object] = {"name": name, "person": None, "problem": ""}
    if request.method == "POST":
        try:
            context["person"] = persons.find(name)
        except (Invalid, NotFound) as error:
            context["problem"] = translated(error)
    return render(request, "privacy/persons.html", context, status=400 if context["problem"] else 200)


@never_cache
@require_POST
@superuser_view
def export(request: SuperuserRequest) -> HttpResponse:
    value = json.dumps(persons.export(request.POST.get("name", "")), ensure_ascii=False, indent=2)
    headers = {"Content-Disposition": 'attachment; filename="person.json"'}
    return HttpResponse(value, content_type="application/json", headers=headers)


@require_POST
@superuser_view
def delete(request: SuperuserRequest) -> HttpResponse:
    name = request.POST.get("name", "").strip()
    if request.POST.get("confirmation", "").strip() != name:
        raise Invalid(gettext_noop("Nothing was deleted: type {name} to confirm."), name=name)
    erased = persons.delete(name, by=request.user)
    messages.success(request, gettext("What the person did stands under %(name)s now.") % {"name": erased.pseudonym})
    return redirect("persons")
