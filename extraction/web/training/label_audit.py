"""How the page of a run shows what the run learned from and which labels it distrusts."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from extraction.domain import label_sources
from extraction.models import Project, TrainingRun
from extraction.services.training import label_audit
from extraction.services.training.label_audit import Doubt
from extraction.web.access import Access
from extraction.web.training.advice import Advice, advice

REASONS = {
    "contradicted": "contradicted by the student",
    "malformed": "not of the field's type",
    "unfound": "not found on the page",
    "unsure": "doubted by its own source, so counted half",
}
WHY = {
    "malformed": "It is not a value of the field's type.",
    "unfound": "It was not found on the page, so it taught nothing.",
    "unsure": "Its own source doubted it, so it counted half.",
}


def context(run: TrainingRun, project: Project, access: Access) -> dict[str, Any]:
    """What `training/_label_audit.html` shows; nothing of a run that kept no account of itself."""
    if not run.account:
        return {}
    titles = dict(label_sources.choices())
    return {
        "sources": [(titles.get(source, source), count) for source, count in run.account.get("sources", {}).items()],
        "reasons": [(REASONS[reason].capitalize(), count) for reason, count in run.account["reasons"].items()],
        "doubts": [(doubt, [*_why(doubt)]) for doubt in label_audit.doubts(run)],
        "advice": [(piece, _url(piece, project, access)) for piece in advice(run, project)],
    }


def _why(doubt: Doubt) -> list[str]:
    return [_contradiction(doubt) if reason == "contradicted" else WHY[reason] for reason in doubt.reasons]


def _contradiction(doubt: Doubt) -> str:
    sure = f"{100 * (doubt.confidence or 0.0):.0f} % sure"
    if doubt.empty:
        return f"The student says that it is not there and is {sure}."
    if doubt.answer is None:
        return f"The student read something else and was {sure}; the document has been read again since."
    return f"The student reads “{doubt.answer}” and is {sure}."


def _url(piece: Advice, project: Project, access: Access) -> str:
    if piece.page == "review" and not access.may_review:
        return ""
    return (reverse(piece.page, args=[project.slug]) if piece.page else "") + piece.query
