import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from extraction.domain.json_types import JsonObject
from extraction.domain.learning.training import Settings
from extraction.management.base import KdCommand, Terminal
from extraction.services.errors import Invalid
from extraction.services.projects import projects
from extraction.services.training import advice, sentences, snapshots, training_runs


class Command(KdCommand):
    help = "Trains a student in this process; a run that was stopped goes on from its last checkpoint."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug")
        parser.add_argument("--name", required=True)
        parser.add_argument("--labels", choices=snapshots.choices(), default="best")
        parser.add_argument("--config", type=Path, metavar="FILE.toml", help="what differs from the default student")
        parser.add_argument("--minutes", type=float, default=20, metavar="M", help="wall clock, everything included")
        parser.add_argument("--seed", type=int, default=0)

    def run(self, options: Mapping[str, Any]) -> JsonObject:
        run = training_runs.train_here(
            projects.find(options["slug"]),
            name=options["name"],
            labels=options["labels"],
            config=_config(options["config"]),
            minutes=options["minutes"],
            seed=options["seed"],
            progress=Terminal("Training"),
        ).run
        return {
            "name": run.name,
            "state": run.state.value,
            "seconds": run.seconds,
            "documents": len(run.snapshot.items) if run.snapshot else 0,
            "validation": run.validation,
            "stopped_because": run.stopped_because,
            "advice": [sentences.advice_json(piece) for piece in advice.of_run(run)],
        }

    def show(self, result: Mapping[str, Any]) -> None:
        self.stdout.write(f"{result['name']}: {result['documents']} documents, {result['seconds']:.0f} s.")
        self.stdout.write(result["stopped_because"])
        if result["validation"]:
            self.stdout.write(f"mean ANLS on the validation part: {result['validation']['mean_anls']:.3f}")


def _config(path: Path | None) -> Settings:
    if path is None:
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Invalid(f"{path} is not valid TOML: {error}.") from None
