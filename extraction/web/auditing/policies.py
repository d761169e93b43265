"""The policy in words, its versions, and how often each check was right."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from extraction.models import DismissalReason, Project, Role
from extraction.services.auditing import policies
from extraction.services.auditing.findings import precision
from extraction.services.auditing.findings.sentences import title
from extraction.services.errors import Conflict, Invalid
from extraction.services.sentences import translated
from extraction.web.access import ProjectRequest, project_view
from extraction.web.auditing import policy_form
from extraction.web.numbers import whole

VERSIONS = 20


@require_http_methods(["GET", "HEAD", "POST"])
@project_view(Role.AUDITOR, post=Role.OWNER)
def policy(request: ProjectRequest, project: Project) -> HttpResponse:
    """The version in force, or an earlier one (`?version=`); what owners change makes the next one."""
    newest = policies.newest(project)
    wanted = whole(request.GET.get("version", ""))
    shown = policies.find(project, wanted) if wanted is not None else newest
    value = shown.as_domain() if shown else policies.current(project)
    typed, refused, status = dict[str, str](), "", 200
    if request.method == "POST":
        typed = {name: str(text) for name, text in request.POST.items()}
        try:
            changed = policy_form.read(value, typed, request.POST.getlist("weekend"))
            row = policies.save(project, changed, seen=whole(typed.get("seen", "")), actor=request.user)
        except (Conflict, Invalid) as error:
            refused, status = translated(error), 409 if isinstance(error, Conflict) else 400
            shown = newest = policies.newest(project)
        else:
            told = gettext("Version %(number)s is in force: the next audit run goes by it.") % {"number": row.number}
            messages.success(request, told)
            return redirect("audit_policy", project.slug)
    context = {
        "shown": shown,
        "newest": newest,
        "editable": request.access.may_own and shown == newest,
        "rows": policy_form.rows(value, typed),
        "severities": [(severity.value, gettext(text)) for severity, text in policy_form.SEVERITIES.items()],
        "texts": {**policy_form.texts(value), **typed},
        "lines": policy_form.LINES,
        "weekdays": policy_form.weekdays(value),
        "versions": list(policies.versions(project)[:VERSIONS]),
        "refused": refused,
    }
    return render(request, "auditing/policy.html", context, status=status)


@require_safe
@project_view(Role.AUDITOR)
def check_precision(request: ProjectRequest, project: Project) -> HttpResponse:
    """How often each check was right so far, and which tolerances would spare findings."""
    rows = precision.by_check(project)
    reasons = dict(DismissalReason.choices)
    return render(
        request,
        "auditing/precision.html",
        {"rows": [(row, title(row.check), reasons.get(row.reason, "")) for row in rows if row.open or row.decided]},
    )
