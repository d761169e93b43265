"""Advice on a run as its page shows it: the sentence, and a button that leads to where it can be followed."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from extraction.models import Project
from extraction.services.training import messages
from extraction.services.training.advice import Advice, AdviceCode, MoreDocuments, WeakestField
from extraction.web.access import Access


@dataclass(frozen=True, slots=True)
class Button:
    """`page` names the page that it leads to (empty: this one), `query` is added to its address."""

    title: str
    page: str = ""
    query: str = ""


@dataclass(frozen=True, slots=True)
class AdviceRow:
    """`url` is empty where there is nothing to follow, or not for this user."""

    sentence: str
    url: str = ""
    button: str = ""


_ISSUES = Button("See the labels", query="#distrusted")
_BUTTONS = {
    AdviceCode.UNREAD_DOCUMENTS: Button("See blurred documents", "documents", "?focus=0"),
    AdviceCode.UNFOUND_LABELS: _ISSUES,
    AdviceCode.CONTRADICTED_LABELS: _ISSUES,
    AdviceCode.MORE_TIME: Button("Start a run", "training"),
    AdviceCode.REVIEW: Button("Review", "review"),
}


def row(advice: Advice, project: Project, access: Access) -> AdviceRow:
    sentence, button = messages.of_advice(advice), _button(advice)
    if button is None or (button.page == "review" and not access.may_review):
        return AdviceRow(sentence)
    page = reverse(button.page, args=[project.slug]) if button.page else ""
    return AdviceRow(sentence, page + button.query, button.title)


def _button(advice: Advice) -> Button | None:
    if isinstance(advice, WeakestField):
        return Button("See validation documents", "documents", "?split=validation") if advice.listed else None
    if isinstance(advice, MoreDocuments):
        return Button("Go to the teacher", "teacher") if advice.unlabelled else Button("Add documents", "documents")
    return _BUTTONS[advice.code]
