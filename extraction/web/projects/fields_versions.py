"""The versions of a project's fields: what changed in each, two of them compared, one brought back."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from extraction.domain.schemas import changes
from extraction.models import Project, Role, SchemaVersion
from extraction.services.projects import schema_versions
from extraction.services.sentences import translated
from extraction.web.access import ProjectRequest, project_view


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version with its changes since the one before, as sentences."""

    version: SchemaVersion
    changes: list[str]


@require_safe
@project_view()
def listing(request: ProjectRequest, project: Project) -> HttpResponse:
    versions = list(project.schema_versions.select_related("author").order_by("-number"))
    rows = [VersionRow(new, _changes(old, new)) for new, old in pairwise([*versions, None]) if new]
    pair = _pair(request, {str(version.number): version for version in versions})
    context = {"rows": rows, "pair": pair, "changes": _changes(*pair) if pair else []}
    return render(request, "projects/fields_versions.html", context)


def _pair(request: ProjectRequest, versions: dict[str, SchemaVersion]) -> tuple[SchemaVersion, SchemaVersion] | None:
    """The two versions to compare, the older one first."""
    chosen = [versions.get(request.GET.get(side, "")) for side in ("left", "right")]
    known = sorted((version for version in chosen if version), key=lambda version: version.number)
    return (known[0], known[1]) if len(known) == 2 else None


def _changes(old: SchemaVersion | None, new: SchemaVersion) -> list[str]:
    if old is None:
        return [gettext("The first fields.")]
    renames = schema_versions.translation(old, new)
    return [translated(each) for each in changes.differences(old.as_domain(), new.as_domain(), renames)]


@require_POST
@project_view(Role.OWNER)
def bring_back(request: ProjectRequest, project: Project, number: int) -> HttpResponse:
    chosen = schema_versions.find(project, number)
    version = schema_versions.bring_back(project, chosen, actor=request.user)
    sentence = gettext("The fields are as in version %(old)s again, now as version %(new)s.")
    messages.success(request, sentence % {"old": number, "new": version.number})
    return redirect("fields", project.slug)
