"""The audit log of a project for its owners, and of the installation for its administrators; both can be downloaded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_safe

from extraction.models import AuditAction, AuditEntry, Door, Project, Role
from extraction.services.audit_log import listing, log
from extraction.services.audit_log.listing import Filter
from extraction.services.reports.export import spreadsheet
from extraction.web.access import ProjectRequest, project_view
from extraction.web.numbers import whole
from extraction.web.superusers import SuperuserRequest, superuser_view

LISTED = 50


class FilterForm(forms.Form):
    action = forms.ChoiceField(
        choices=[("", gettext_lazy("Every action")), *AuditAction.choices],
        required=False,
        label=gettext_lazy("Action"),
    )
    door = forms.ChoiceField(
        choices=[("", gettext_lazy("Every way in")), *Door.choices], required=False, label=gettext_lazy("Way in")
    )
    actor = forms.CharField(max_length=150, required=False, label=gettext_lazy("User"))
    since = forms.DateField(
        required=False, label=gettext_lazy("From"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    until = forms.DateField(
        required=False, label=gettext_lazy("To"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )

    def condition(self) -> Filter:
        return Filter(**self.cleaned_data)


@dataclass(frozen=True, slots=True)
class Change:
    """A value of an entry: as it is, or before and after."""

    name: str
    before: str
    after: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Line:
    """An entry with what was changed."""

    entry: AuditEntry
    changes: tuple[Change, ...]

    @classmethod
    def of(cls, entry: AuditEntry) -> Self:
        return cls(entry, tuple(_change(name, value) for name, value in entry.changes.items()))


def _change(name: str, value: object) -> Change:
    # Other codes have no name of their own on other pages.
    shown = _role if name == "role" else _shown
    if isinstance(value, Mapping) and set(value) == {"from", "to"}:
        return Change(name, shown(value["from"]), shown(value["to"]), True)
    return Change(name, "", shown(value), False)


def _role(value: object) -> str:
    return gettext(str(value)) if value else ""


def _shown(value: object) -> str:
    """A value of JSON; a list as its members, nothing as an empty text."""
    if isinstance(value, list):
        return ", ".join(map(_shown, value))
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_shown(each)}" for key, each in value.items())
    return "" if value is None else str(value)


@require_safe
@project_view(Role.OWNER)
def of_project(request: ProjectRequest, project: Project) -> HttpResponse:
    return _page(request, project)


@require_safe
@superuser_view
def of_installation(request: SuperuserRequest) -> HttpResponse:
    return _page(request, None)


@require_safe
@project_view(Role.OWNER)
def export_project(request: ProjectRequest, project: Project, format: str) -> HttpResponseBase:
    return _file(request, project, format)


@require_safe
@superuser_view
def export_installation(request: SuperuserRequest, format: str) -> HttpResponseBase:
    return _file(request, None, format)


def _page(request: HttpRequest, project: Project | None) -> HttpResponse:
    form = FilterForm(request.GET, label_suffix="")
    condition = form.condition() if form.is_valid() else Filter()
    rows = listing.entries(project, condition)
    before = whole(request.GET.get("before", ""))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: LISTED + 1])
    context = {
        "form": form,
        "lines": [Line.of(entry) for entry in found[:LISTED]],
        "older": _query(request.GET, found[LISTED - 1].pk) if len(found) > LISTED else "",
        "query": _query(request.GET),
        "filtered": condition != Filter(),
        "part": before is not None,
        "whole": project is None,
    }
    return render(request, "audit_log/listing.html", context, status=400 if form.errors else 200)


def _query(given: QueryDict, before: int | None = None) -> str:
    """The filter of the page as a query, from the entry `before` on."""
    kept = given.copy()
    kept.pop("before", None)
    if before is not None:
        kept["before"] = str(before)
    return kept.urlencode()


def _file(request: HttpRequest, project: Project | None, format: str) -> HttpResponseBase:
    """What the filter of the page leaves, streamed. The download is an entry itself, and not in the file."""
    form = FilterForm(request.GET)
    if format not in ("csv", "jsonl"):
        raise Http404("There is no such format.")
    if not form.is_valid():
        return _page(request, project)
    newest = AuditEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    rows = listing.entries(project, form.condition()).filter(pk__lte=newest)
    log.record(AuditAction.EXPORTED, project, project=project, changes={"audit_log": format})
    if format == "csv":
        content, kind = spreadsheet.table(listing.HEADER, listing.csv_lines(rows)), spreadsheet.MEDIA_TYPE
    else:
        content, kind = listing.json_lines(rows), listing.MEDIA_TYPE
    name = f"audit-log-{project.slug}.{format}" if project else f"audit-log.{format}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(content, content_type=kind, headers=headers)
