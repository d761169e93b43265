from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandParser

from extraction.domain.evaluation.proportions import SURE
from extraction.domain.label_quality.stopping import TARGET
from extraction.management.base import Error, KdCommand
from extraction.services.projects import projects
from extraction.services.review.questions import standing
from extraction.services.review.questions.standing import Known


class Command(KdCommand[Known]):
    help = "Tells how many labels of a project are at most still wrong, and how many questions would show a target."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug")
        parser.add_argument(
            "--target", type=_share, default=TARGET, metavar="SHARE", help=f"share of wrong labels, by default {TARGET}"
        )

    def run(self, options: Mapping[str, Any]) -> Known:
        return standing.known(projects.find(options["slug"]), options["target"])

    def show(self, result: Known) -> None:
        found = result.standing
        bound = "not known" if found.bound is None else f"{found.bound:.4f} ({SURE:.0%} sure)"
        rows = {
            "labels": found.labels,
            "nobody looked at": found.unseen,
            "doubtful": found.doubtful,
            "random answers": found.asked,
            "of these wrong": found.wrong,
            "still wrong at most": bound,
            f"until {result.target:g}": f"{result.ahead.questions} questions in {result.ahead.rounds} rounds",
        }
        for name, value in rows.items():
            self.stdout.write(f"{name:<22}{value}")


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 < share < 1:
        raise Error(f"--target takes a share between 0 and 1, not {text!r}.") from None
    return share
