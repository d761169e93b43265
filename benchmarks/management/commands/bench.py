from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from benchmarks.base import MissingData, Setting, Table, measure
from benchmarks.catalogue import NAMES, called, find
from extraction.domain.json_types import JsonObject
from extraction.management.base import Error, KdCommand, Terminal


class Command(KdCommand):
    help = "Measures what README and docs claim; results are kept and printed again until what they depend on changes."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(NAMES)}; all without a name")
        parser.add_argument("--fresh", action="store_true", help="measure again although a result is kept")
        parser.add_argument("--seed", type=int, default=0)

    def run(self, options: Mapping[str, Any]) -> JsonObject:
        setting = Setting(Path(settings.DATA_DIR) / "bench", options["seed"], settings.KD_THREADS, options["fresh"])
        names = [part for name in options["names"] for part in _called(name)] or NAMES
        return {name: self._measure(name, setting, options) for name in names}

    def _measure(self, name: str, setting: Setting, options: Mapping[str, Any]) -> dict[str, Any]:
        try:
            tables, kept = measure(find(name), setting, Terminal(name))
        except MissingData as missing:
            if options["names"]:
                raise Error(str(missing)) from None
            return {"skipped": str(missing), "kept": False, "tables": []}
        return {"skipped": None, "kept": kept, "tables": [asdict(table) for table in tables]}

    def show(self, result: Mapping[str, Any]) -> None:
        for name, measured in result.items():
            if measured["skipped"]:
                self.stdout.write(f"{name}: skipped. {measured['skipped']}\n")
            for table in measured["tables"]:
                self.stdout.write(Table.from_export(table).text() + "\n")
            if measured["kept"]:
                self.stdout.write(f"{name}: kept from an earlier run; measure again with --fresh.\n")


def _called(name: str) -> list[str]:
    try:
        return called(name)
    except LookupError as error:
        raise Error(str(error.args[0])) from None
