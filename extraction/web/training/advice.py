"""Advice on a run as its page shows it: the sentence, and a button that leads to where it can be followed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from extraction.models import Project
from extraction.services.training import messages
from extraction.services.training.advice import Advice, AdviceCode, MoreDocuments, WeakestField
from extraction.web.access import Access

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


@dataclass(frozen=True, slots=True)
class Button:
    """`page` names the page that it leads to (empty: this one), `query` is added to its address."""

    title: _StrOrPromise
    page: str = ""
    query: str = ""


@dataclass(frozen=True, slots=True)
class AdviceRow:
    """`url` is empty where there is nothing to follow, or not for this user."""

    sentence: str
    url: str = ""
    button: _StrOrPromise = ""


_ISSUES = Button(_("See the labels"), query="#distrusted")
_BUTTONS = {
    AdviceCode.UNREAD_DOCUMENTS: Button(_("See blurred documents"), "documents", "?focus=0"),
    AdviceCode.UNFOUND_LABELS: _ISSUES,
    AdviceCode.CONTRADICTED_LABELS: _ISSUES,
    AdviceCode.MORE_TIME: Button(_("Start a run"), "training"),
    AdviceCode.REVIEW: Button(_("Review"), "review"),
}


def row(advice: Advice, project: Project, access: Access) -> AdviceRow:
    sentence, button = messages.of_advice(advice), _button(advice)
    if button is None or (button.page == "review" and not access.may_review):
        return AdviceRow(sentence)
    page = reverse(button.page, args=[project.slug]) if button.page else ""
    return AdviceRow(sentence, page + button.query, button.title)


def _button(advice: Advice) -> Button | None:
    if isinstance(advice, WeakestField):
        return Button(_("See validation documents"), "documents", "?split=validation") if advice.listed else None
    if isinstance(advice, MoreDocuments):
        return (
            Button(_("Go to the teacher"), "teacher") if advice.unlabelled else Button(_("Add documents"), "documents")
        )
    return _BUTTONS[advice.code]
