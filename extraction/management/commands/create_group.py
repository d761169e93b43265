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
class CreatedGroup:
    """A group with its first members; project and role where it got one."""

    group: str
    users: list[str]
    project: str | None
    role: str | None


class Command(KdCommand[CreatedGroup]):
    help = "Makes a group of accounts, which projects give roles to."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("name")
        parser.add_argument("--user", action="append", default=[], metavar="NAME", help="a member; may be repeated")
        parser.add_argument("--project", metavar="SLUG")
        parser.add_argument("--role", choices=Role.values)

    def run(self, options: Mapping[str, Any]) -> CreatedGroup:
        if bool(options["project"]) != bool(options["role"]):
            raise Invalid("--project and --role go together.")
        with audit_log.together():
            group = groups.create(options["name"])
            users = [accounts.find_user(name) for name in options["user"]]
            for user in users:
                groups.add(group, user)
            if options["project"]:
                groups.give(projects.find(options["project"]), group, options["role"])
        return CreatedGroup(group.name, [user.username for user in users], options["project"], options["role"])

    def show(self, result: CreatedGroup) -> None:
        self.stdout.write(f"Group {result.group} with {', '.join(result.users) or 'nobody'}.")
