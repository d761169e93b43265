import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from extraction.domain.json_types import JsonObject
from extraction.management.base import KdCommand
from extraction.services.errors import Invalid
from extraction.services.privacy.persons import persons
from extraction.services.privacy.persons.persons import Erased, Person


@dataclass(frozen=True, slots=True)
class Exported:
    """Everything of a person."""

    value: JsonObject

    def to_json(self) -> JsonObject:
        return self.value


class Command(KdCommand[Person | Exported | Erased]):
    help = "Exports everything that is stored about a person, or deletes it: what was done stays under a pseudonym."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("what", choices=("show", "export", "delete"))
        parser.add_argument("name", help="of an account, or as claims name an employee")
        parser.add_argument("--output", type=Path, metavar="FILE", help="with export: a new file instead of stdout")
        parser.add_argument("--yes", action="store_true", help="with delete: do it")

    def run(self, options: Mapping[str, Any]) -> Person | Exported | Erased:
        match options["what"]:
            case "export":
                return self._export(options["name"], options["output"])
            case "delete" if options["yes"]:
                return persons.delete(options["name"])
            case "delete":
                persons.find(options["name"])
                raise Invalid("Nothing was deleted: say so with --yes.")
        return persons.find(options["name"])

    def _export(self, name: str, output: Path | None) -> Person | Exported:
        value = persons.export(name)
        if output is None:
            return Exported(value)
        # For nobody else on this machine to read.
        descriptor = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(value, file, ensure_ascii=False, indent=2)
        return persons.find(name)

    def show(self, result: Person | Exported | Erased) -> None:
        match result:
            case Exported():
                self.stdout.write(json.dumps(result.value, ensure_ascii=False, indent=2))
            case Erased():
                changed = f"{result.claims} claims and claimed values were changed"
                self.stdout.write(f"It is called {result.pseudonym} now; {changed}.")
            case Person():
                account = "an account" if result.account else "no account"
                self.stdout.write(
                    f"{result.name}: {account}, {result.labels} labels, {result.records} other records, "
                    f"{result.claims} claims and claimed values, {result.logins} failed logins."
                )
