from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandParser

from extraction.management.base import KdCommand
from extraction.services.projects import projects
from extraction.services.serving import registry


class Command(KdCommand):
    help = "Makes a model version the serving one."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug")
        parser.add_argument("name")

    def run(self, options: Mapping[str, Any]) -> dict[str, Any]:
        project = projects.find(options["slug"])
        model = registry.promote(registry.find(project, options["name"]))
        return {"project": project.slug, "model": model.name, "stage": model.stage}

    def show(self, result: Mapping[str, Any]) -> None:
        self.stdout.write(f"{result['model']} now serves {result['project']}.")
