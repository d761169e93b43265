from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from extraction.domain.escalation.outcomes import AnswerSource, Outcome
from extraction.domain.json_types import JsonObject
from extraction.domain.results.extraction import FileResult, RowAnswer
from extraction.management.base import KdCommand, Terminal
from extraction.models import ModelVersion, Project
from extraction.services.projects import projects
from extraction.services.serving import answering, field_extraction


@dataclass(frozen=True, slots=True)
class ExtractResult:
    """The model that answered and the result of each file, in the order of the arguments."""

    model: str
    results: list[FileResult]

    def to_json(self) -> JsonObject:
        return {"model": self.model, "results": [result.to_json() for result in self.results]}


class Command(KdCommand[ExtractResult]):
    help = "Reads the fields of files that need not be in the project; the promoted model by default."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug")
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--model", metavar="NAME")

    def run(self, options: Mapping[str, Any]) -> ExtractResult:
        project = projects.find(options["slug"])
        model = field_extraction.model_for(project, options["model"])
        progress, results = Terminal("Extracting"), []
        for done, path in enumerate(options["files"]):
            progress.report(done, len(options["files"]), path.name)
            results.append(_extract(project, path, model))
        progress.report(len(results), len(results))
        return ExtractResult(model.name, results)

    def show(self, result: ExtractResult) -> None:
        for row in result.results:
            self.stdout.write(row.file if row.error is None else f"{row.file}: {row.error}")
            for name, answer in (row.fields or {}).items():
                confidence = "" if answer.confidence is None else f"  ({answer.confidence:.2f})"
                value = _counted(len(answer.rows)) if answer.rows else answer.value
                source = "" if answer.source == AnswerSource.STUDENT else f"  {answer.source}"
                doubtful = "  doubtful" if answer.doubtful else ""
                self.stdout.write(f"  {name}: {value if value is not None else '—'}{confidence}{source}{doubtful}")
                for item in answer.rows or ():
                    self.stdout.write(f"    {_row(item)}")
            if row.escalated not in (None, Outcome.OFF, Outcome.NOT_NEEDED):
                self.stdout.write(f"  teacher: {row.escalated}, {row.usd:.4f} dollars")

    def failed(self, result: ExtractResult) -> bool:
        return any(row.error for row in result.results)


def _counted(rows: int) -> str:
    return "1 row" if rows == 1 else f"{rows} rows"


def _row(row: RowAnswer) -> str:
    cells = "; ".join(f"{name}: {cell.value}" for name, cell in row.cells.items())
    return cells if row.confidence is None else f"{cells}  ({row.confidence:.2f})"


def _extract(project: Project, path: Path, model: ModelVersion) -> FileResult:
    try:
        return answering.answer(project, str(path), path, model=model).result
    except OSError as error:
        return FileResult(str(path), error=f"{error.strerror}.")
