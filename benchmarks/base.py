"""Base of the benchmarks: their inputs, their tables, and results that are kept.

A benchmark is a module of this package with a `BENCHMARK`, named in `catalogue.NAMES`. Its result is kept by a hash of
everything it depends on (`Benchmark.inputs`) and printed again until one of these changes.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from extraction.domain.json_types import JsonObject
from extraction.domain.progress import Progress
from extraction.engines.atomic import atomic_write

MINUTES = 20.0
EXTRACTIONS = 5_000

Cell = str | int | float | None


class MissingData(LookupError):
    """The data of the benchmark is missing; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Settings of a run of benchmarks. `folder` keeps results and whatever is worth reusing between benchmarks.

    `fresh` asks for every time to be taken again, also of what is kept for reuse. `minutes` are those of a training,
    `extractions` how many the memory is watched over.
    """

    folder: Path
    seed: int = 0
    threads: int = 1
    fresh: bool = False
    minutes: float = MINUTES
    extractions: int = EXTRACTIONS


@dataclass(frozen=True, slots=True)
class Table:
    """Figures with their meaning: `columns` name them with their unit, `notes` say how they were taken."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()

    def to_json(self) -> JsonObject:
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(
            value["title"], tuple(value["columns"]), tuple(tuple(row) for row in value["rows"]), tuple(value["notes"])
        )

    def text(self) -> str:
        """The table for a terminal: columns aligned, figures to three decimals."""
        cells = [self.columns, *([_shown(cell) for cell in row] for row in self.rows)]
        widths = [max(len(row[column]) for row in cells) for column in range(len(self.columns))]
        lines = ["  ".join(_padded(*pair) for pair in zip(row, widths, strict=True)).rstrip() for row in cells]
        rule = "  ".join("-" * width for width in widths)
        return "\n".join([self.title, "", lines[0], rule, *lines[1:], *(f"  {note}" for note in self.notes)])


@dataclass(frozen=True, slots=True)
class Benchmark:
    """`inputs` gives, as JSON values, all that the figures depend on; both functions may raise `MissingData`."""

    name: str
    about: str
    inputs: Callable[[Setting], Mapping[str, Any]]
    run: Callable[[Setting, Progress], Sequence[Table]]


def measure(benchmark: Benchmark, setting: Setting, progress: Progress) -> tuple[list[Table], bool]:
    """The tables of a benchmark and whether they were kept from an earlier run. Raises `MissingData`."""
    inputs = {"seed": setting.seed, "threads": setting.threads, **benchmark.inputs(setting)}
    path = setting.folder / "results" / f"{benchmark.name}-{digest(inputs)[:16]}.json"
    if path.exists() and not setting.fresh:
        return [Table.from_json(table) for table in json.loads(path.read_text())["tables"]], True
    tables = list(benchmark.run(setting, progress))
    write_json(path, {"inputs": inputs, "tables": [table.to_json() for table in tables]})
    return tables, False


def digest(value: object) -> str:
    """SHA-256 of a JSON value, the same whatever the order of its keys."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def write_json(path: Path, value: object) -> None:
    """Write a JSON file that is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_write(path) as draft:
        draft.write_text(json.dumps(value, ensure_ascii=False))


def _shown(cell: Cell) -> str:
    if cell is None:
        return "–"
    return f"{cell:.3f}" if isinstance(cell, float) else str(cell)


def _padded(cell: str, width: int) -> str:
    """Figures to the right, words to the left."""
    return cell.rjust(width) if cell[:1].isdigit() or cell[:1] in "–-+" else cell.ljust(width)
