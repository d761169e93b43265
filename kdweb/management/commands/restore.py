from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from extraction.management.base import KdCommand, Terminal
from extraction.services.operation.backup import restore
from extraction.services.operation.backup.manifest import Secret
from extraction.services.operation.backup.restore import Restored


class Command(KdCommand[Restored]):
    help = "Brings an archive of `backup` back into an empty installation that is not running."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("path", type=Path, metavar="PATH")
        parser.add_argument("--replace", action="store_true", help="in the place of what this installation holds")

    def prepared(self) -> AbstractContextManager[None]:
        """Nothing: the database comes out of the archive, and nobody else may use the installation."""
        return nullcontext()

    def run(self, options: Mapping[str, Any]) -> Restored:
        return restore.restore(options["path"], Terminal("Restoring"), replace=options["replace"])

    def show(self, result: Restored) -> None:
        for name in result.missing:
            self.stderr.write(f"{name}: not there, though a row names it.")
        made = f"{result.created:%Y-%m-%d %H:%M} UTC"
        self.stdout.write(f"{result.documents} documents and {result.files} files of {made}.")
        if result.secret is not Secret.INCLUDED:
            self.stdout.write("The secret was not in the backup: API tokens are void unless it is the same as then.")

    def failed(self, result: Restored) -> bool:
        return bool(result.missing)
