from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import CommandParser

from extraction.domain.results.costs import USUAL
from extraction.engines.atomic import atomic_write
from extraction.management.base import KdCommand
from extraction.models import Project
from extraction.services.errors import Invalid
from extraction.services.projects import projects
from extraction.services.reports import reports
from extraction.services.reports.export import recording
from extraction.services.reports.export.answers.given import Given
from extraction.services.reports.export.labelled_documents import Selected
from extraction.services.reports.export.registry import (
    ANSWER_EXPORTERS,
    PROJECT_EXPORTERS,
    REPORT_EXPORTERS,
    ROW_EXPORTERS,
    find,
)
from extraction.services.reports.export.report_files import PricedReport
from extraction.services.serving.answers.listing import Filter
from extraction.services.serving.batches import batches

Pieces = Iterable[str] | Iterable[bytes]


@dataclass(frozen=True, slots=True)
class ExportResult:
    """A finished export; `file` is `None` for stdout."""

    project: str
    format: str
    file: str | None


class Command(KdCommand[ExportResult]):
    help = (
        "Writes a project's best labels, the answers to programs, or a report, in a registered format; to stdout "
        "without --output."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug")
        parser.add_argument(
            "--format",
            metavar="NAME",
            help=f"of labels: {', '.join(PROJECT_EXPORTERS)}; of answers: {', '.join(ANSWER_EXPORTERS)}; "
            f"of a report: {', '.join(REPORT_EXPORTERS)}; "
            "default: the first",
        )
        parser.add_argument(
            "--group",
            metavar="NAME",
            default="",
            help=f"of {' and '.join(sorted(ROW_EXPORTERS))}: the group; default: the first",
        )
        parser.add_argument("--output", type=Path, metavar="FILE")
        parser.add_argument("--report", type=int, metavar="ID", help="that report instead of labels")
        parser.add_argument("--answers", action="store_true", help="what programs were answered instead of labels")
        parser.add_argument("--batch", type=UUID, metavar="ID", help="of --answers: those of this batch")
        parser.add_argument("--since", type=date.fromisoformat, metavar="DAY", help="of --answers: from that day (UTC)")
        parser.add_argument("--until", type=date.fromisoformat, metavar="DAY", help="of --answers: to that day (UTC)")

    def run(self, options: Mapping[str, Any]) -> ExportResult:
        output: Path | None = options["output"]
        if options["json"] and output is None:
            raise Invalid("--json needs --output: without it the export itself goes to stdout.")
        project = projects.find(options["slug"])
        narrowed = [f"--{name}" for name in ("batch", "since", "until") if options[name] is not None]
        if options["answers"] and options["report"] is not None:
            raise Invalid("--answers and --report exclude each other.")
        if narrowed and not options["answers"]:
            raise Invalid(f"{' and '.join(narrowed)}: only of --answers.")
        if options["answers"]:
            name, pieces = _answers(project, options)
        else:
            name, pieces = _export(project, options["format"], options["report"], options["group"])
        if output is None:
            self.stdout.ending = ""
            for piece in pieces:
                if isinstance(piece, bytes):
                    raise Invalid(f"The format {name} is no text: name a file with --output.")
                self.stdout.write(piece)
        else:
            _write(output, pieces)
        return ExportResult(project.slug, name, None if output is None else str(output))

    def show(self, result: ExportResult) -> None:
        if result.file is not None:
            self.stdout.write(f"{result.project} is written to {result.file} as {result.format}.")


def _export(project: Project, name: str | None, report: int | None, group: str) -> tuple[str, Pieces]:
    if report is None:
        of_labels = find(PROJECT_EXPORTERS, name)
        recording.record(of_labels, project)
        return of_labels.name, of_labels.write(Selected(project, group=group))
    of_report, row = find(REPORT_EXPORTERS, name), reports.find(project, report)
    recording.record(of_report, project, row)
    return of_report.name, of_report.write(PricedReport.of(project, row, USUAL))


def _answers(project: Project, options: Mapping[str, Any]) -> tuple[str, Pieces]:
    exporter, batch = find(ANSWER_EXPORTERS, options["format"]), options["batch"]
    found = None if batch is None else batches.find(project, batch)
    subject = Given(project, Filter(batch=found, since=options["since"], until=options["until"]))
    recording.record_answers(exporter, subject)
    return exporter.name, exporter.write(subject)


def _write(output: Path, pieces: Pieces) -> None:
    with atomic_write(output) as draft, draft.open("wb") as file:
        file.writelines(piece if isinstance(piece, bytes) else piece.encode() for piece in pieces)
