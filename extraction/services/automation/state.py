"""The state of a project's automation as one value, for commands and programs."""

from __future__ import annotations

from dataclasses import dataclass

from extraction.domain.json_types import JsonObject
from extraction.models import AutomationStep, Project
from extraction.services.automation import decisions, messages, settings, upcoming
from extraction.services.automation.decisions import Question
from extraction.services.automation.settings import Settings
from extraction.services.automation.upcoming import Upcoming

LISTED = 50


@dataclass(frozen=True, slots=True)
class State:
    """`steps` are the newest ones, the newest first; `reasons` say in sentences why the question is asked."""

    settings: Settings
    upcoming: Upcoming
    question: Question | None
    reasons: list[str]
    steps: list[AutomationStep]

    @property
    def sentence(self) -> str:
        """What happens next."""
        return messages.of_next(self.upcoming)

    def to_json(self) -> JsonObject:
        """As `automate --json` prints it and the API answers."""
        return {
            "settings": self.settings.to_json(),
            "next": {
                "code": self.upcoming.kind.value,
                "sentence": self.sentence,
                "new": self.upcoming.changes.to_json(),
                "more": self.upcoming.more.to_json(),
                "at": self.upcoming.at.isoformat() if self.upcoming.at else None,
            },
            "question": _asked(self.question) if self.question else None,
            "steps": [_step(step) for step in self.steps],
        }


def of(project: Project) -> State:
    row = settings.of(project)
    row.project = project
    asked = decisions.question(project)
    return State(
        Settings.of(row),
        upcoming.of(row),
        asked,
        messages.of_reasons(asked.comparison, row) if asked else [],
        list(project.automation_steps.select_related("run", "author")[:LISTED]),
    )


def _asked(question: Question) -> JsonObject:
    return {
        "training_run": question.step.run_id,
        "model": question.model.name,
        "comparison": question.comparison.to_json(),
    }


def _step(step: AutomationStep) -> JsonObject:
    found = step.comparison
    return {
        "id": step.pk,
        "kind": step.kind,
        "training_run": step.run_id,
        "sentence": messages.of_step(step),
        "by": step.author.username if step.author else None,
        "comparison": found.to_json() if found else None,
        "created": step.created.isoformat(),
    }
