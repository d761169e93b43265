from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.management.base import CommandParser

from extraction.domain.json_types import JsonObject
from extraction.management.base import KdCommand
from extraction.services.projects import projects
from extraction.services.reports import messages, promotion
from extraction.services.serving import registry


@dataclass(frozen=True, slots=True)
class Promoted:
    project: str
    model: str
    stage: str
    warnings: list[JsonObject]


class Command(KdCommand[Promoted]):
    help = "Makes a model version the serving one."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug")
        parser.add_argument("name")

    def run(self, options: Mapping[str, Any]) -> Promoted:
        project = projects.find(options["slug"])
        model = registry.find(project, options["name"])
        concerns = promotion.concerns(model)
        for concern in concerns:
            self.stderr.write(f"Warning: {messages.of_concern(concern)}")
        model = registry.promote(model)
        return Promoted(project.slug, model.name, model.stage, [messages.concern_json(concern) for concern in concerns])

    def show(self, result: Promoted) -> None:
        self.stdout.write(f"{result.model} now serves {result.project}.")
