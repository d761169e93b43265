from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

import synthdocs
from extraction.domain.errors import UserError
from extraction.management.base import KdCommand, Terminal
from extraction.services.errors import Invalid
from synthdocs.languages import LANGUAGES, chosen


@dataclass(frozen=True, slots=True)
class Samples:
    folder: str
    documents: int
    seed: int


class Command(KdCommand[Samples]):
    help = "Makes sample receipts and invoices with their truth: pictures, truth.jsonl and schema.toml."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("folder", type=Path)
        parser.add_argument("--count", type=int, default=60, metavar="N")
        parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same documents")
        parser.add_argument("--kind", choices=("receipt", "invoice", "mixed"), default="mixed")
        parser.add_argument(
            "--languages",
            default="mixed",
            metavar="CODES",
            help="mixed (English and German), world (all that can be printed here), or codes with commas: fr,ja",
        )

        parser.add_argument(
            "--tables", choices=("usual", "varied"), default="usual", help="of items: usual, or in every layout"
        )

    def run(self, options: Mapping[str, Any]) -> Samples:
        if options["count"] < 1:
            raise Invalid(f"--count must be at least 1, not {options['count']}.")
        languages = self._languages(options["languages"])
        paths = synthdocs.write(
            options["folder"],
            options["kind"],
            options["count"],
            options["seed"],
            Terminal("Making samples"),
            languages,
            options["tables"],
        )
        return Samples(str(options["folder"]), len(paths), options["seed"])

    def _languages(self, names: str) -> tuple[str, ...]:
        try:
            languages = chosen(names)
        except UserError as error:
            raise Invalid(str(error)) from error
        left_out = [code for code in LANGUAGES if names == "world" and code not in languages]
        if left_out:
            self.stderr.write(f"Without {', '.join(left_out)}: no typeface for their letters is installed.")
        return languages

    def show(self, result: Samples) -> None:
        self.stdout.write(f"In {result.folder}: {result.documents} sample(s), truth.jsonl and schema.toml.")
