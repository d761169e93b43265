from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from extraction.management.base import KdCommand, Terminal
from extraction.management.consent import agreed
from extraction.services.errors import Invalid
from extraction.services.teaching.suggesting import suggested_fields
from extraction.services.teaching.suggesting.suggested_fields import SuggestedFields


class Command(KdCommand[SuggestedFields]):
    help = "Suggests fields from one to three files and prints them as a schema file."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--teacher", metavar="NAME", help="default: the installation's, KD_TEACHER")
        parser.add_argument("--yes", action="store_true", help="agree that pictures go to an outside provider")

    def run(self, options: Mapping[str, Any]) -> SuggestedFields:
        teacher = options["teacher"] or settings.KD_TEACHER
        consent = agreed(suggested_fields.consent(teacher), yes=options["yes"])
        files = [(path.name, _existing(path)) for path in options["files"]]
        result = suggested_fields.suggest(files, Terminal("Reading"), teacher=teacher, agreed=consent)
        if result.schema is None:
            raise Invalid("No values with a printed name, such as 'Invoice No: 123', stand on most of these files.")
        return result

    def show(self, result: SuggestedFields) -> None:
        if result.note:
            self.stderr.write(result.note)
        if result.schema is not None:
            self.stdout.write(result.schema.to_toml(), ending="")


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise Invalid(f"There is no file {path}.")
    return path
