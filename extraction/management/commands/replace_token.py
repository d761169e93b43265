from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.management.base import CommandParser

from extraction.management.base import KdCommand
from extraction.services.projects import projects, tokens


@dataclass(frozen=True, slots=True)
class ReplacedToken:
    """`hours`: for so long the token before counts too."""

    token: str
    project: str
    name: str
    prefix: str
    hours: int


class Command(KdCommand[ReplacedToken]):
    help = "Makes a new token in place of another one, which counts for some hours more, and prints it this one time."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug")
        parser.add_argument("prefix", help="the start of the token, as the API page shows it: kd_Ab12Cd")
        parser.add_argument(
            "--hours",
            type=int,
            default=tokens.OVERLAP,
            help="for which the one before counts too (%(default)s); 0: it opens nothing any more",
        )

    def run(self, options: Mapping[str, Any]) -> ReplacedToken:
        row = tokens.find(projects.find(options["slug"]), options["prefix"])
        token = tokens.replace(row, hours=options["hours"])
        return ReplacedToken(token, row.project.slug, row.name, row.prefix, options["hours"])

    def show(self, result: ReplacedToken) -> None:
        self.stdout.write(result.token)
        self.stderr.write(f"The token of {result.name} before it counts for {result.hours} hours more.")
