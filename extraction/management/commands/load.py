from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from extraction.domain import label_sources
from extraction.domain.json_types import JsonObject
from extraction.management.base import KdCommand, Terminal
from extraction.models import Split
from extraction.services.documents import bulk_import
from extraction.services.projects import projects


class Command(KdCommand):
    help = "Loads files and folders into a project, and labels of a source; loading twice changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug")
        parser.add_argument("paths", nargs="*", type=Path, metavar="PATH")
        parser.add_argument("--labels", type=Path, metavar="FILE.jsonl")
        parser.add_argument("--source", choices=label_sources.names(loadable=True))
        parser.add_argument("--split", choices=Split.values, help="default: 80/10/10 by content")

    def run(self, options: Mapping[str, Any]) -> JsonObject:
        return bulk_import.load(
            projects.find(options["slug"]),
            options["paths"],
            labels=options["labels"],
            source=options["source"],
            split=options["split"],
            progress=Terminal("Loading"),
        ).to_json()

    def show(self, result: Mapping[str, Any]) -> None:
        for kind, counts in result.items():
            self.stdout.write(f"{kind}: {counts['new']} new, {counts['known']} known, {len(counts['refused'])} refused")
            for row in counts["refused"]:
                place = row["file"] if kind == "documents" else f"line {row['line']}"
                self.stdout.write(f"  {place}: {row['reason']}")

    def failed(self, result: Mapping[str, Any]) -> bool:
        return any(counts["refused"] for counts in result.values())
