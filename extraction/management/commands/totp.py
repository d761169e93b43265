from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.management.base import CommandParser

from extraction.management.base import KdCommand
from extraction.services.identity import second_factor
from extraction.services.projects import accounts


@dataclass(frozen=True, slots=True)
class Codes:
    """Whether logging in asks for a code of an app, and whether that was taken off just now."""

    user: str
    active: bool
    removed: bool
    recovery_codes_left: int


class Command(KdCommand[Codes]):
    help = "Tells whether an account logs in with codes of an app; --remove takes them off for who lost the app."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("name")
        parser.add_argument("--remove", action="store_true", help="ask for no code, until they are set up again")

    def run(self, options: Mapping[str, Any]) -> Codes:
        user = accounts.find_user(options["name"])
        removed = second_factor.remove(user) if options["remove"] else False
        return Codes(user.username, second_factor.active(user), removed, second_factor.recovery_codes_left(user))

    def show(self, result: Codes) -> None:
        if result.removed:
            self.stdout.write(f"{result.user} logs in without a code now.")
        elif result.active:
            self.stdout.write(
                f"{result.user} logs in with codes; {result.recovery_codes_left} recovery codes are left."
            )
        else:
            self.stdout.write(f"{result.user} logs in without codes.")
