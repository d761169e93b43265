"""Guarantees of the serving model: the share of wrong answers that each field allows, and what it accepts unseen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from extraction.domain.errors import gettext_noop
from extraction.domain.evaluation.guarantees import GuaranteeState, needed
from extraction.models import Project, Role
from extraction.services.errors import Invalid
from extraction.services.serving import answer_checks, guarantees
from extraction.services.serving import messages as sentences
from extraction.services.serving.guarantees import FieldGuarantee
from extraction.web.access import ProjectRequest, project_view

# The shares of wrong answers to choose from.
SHARES = (0.01, 0.02, 0.05, 0.1)
BADGES = {GuaranteeState.HELD: "good", GuaranteeState.TOO_FEW: "warn", GuaranteeState.TOO_MANY_WRONG: "bad"}


@dataclass(frozen=True, slots=True)
class Option:
    """A share of wrong answers to choose; empty for none."""

    value: str
    title: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A field of the table; `css` colours its dot."""

    field: FieldGuarantee
    sentence: str
    agreement: str
    css: str
    options: list[Option]


@require_http_methods(["GET", "HEAD", "POST"])
@project_view(post=Role.OWNER)
def page(request: ProjectRequest, project: Project) -> HttpResponse:
    """The page, or for htmx only what changes while a check goes on."""
    if request.method == "POST":
        guarantees.set_targets(project, dict(_targets(request, project)))
        messages.success(request, gettext("Saved."))
        return redirect("guarantees", project.slug)
    standing = guarantees.of(project)
    context = {
        "standing": standing,
        "sentence": sentences.of_check(standing),
        "rows": [_row(field) for field in standing.fields],
        "needed": [(sentences.of_share(share), needed(share)) for share in reversed(SHARES)],
    }
    return render(request, "serving/guarantees.html#live" if request.htmx else "serving/guarantees.html", context)


@require_POST
@project_view(Role.OWNER)
def check(request: ProjectRequest, project: Project) -> HttpResponse:
    answer_checks.start(project, request.user)
    return redirect("guarantees", project.slug)


def _targets(request: ProjectRequest, project: Project) -> Iterator[tuple[str, float | None]]:
    for name in project.schema.names:
        text = request.POST.get(f"target-{name}")
        if text is None:
            continue
        try:
            yield name, float(text) if text else None
        except ValueError:
            raise Invalid(gettext_noop("The share of wrong answers is from 0.1 % to 50 %.")) from None


def _row(field: FieldGuarantee) -> FieldRow:
    shares = sorted({*SHARES, *([field.target] if field.target else [])})
    options = [Option("", gettext("none"), field.target is None)]
    options += [
        Option(
            str(share),
            sentences.of_share(share),
            share == field.target,
        )
        for share in shares
    ]
    css = BADGES[field.guarantee.state] if field.guarantee else ""
    return FieldRow(field, sentences.of_guarantee(field), sentences.of_agreement(field), css, options)
