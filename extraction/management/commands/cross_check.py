from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from extraction.domain.json_types import JsonObject
from extraction.domain.learning.folds import FEWEST_FOLDS, MOST_FOLDS
from extraction.management.base import KdCommand, Terminal
from extraction.management.settings_file import read_settings
from extraction.models import CrossCheck
from extraction.services.projects import projects
from extraction.services.quality import assessments
from extraction.services.training.cross_checks import checks, results
from extraction.services.training.cross_checks.results import FieldResult


@dataclass(frozen=True, slots=True)
class CheckResult:
    """A cross-check that is complete, and what students say about the labels of now."""

    check: CrossCheck
    fields: tuple[FieldResult, ...]

    @property
    def documents(self) -> int:
        return sum(outcome.documents for outcome in self.check.read.values())

    @property
    def seconds(self) -> float:
        return sum(outcome.seconds for outcome in self.check.read.values())

    def to_json(self) -> JsonObject:
        return {
            "id": self.check.pk,
            "state": self.check.state.value,
            "folds": self.check.folds,
            "documents": self.documents,
            "seconds": self.seconds,
            "fields": [asdict(each) for each in self.fields],
        }


class Command(KdCommand[CheckResult]):
    help = (
        "Checks a project's labels in this process with students that did not learn from them; one that was stopped "
        "goes on with the fold where it stood."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug")
        parser.add_argument(
            "--folds", type=int, default=checks.FOLDS, metavar="N", help=f"{FEWEST_FOLDS} to {MOST_FOLDS} trainings"
        )
        parser.add_argument(
            "--minutes", type=float, default=checks.MINUTES, metavar="M", help="wall clock of all trainings together"
        )
        parser.add_argument("--config", type=Path, metavar="FILE.toml", help="what differs from the default student")
        parser.add_argument("--seed", type=int, default=0)

    def run(self, options: Mapping[str, Any]) -> CheckResult:
        project, progress = projects.find(options["slug"]), Terminal("Cross-check")
        row = checks.check_here(
            project,
            progress,
            folds=options["folds"],
            minutes=options["minutes"],
            config=read_settings(options["config"]),
            seed=options["seed"],
        )
        # A worker would do it too, if one runs.
        assessments.run(project.pk, progress)
        return CheckResult(row, tuple(results.of_fields(project)))

    def show(self, result: CheckResult) -> None:
        self.stdout.write(f"{result.documents} documents in {result.check.folds} folds, {result.seconds:.0f} s.")
        self.stdout.write(f"{'field':<20}{'labels':>8}{'agrees':>8}{'differs':>9}")
        for each in result.fields:
            self.stdout.write(f"{each.field:<20}{each.labels:>8}{each.agrees:>8}{each.differs:>9}")
