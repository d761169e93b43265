from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from extraction.management.base import KdCommand
from extraction.management.mcp.callers import ByToken, ByUser
from extraction.services.errors import Invalid


class Command(KdCommand[None]):
    help = "Serves the Model Context Protocol on stdin and stdout, so that assistants can read documents."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.set_defaults(json=False)
        parser.add_argument(
            "--user",
            metavar="NAME",
            help="act for this account, in all its projects; without it, for the token in KD_TOKEN, in its project",
        )

    def run(self, options: Mapping[str, Any]) -> None:
        from extraction.management.mcp.server import server

        if not options["user"] and not settings.KD_TOKEN:
            raise Invalid("Name an account with --user, or give a token in KD_TOKEN.")
        caller = ByUser(options["user"]) if options["user"] else ByToken(settings.KD_TOKEN)
        # Refused now, where somebody may see it.
        caller.accesses()
        server(caller).run("stdio")

    def show(self, result: None) -> None:
        """Nothing: the protocol was spoken on stdout."""
