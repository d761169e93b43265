from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.management.base import CommandParser

from extraction.management.base import KdCommand
from extraction.models import Scope
from extraction.services.projects import accounts, projects, tokens


@dataclass(frozen=True, slots=True)
class CreatedToken:
    token: str
    project: str
    user: str
    name: str
    prefix: str
    scopes: list[str]


class Command(KdCommand[CreatedToken]):
    help = "Makes a token for programs that call the API of a project, and prints it this one time."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug")
        parser.add_argument("--user", required=True, metavar="NAME", help="the member on whose behalf programs call")
        parser.add_argument("--name", default="create_token", help="what the program is called (%(default)s)")
        parser.add_argument(
            "--scope",
            action="append",
            choices=Scope.values,
            help="may be repeated; without it, all that the user's role allows",
        )
        parser.add_argument("--quota", type=int, metavar="N", help="documents a month at most; default: any number")

    def run(self, options: Mapping[str, Any]) -> CreatedToken:
        project, user = projects.find(options["slug"]), accounts.find_user(options["user"])
        # A stranger is allowed nothing: any scope makes `create` say why.
        scopes = options["scope"] or tokens.scopes_of(project, user) or [Scope.READ]
        row, token = tokens.create(project, user, name=options["name"], scopes=scopes, quota=options["quota"])
        return CreatedToken(token, project.slug, user.username, row.name, row.prefix, list(row.scopes))

    def show(self, result: CreatedToken) -> None:
        self.stdout.write(result.token)
        self.stderr.write(
            f"{result.user}'s token for {result.project} may {', '.join(result.scopes)}; it is not shown again."
        )
