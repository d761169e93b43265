from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

import synthdocs
from extraction.management.base import KdCommand, Terminal
from extraction.services.errors import Invalid


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

    def run(self, options: Mapping[str, Any]) -> Samples:
        if options["count"] < 1:
            raise Invalid(f"--count must be at least 1, not {options['count']}.")
        progress = Terminal("Making samples")
        paths = synthdocs.write(options["folder"], options["kind"], options["count"], options["seed"], progress)
        return Samples(str(options["folder"]), len(paths), options["seed"])

    def show(self, result: Samples) -> None:
        self.stdout.write(f"In {result.folder}: {result.documents} sample(s), truth.jsonl and schema.toml.")
