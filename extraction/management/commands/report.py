from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.management.base import CommandParser

from extraction.domain.json_types import JsonObject
from extraction.domain.results.costs import USUAL
from extraction.domain.results.provenance import Recount
from extraction.domain.results.reports import ReportValue
from extraction.management.base import KdCommand, Terminal
from extraction.models import Split
from extraction.services.jobs import execution
from extraction.services.projects import projects
from extraction.services.reports import messages, reports, verdict
from extraction.services.reports.corpus import AGAINST
from extraction.services.reports.costs import priced
from extraction.services.reports.tables import again
from extraction.services.reports.tables import messages as table_messages
from extraction.services.reports.tables.summary import summary
from extraction.services.serving import registry


@dataclass(frozen=True, slots=True)
class Reported:
    """A written report by its number, what is said about it in short, and its last recount."""

    report: int
    value: ReportValue
    recount: Recount | None
    sentences: tuple[str, ...]

    def to_json(self) -> JsonObject:
        recount = self.recount.to_json() if self.recount else None
        return {"report": self.report, "recount": recount, **self.value.to_json()}


class Command(KdCommand[Reported]):
    help = "Writes a report in this process, or computes one again from what was frozen with it."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug")
        parser.add_argument(
            "--system",
            action="append",
            default=[],
            metavar="NAME|teacher|claim|rules",
            help="may be repeated; without it teacher, serving student and rules",
        )
        parser.add_argument("--split", choices=Split.values, default=Split.TEST)
        parser.add_argument("--against", choices=AGAINST, default="truth")
        parser.add_argument(
            "--stored", action="store_true", help="take answers that students gave before, where there are any"
        )
        parser.add_argument("--again", type=int, metavar="NUMBER", help="compute this report again and compare numbers")

    def run(self, options: Mapping[str, Any]) -> Reported:
        project = projects.find(options["slug"])
        if options["again"] is not None:
            row = again.start(reports.find(project, options["again"]), send=False)
            job, name = row.recount_job, "Computing again"
        else:
            row = reports.start(
                project,
                split=options["split"],
                against=options["against"],
                systems=options["system"],
                stored=options["stored"],
                send=False,
            )
            job, name = row.job, "The report"
        if job is not None:
            execution.run_now(job, Terminal(name), name=name)
        row = reports.find(project, row.pk)
        value = reports.written(row)
        serving = registry.serving(project)
        found = summary(value, list(priced(project, value, USUAL)), USUAL, serving.name if serving else "")
        said = [messages.of_verdict(each) for each in verdict.verdicts(value)]
        if found is not None:
            parts = table_messages.good_enough(found), table_messages.saves(found.saving), table_messages.fails(found)
            said = [sentence for part in parts for sentence in part]
        said += [table_messages.of_recount(row.last_recount)] if row.last_recount else []
        return Reported(row.pk, value, row.last_recount, tuple(said))

    def show(self, result: Reported) -> None:
        value = result.value
        self.stdout.write(f"Report {result.report}: {value.documents} documents of split {value.split}. {value.note}")
        self.stdout.write(f"{'system':<24}{'mean ANLS':>11}{'95 % interval':>18}{'all fields':>12}{'documents/s':>13}")
        for system in value.systems:
            low, high = system.scores.mean_anls_ci95
            speed = "–" if system.documents_per_second is None else f"{system.documents_per_second:.2f}"
            self.stdout.write(
                f"{system.name:<24}{system.scores.mean_anls:>11.3f}{f'{low:.3f} – {high:.3f}':>18}"
                f"{system.scores.all_fields:>12.3f}{speed:>13}"
            )
        for sentence in result.sentences:
            self.stdout.write(sentence)
