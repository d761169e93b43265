from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from extraction.domain import label_sources
from extraction.management.base import KdCommand, Terminal
from extraction.models import Split
from extraction.services.documents import bulk_import
from extraction.services.documents.bulk_import import BulkImport
from extraction.services.projects import projects


class Command(KdCommand[BulkImport]):
    help = "Loads files and folders into a project, and labels of a source; loading twice changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug")
        parser.add_argument("paths", nargs="*", type=Path, metavar="PATH")
        parser.add_argument(
            "--labels",
            type=Path,
            action="append",
            default=[],
            metavar="FILE.jsonl",
            help="may be given again: a file for some fields, another for the rest",
        )
        parser.add_argument("--source", choices=label_sources.names(loadable=True))
        parser.add_argument("--split", choices=Split.values, help="default: 80/10/10 by content")

    def run(self, options: Mapping[str, Any]) -> BulkImport:
        return bulk_import.load(
            projects.find(options["slug"]),
            options["paths"],
            labels=options["labels"],
            source=options["source"],
            split=options["split"],
            progress=Terminal("Loading"),
        )

    def show(self, result: BulkImport) -> None:
        documents, labels = result.documents, result.labels
        self._show("documents", documents.new, documents.known, [(row.file, row.reason) for row in documents.refused])
        self._show("labels", labels.new, labels.known, [(f"line {row.line}", row.reason) for row in labels.refused])
        if result.note:
            self.stdout.write(result.note)

    def _show(self, kind: str, new: int, known: int, refused: Sequence[tuple[str, str]]) -> None:
        self.stdout.write(f"{kind}: {new} new, {known} known, {len(refused)} refused")
        for place, reason in refused:
            self.stdout.write(f"  {place}: {reason}")

    def failed(self, result: BulkImport) -> bool:
        return bool(result.documents.refused or result.labels.refused)
