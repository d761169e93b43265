from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

import synthdocs
from extraction.domain.json_types import JsonObject
from extraction.management.base import KdCommand, Terminal
from extraction.services.errors import Invalid


class Command(KdCommand):
    help = "Makes sample receipts and invoices with their truth: pictures, truth.jsonl and schema.toml."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("folder", type=Path)
        parser.add_argument("--count", type=int, default=60, metavar="N")
        parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same documents")
        parser.add_argument("--kind", choices=("receipt", "invoice", "mixed"), default="mixed")

    def run(self, options: Mapping[str, Any]) -> JsonObject:
        if options["count"] < 1:
            raise Invalid(f"--count must be at least 1, not {options['count']}.")
        progress = Terminal("Making samples")
        paths = synthdocs.write(options["folder"], options["kind"], options["count"], options["seed"], progress)
        return {"folder": str(options["folder"]), "documents": len(paths), "seed": options["seed"]}

    def show(self, result: Mapping[str, Any]) -> None:
        self.stdout.write(f"In {result['folder']}: {result['documents']} sample(s), truth.jsonl and schema.toml.")
