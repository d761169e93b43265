from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from extraction.management.base import KdCommand, Terminal
from extraction.services.operation.backup import create
from extraction.services.operation.backup.create import Backup
from extraction.services.operation.backup.manifest import Secret

SECRETS = {
    Secret.INCLUDED: "It holds the secret: keep it as private as the data folder.",
    Secret.LEFT_OUT: "It does not hold the secret: API tokens are void after a restore elsewhere.",
    Secret.ELSEWHERE: "It does not hold the secret, which is in SECRET_KEY: keep that too.",
}


class Command(KdCommand[Backup]):
    help = "Writes database and files of this installation, which may be running, into one archive."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "path",
            nargs="?",
            type=Path,
            metavar="PATH",
            help="a new file, or a folder; default: backups/ in the data folder",
        )
        parser.add_argument("--without-secret", action="store_true", help="leave the key of sessions and tokens out")

    def run(self, options: Mapping[str, Any]) -> Backup:
        return create.create(options["path"], Terminal("Backing up"), with_secret=not options["without_secret"])

    def show(self, result: Backup) -> None:
        for name in result.missing:
            self.stderr.write(f"{name}: not there, though a row names it.")
        size = f"{result.bytes / 2**20:.1f} MB"
        self.stdout.write(f"{result.documents} documents, {result.files} files, {size}, verified.")
        self.stdout.write(SECRETS[result.secret])
        self.stdout.write(str(result.path))

    def failed(self, result: Backup) -> bool:
        return bool(result.missing)
