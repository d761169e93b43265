"""How far a project's questions are, in figures and in words: for the page, the command and the API."""

from __future__ import annotations

from dataclasses import dataclass

from extraction.domain.json_types import JsonObject
from extraction.domain.label_quality.stopping import TARGET, Ahead, Standing
from extraction.models import Project, Question
from extraction.services.review.questions import messages, population
from extraction.services.review.questions.undoing import Undone


@dataclass(frozen=True, slots=True)
class Known:
    """What is known about a project's labels, and what is to ask until at most the share `target` is wrong."""

    standing: Standing
    ahead: Ahead
    target: float

    @property
    def sentence(self) -> str:
        return messages.known(self.standing)

    @property
    def coming(self) -> str:
        return messages.coming(self.standing, self.ahead, self.target)

    @property
    def basis(self) -> str:
        return messages.basis(self.standing) if self.standing.asked else ""

    def to_json(self) -> JsonObject:
        return {**self.standing.to_json(), "target": self.target, "ahead": self.ahead.to_json()}


def known(project: Project, target: float = TARGET) -> Known:
    found = population.standing(project)
    return Known(found, found.ahead(target), target)


def held(question: Question) -> str:
    """For how many other documents its answer holds, in words; empty where it is for its own alone."""
    others = question.labels.exclude(document=question.label.document_id).count()
    return messages.held(others) if others else ""


def undone(result: Undone) -> str:
    """What an undo changed beyond the one label; empty where there is nothing more to say."""
    return messages.taken_back(result.taken_back, result.kept) if result.kept or result.taken_back > 1 else ""
