from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from extraction.management.base import KdCommand, Terminal
from extraction.models import ModelVersion, Project
from extraction.services.projects import projects
from extraction.services.serving import field_extraction


class Command(KdCommand):
    help = "Reads the fields of files that need not be in the project; the promoted model by default."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug")
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--model", metavar="NAME")

    def run(self, options: Mapping[str, Any]) -> dict[str, Any]:
        project = projects.find(options["slug"])
        model = field_extraction.model_for(project, options["model"])
        progress, results = Terminal("Extracting"), []
        for done, path in enumerate(options["files"]):
            progress.report(done, len(options["files"]), path.name)
            results.append(_extract(project, path, model))
        progress.report(len(results), len(results))
        return {"model": model.name, "results": results}

    def show(self, result: Mapping[str, Any]) -> None:
        for row in result["results"]:
            self.stdout.write(row["file"] if row["error"] is None else f"{row['file']}: {row['error']}")
            for name, field in (row["fields"] or {}).items():
                confidence = "" if field["confidence"] is None else f"  ({field['confidence']:.2f})"
                self.stdout.write(f"  {name}: {field['value'] if field['value'] is not None else '—'}{confidence}")

    def failed(self, result: Mapping[str, Any]) -> bool:
        return any(row["error"] for row in result["results"])


def _extract(project: Project, path: Path, model: ModelVersion) -> dict[str, Any]:
    try:
        return field_extraction.extract_file(project, str(path), path, model=model)
    except OSError as error:
        return {"file": str(path), "error": f"{error.strerror}.", "fields": None, "timing_ms": None}
