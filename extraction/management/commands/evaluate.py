from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandParser

from extraction.domain.evaluation.bootstrap import Interval
from extraction.domain.evaluation.line_items import GroupScore
from extraction.domain.evaluation.scoring import Evaluation
from extraction.domain.results.reports import SystemEvaluation
from extraction.management.base import KdCommand, Terminal
from extraction.models import Split
from extraction.services.projects import projects
from extraction.services.reports.corpus import AGAINST
from extraction.services.reports.evaluate import evaluate_system

# Figures of a group in the order in which they are shown.
FIGURES = {
    "cell_f1": "cell F1",
    "row_f1": "row F1",
    "row_count_right": "right number of rows",
    "nted": "tree-edit accuracy",
    "anls_star": "ANLS*",
    "work_left": "work left",
    "corrections": "corrections a document",
}


class Command(KdCommand[SystemEvaluation]):
    help = "Scores a system on a split: ANLS, exact and normalised exact per field, the rows of groups, with intervals."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug")
        parser.add_argument("--system", required=True, metavar="NAME|teacher|claim|rules")
        parser.add_argument("--split", choices=Split.values, default=Split.TEST)
        parser.add_argument("--against", choices=AGAINST, default="truth")

    def run(self, options: Mapping[str, Any]) -> SystemEvaluation:
        return evaluate_system(
            projects.find(options["slug"]),
            options["system"],
            split=options["split"],
            against=options["against"],
            progress=Terminal("Evaluating"),
        )

    def show(self, result: SystemEvaluation) -> None:
        scores = result.scores
        self.stdout.write(f"{result.system} on {scores.documents} documents of split {result.split}")
        self.stdout.write(result.note)
        if scores.fields:
            self._show_fields(scores)
        for name, group in scores.groups.items():
            self._show_group(name, group)
        speed = result.documents_per_second
        shown = "not measured, its answers were recorded" if speed is None else f"{speed:.2f}"
        self.stdout.write(f"documents a second: {shown}")

    def _show_fields(self, scores: Evaluation) -> None:
        self.stdout.write(f"{'field':<20}{'n':>5}{'ANLS':>8}{'95 % interval':>18}{'exact':>8}{'normalised':>12}")
        for name, score in scores.fields.items():
            self.stdout.write(
                f"{name:<20}{score.n:>5}{score.anls:>8.3f}{_interval(score.anls_ci95):>18}"
                f"{score.exact:>8.3f}{score.normalized_exact:>12.3f}"
            )
        self.stdout.write(f"{'mean':<25}{scores.mean_anls:>8.3f}{_interval(scores.mean_anls_ci95):>18}")
        self.stdout.write(f"all fields right: {scores.all_fields:.3f}")

    def _show_group(self, name: str, score: GroupScore) -> None:
        self.stdout.write(f"{f'rows of {name}':<20}{score.n:>5}{'':>8}{'95 % interval':>18}")
        for figure, title in FIGURES.items():
            estimate = score.figure(figure)
            self.stdout.write(f"  {title:<23}{estimate.value:>8.3f}{_interval(estimate.ci95):>18}")


def _interval(bounds: Interval) -> str:
    return f"{bounds[0]:.3f} – {bounds[1]:.3f}"
