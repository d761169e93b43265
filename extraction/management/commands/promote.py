from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.management.base import CommandParser

from extraction.management.base import KdCommand
from extraction.services.projects import projects
from extraction.services.serving import registry


@dataclass(frozen=True, slots=True)
class Promoted:
    project: str
    model: str
    stage: str


class Command(KdCommand[Promoted]):
    help = "Makes a model version the serving one."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug")
        parser.add_argument("name")

    def run(self, options: Mapping[str, Any]) -> Promoted:
        project = projects.find(options["slug"])
        model = registry.promote(registry.find(project, options["name"]))
        return Promoted(project.slug, model.name, model.stage)

    def show(self, result: Promoted) -> None:
        self.stdout.write(f"{result.model} now serves {result.project}.")
