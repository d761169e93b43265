from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from benchmarks.base import EXTRACTIONS, MINUTES, MissingData, Setting, Table, measure
from benchmarks.catalogue import NAMES, called, find
from extraction.domain.json_types import JsonObject
from extraction.management.base import Error, KdCommand, Terminal


@dataclass(frozen=True, slots=True)
class Outcome:
    """The tables of a benchmark, and whether they were kept from an earlier run; `skipped` says why there are none."""

    skipped: str | None
    kept: bool
    tables: list[Table]


class Outcomes(dict[str, Outcome]):
    """By the names of the benchmarks."""

    def to_json(self) -> JsonObject:
        return {name: asdict(outcome) for name, outcome in self.items()}


class Command(KdCommand[Outcomes]):
    help = "Measures what README and docs claim; results are kept and printed again until what they depend on changes."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(NAMES)}; all without a name")
        parser.add_argument("--fresh", action="store_true", help="measure again although a result is kept")
        parser.add_argument("--seed", type=int, default=0)
        parser.add_argument("--minutes", type=float, default=MINUTES, help="of each training (%(default)s)")
        parser.add_argument("--extractions", type=int, default=EXTRACTIONS, help="of the memory (%(default)s)")

    def run(self, options: Mapping[str, Any]) -> Outcomes:
        folder = Path(settings.DATA_DIR) / "bench"
        given = (options[name] for name in ("fresh", "minutes", "extractions"))
        setting = Setting(folder, options["seed"], settings.KD_THREADS, *given)
        names = [part for name in options["names"] for part in _called(name)] or NAMES
        return Outcomes({name: self._measure(name, setting, options) for name in names})

    def _measure(self, name: str, setting: Setting, options: Mapping[str, Any]) -> Outcome:
        try:
            tables, kept = measure(find(name), setting, Terminal(name))
        except MissingData as missing:
            if name in options["names"]:
                raise Error(str(missing)) from None
            return Outcome(str(missing), False, [])
        return Outcome(None, kept, tables)

    def show(self, result: Outcomes) -> None:
        for name, outcome in result.items():
            if outcome.skipped:
                self.stdout.write(f"{name}: skipped. {outcome.skipped}\n")
            for table in outcome.tables:
                self.stdout.write(table.text() + "\n")
            if outcome.kept:
                self.stdout.write(f"{name}: kept from an earlier run; measure again with --fresh.\n")


def _called(name: str) -> list[str]:
    try:
        return called(name)
    except LookupError as error:
        raise Error(str(error.args[0])) from None
