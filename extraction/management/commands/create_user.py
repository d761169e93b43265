import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.management.base import CommandParser

from extraction.management.base import KdCommand
from extraction.models import Role
from extraction.services.audit_log import log as audit_log
from extraction.services.errors import Invalid
from extraction.services.identity import groups
from extraction.services.projects import accounts, projects


@dataclass(frozen=True, slots=True)
class CreatedUser:
    """An account; `password` where it was generated, project and role where it became a member."""

    user: str
    password: str | None
    project: str | None
    role: str | None


class Command(KdCommand[CreatedUser]):
    help = "Creates an account; without --password-stdin it prints a generated password once."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("name")
        parser.add_argument("--project", metavar="SLUG")
        parser.add_argument("--role", choices=Role.values)
        parser.add_argument("--superuser", action="store_true")
        parser.add_argument("--can-create-projects", action="store_true", help="let it make projects of its own")
        parser.add_argument("--group", action="append", default=[], metavar="NAME", help="may be repeated")
        parser.add_argument("--email", default="", help="by which an identity of the OpenID provider logs in as it")
        parser.add_argument("--password-stdin", action="store_true", help="read the password from standard input")

    def run(self, options: Mapping[str, Any]) -> CreatedUser:
        if bool(options["project"]) != bool(options["role"]):
            raise Invalid("--project and --role go together.")
        password = sys.stdin.readline().rstrip("\n") if options["password_stdin"] else None
        with audit_log.together():
            user, generated = accounts.create_user(
                options["name"], password, superuser=options["superuser"], email=options["email"]
            )
            for name in options["group"]:
                groups.add(groups.find(name), user)
            if options["can_create_projects"]:
                accounts.let_create_projects(user)
            if options["project"]:
                projects.add_member(projects.find(options["project"]), user, options["role"])
        return CreatedUser(user.username, generated, options["project"], options["role"])

    def show(self, result: CreatedUser) -> None:
        password = "" if result.password is None else f", password {result.password}"
        self.stdout.write(f"User {result.user}{password}")
