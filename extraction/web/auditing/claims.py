"""Claims: the list, one added by hand, one with its receipt, and what stays over."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from extraction.domain.auditing import values as domain
from extraction.domain.claims.attributes import LONGEST, Attribute
from extraction.domain.claims.records import MOST_ATTENDEES
from extraction.models import Match, Project, Role
from extraction.services.auditing import claims, jobs
from extraction.services.auditing.claims import Filter
from extraction.services.errors import Conflict, Invalid
from extraction.services.sentences import translated
from extraction.web.access import ProjectRequest, project_view
from extraction.web.numbers import whole

LISTED = 50
DAY = {"type": "date"}


class FilterForm(forms.Form):
    search = forms.CharField(max_length=200, required=False, label=gettext_lazy("Search"))
    employee = forms.CharField(max_length=200, required=False, label=gettext_lazy("Employee"))
    receipt = forms.ChoiceField(
        choices=[
            ("", gettext_lazy("All claims")),
            ("true", gettext_lazy("With a receipt")),
            ("false", gettext_lazy("Without a receipt")),
        ],
        required=False,
        label=gettext_lazy("Receipt"),
    )
    match = forms.ChoiceField(
        choices=[("", gettext_lazy("Any")), *((value, name) for value, name in Match.choices if value)],
        required=False,
        label=gettext_lazy("Matched"),
    )
    since = forms.DateField(required=False, label=gettext_lazy("From"), widget=forms.DateInput(DAY, "%Y-%m-%d"))
    until = forms.DateField(required=False, label=gettext_lazy("To"), widget=forms.DateInput(DAY, "%Y-%m-%d"))

    def condition(self) -> Filter:
        given = dict(self.cleaned_data)
        return Filter(**{**given, "receipt": {"true": True, "false": False}.get(given["receipt"])})


class ClaimForm(forms.Form):
    """One claim by hand; its limits are those of `claims.add`."""

    employee = forms.CharField(max_length=LONGEST[Attribute.EMPLOYEE], label=gettext_lazy("Employee"))
    names = forms.BooleanField(required=False, label=gettext_lazy("Keep the name of the employee"))
    amount = forms.DecimalField(max_digits=15, decimal_places=3, label=gettext_lazy("Amount"))
    currency = forms.CharField(max_length=3, required=False, label=gettext_lazy("Currency"))
    date = forms.DateField(required=False, label=gettext_lazy("Date"), widget=forms.DateInput(DAY, "%Y-%m-%d"))
    merchant = forms.CharField(max_length=LONGEST[Attribute.MERCHANT], required=False, label=gettext_lazy("Merchant"))
    category = forms.CharField(max_length=LONGEST[Attribute.CATEGORY], required=False, label=gettext_lazy("Category"))
    attendees = forms.IntegerField(
        min_value=1, max_value=MOST_ATTENDEES, required=False, label=gettext_lazy("Attendees")
    )
    payment = forms.CharField(max_length=LONGEST[Attribute.PAYMENT], required=False, label=gettext_lazy("Payment"))
    report = forms.CharField(max_length=LONGEST[Attribute.REPORT], required=False, label=gettext_lazy("Report"))
    reference = forms.CharField(
        max_length=LONGEST[Attribute.REFERENCE], required=False, label=gettext_lazy("Reference")
    )
    file = forms.CharField(max_length=255, required=False, label=gettext_lazy("File of the receipt"))
    comment = forms.CharField(
        max_length=LONGEST[Attribute.COMMENT],
        required=False,
        label=gettext_lazy("Comment"),
        widget=forms.Textarea({"rows": 2}),
    )

    def claim(self) -> domain.Claim:
        given: dict[str, Any] = {name: value for name, value in self.cleaned_data.items() if name != "names"}
        return domain.Claim(**given)


@require_safe
@project_view()
def listing(request: ProjectRequest, project: Project) -> HttpResponse:
    form = FilterForm(request.GET, label_suffix="")
    condition = form.condition() if form.is_valid() else Filter()
    rows = claims.listing(project, condition)
    before = whole(request.GET.get("before", ""))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: LISTED + 1])
    context = {
        "form": form,
        "claims": found[:LISTED],
        "older": _query(request.GET, found[LISTED - 1].pk) if len(found) > LISTED else "",
        "filtered": condition != Filter() or before is not None,
        "names": request.access.may_audit,
        "job": jobs.matching_of(project),
    }
    return render(request, "auditing/claims.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@project_view(Role.REVIEWER)
def add(request: ProjectRequest, project: Project) -> HttpResponse:
    """A claim by hand."""
    if request.method != "POST":
        return render(request, "auditing/add.html", {"form": ClaimForm(label_suffix="")})
    form = ClaimForm(request.POST, label_suffix="")
    status = 400
    if form.is_valid():
        try:
            [stored] = claims.add(project, [form.claim()], names=form.cleaned_data["names"], author=request.user)
        except (Conflict, Invalid) as refusal:
            status = 409 if isinstance(refusal, Conflict) else 400
            form.add_error(None, translated(refusal))
        else:
            jobs.start_matching(project, author=request.user)
            told = gettext("The claim is added.") if stored.new else gettext("This claim was there already.")
            messages.success(request, told)
            return redirect("claim", project.slug, stored.row.pk)
    return render(request, "auditing/add.html", {"form": form}, status=status)


@require_safe
@project_view()
def claim(request: ProjectRequest, project: Project, pk: int) -> HttpResponse:
    """One claim beside its receipt."""
    row = claims.find(project, pk)
    return render(
        request,
        "auditing/claim.html",
        {
            "claim": row,
            "pages": list(row.document.pages.all()) if row.document else [],
            "others": claims.others_of(row),
            "by_hand": row.match == Match.PERSON,
            "names": request.access.may_audit,
        },
    )


@require_POST
@project_view(Role.REVIEWER)
def receipt(request: ProjectRequest, project: Project, pk: int) -> HttpResponseRedirect:
    """Link a document, say that there is none, or leave it to matching again, as `answer` says."""
    answer = request.POST.get("answer", "link")
    if answer == "release":
        claims.release(project, pk)
        messages.success(request, gettext("The next matching looks for a receipt."))
    elif answer == "none":
        claims.link(project, pk, None, by=request.user)
        messages.success(request, gettext("The claim has no receipt; matching leaves it so."))
    else:
        document = claims.document_named(project, request.POST.get("document", ""))
        claims.link(project, pk, document, by=request.user)
        messages.success(request, gettext("%(name)s is the receipt; matching leaves it so.") % {"name": document.name})
    return redirect("claim", project.slug, pk)


@require_POST
@project_view(Role.REVIEWER)
def withdraw(request: ProjectRequest, project: Project, pk: int) -> HttpResponseRedirect:
    claims.withdraw(project, pk)
    messages.success(request, gettext("The claim is taken back."))
    return redirect("claim_list", project.slug)


@require_safe
@project_view()
def left_over(request: ProjectRequest, project: Project) -> HttpResponse:
    """Claims without a receipt, and documents without a claim."""
    rows, documents = claims.without_receipt(project), claims.unclaimed(project)
    before, below = whole(request.GET.get("before", "")), whole(request.GET.get("below", ""))
    counts = rows.count(), documents.count()
    if before is not None:
        rows = rows.filter(pk__lt=before)
    if below is not None:
        documents = documents.filter(pk__lt=below)
    found, free = list(rows[: LISTED + 1]), list(documents[: LISTED + 1])
    context = {
        "claims": found[:LISTED],
        "documents": free[:LISTED],
        "claim_count": counts[0],
        "document_count": counts[1],
        "older_claims": _query(request.GET, found[LISTED - 1].pk) if len(found) > LISTED else "",
        "older_documents": _query(request.GET, free[LISTED - 1].pk, "below") if len(free) > LISTED else "",
        "names": request.access.may_audit,
        "job": jobs.matching_of(project),
    }
    return render(request, "auditing/left_over.html", context)


@require_POST
@project_view(Role.REVIEWER)
def match(request: ProjectRequest, project: Project) -> HttpResponseRedirect:
    """Look for receipts now, in the background."""
    jobs.start_matching(project, author=request.user)
    return redirect("claim_left_over", project.slug)


def _query(given: QueryDict, before: int, name: str = "before") -> str:
    """The page's query, from the row `before` on."""
    kept = given.copy()
    kept[name] = str(before)
    return kept.urlencode()
