from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from extraction.domain.json_types import JsonObject
from extraction.management.base import KdCommand, Terminal
from extraction.management.settings_file import read_settings
from extraction.models import TrainingRun
from extraction.services.projects import projects
from extraction.services.training import advice, messages, snapshots, sufficiency, training_runs


@dataclass(frozen=True, slots=True)
class TrainResult:
    run: TrainingRun

    @property
    def documents(self) -> int:
        return len(self.run.snapshot.items) if self.run.snapshot else 0

    @property
    def warnings(self) -> list[str]:
        return messages.of_sufficiency(sufficiency.of_snapshot(self.run.snapshot)) if self.run.snapshot else []

    def to_json(self) -> JsonObject:
        return {
            "name": self.run.name,
            "state": self.run.state.value,
            "seconds": self.run.seconds,
            "documents": self.documents,
            "validation": self.run.validation,
            "stopped_because": self.run.stopped_because,
            "warnings": self.warnings,
            "advice": [messages.advice_json(piece) for piece in advice.of_run(self.run)],
        }


class Command(KdCommand[TrainResult]):
    help = "Trains a student in this process; a run that was stopped goes on from its last checkpoint."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug")
        parser.add_argument("--name", required=True)
        parser.add_argument("--labels", choices=snapshots.choices(), default="best")
        parser.add_argument("--config", type=Path, metavar="FILE.toml", help="what differs from the default student")
        parser.add_argument("--minutes", type=float, default=20, metavar="M", help="wall clock, everything included")
        parser.add_argument("--seed", type=int, default=0)

    def run(self, options: Mapping[str, Any]) -> TrainResult:
        project = projects.find(options["slug"])
        for sentence in messages.of_sufficiency(sufficiency.of_project(project, options["labels"])):
            self.stderr.write(sentence)
        run = training_runs.train_here(
            project,
            name=options["name"],
            labels=options["labels"],
            config=read_settings(options["config"]),
            minutes=options["minutes"],
            seed=options["seed"],
            progress=Terminal("Training"),
        ).run
        return TrainResult(run)

    def show(self, result: TrainResult) -> None:
        run = result.run
        self.stdout.write(f"{run.name}: {result.documents} documents, {run.seconds:.0f} s.")
        self.stdout.write(run.stopped_because)
        if run.evaluation:
            self.stdout.write(f"mean ANLS on the validation part: {run.evaluation.mean_anls:.3f}")
            for name, score in run.evaluation.groups.items():
                cells, rows = score.cell_f1.value, score.row_f1.value
                self.stdout.write(f"rows of {name} on the validation part: cell F1 {cells:.3f}, row F1 {rows:.3f}")
