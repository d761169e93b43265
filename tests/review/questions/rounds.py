"""Short ways to questions and their labels."""

from __future__ import annotations

from collections.abc import Callable

from extraction.models import Document, Label, Project, Question
from extraction.services.labels import ranking
from extraction.services.review.questions import taking

Make = Callable[..., Document]


def about(project: Project, document: Document, field: str, *, random: bool = False) -> Question:
    """The open question about that field, of the round that asks it, or as a later one would."""
    label = best(document, field)
    made = {"project": project, "round": 1, "random": random}
    row, _ = Question.objects.get_or_create(label=label, state=Question.State.OPEN, defaults=made)
    return taking.find(project, row.pk)


def best(document: Document, field: str) -> Label:
    return ranking.best(Document.objects.get(pk=document.pk))[field]


def state(document: Document) -> str:
    return Document.objects.get(pk=document.pk).review
