from argparse import BooleanOptionalAction
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.management.base import CommandParser

from extraction.domain.errors import quoted
from extraction.management.base import KdCommand
from extraction.management.consent import agreed
from extraction.services.errors import Invalid
from extraction.services.projects import projects
from extraction.services.serving.escalation import curves, messages, settings, state
from extraction.services.serving.escalation.settings import Settings
from extraction.services.serving.escalation.state import State

# Shares of the curve that are printed.
SHARES = (0.0, 0.05, 0.1, 0.2, 0.5, 1.0)


class Command(KdCommand[State]):
    help = "Shows when a project's teacher reads beside its student, and changes it."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug")
        switch = parser.add_mutually_exclusive_group()
        switch.add_argument("--on", action="store_const", const=True, dest="active", help="ask from now on")
        switch.add_argument("--off", action="store_const", const=False, dest="active", help="takes consent back")
        parser.add_argument("--monthly-usd", metavar="USD", help="dollars in a calendar month, at most")
        parser.add_argument("--timeout", type=int, metavar="S", help="seconds that an extraction waits for the teacher")
        parser.add_argument(
            "--weight", action="append", default=[], metavar="FIELD=W", help="how much a field counts; 1 by default"
        )
        parser.add_argument(
            "--keep-unsure",
            action=BooleanOptionalAction,
            default=None,
            help="keep files whose answers stay unsure as documents that wait for review, also while it is off",
        )
        parser.add_argument("--measure", action="store_true", help="have the cost–quality curve measured by a worker")
        parser.add_argument("--yes", action="store_true", help="agree that pictures go to an outside provider")

    def run(self, options: Mapping[str, Any]) -> State:
        project = projects.find(options["slug"])
        before = Settings.of(settings.of(project))
        wanted = replace(before, **_chosen(options, before))
        now = state.of(project)
        # Also where it is on already: consent ends with another teacher.
        needs = wanted.active and not now.agreed and not now.problem
        if wanted != before or (needs and options["active"]):
            settings.change(project, wanted, consent=agreed(now.consent, yes=options["yes"]) if needs else "")
        if options["measure"]:
            curves.request(project)
        return state.of(project)

    def show(self, result: State) -> None:
        chosen = result.settings
        self.stdout.write(
            f"{'on' if chosen.active else 'off'}: {result.teacher or 'no teacher'}, at most {chosen.monthly_usd:.2f} "
            f"dollars a month, {chosen.timeout_seconds} s to answer."
        )
        if result.problem:
            self.stdout.write(result.problem)
        self.stdout.write(f"{result.spent:.4f} dollars this month.")
        for outcome, count in result.outcomes.items():
            self.stdout.write(f"  {count} {outcome.value}")
        if chosen.keep_unsure or result.kept_waiting:
            kept = "are" if chosen.keep_unsure else "are not"
            self.stdout.write(f"Files of unsure answers {kept} kept for review; {result.kept_waiting} wait.")
        if result.pace is not None:
            self.stdout.write(f"The money left pays for {result.pace.share:.1%} of the documents.")
        if result.curve:
            self.stdout.write(messages.of_evidence(result.curve))
            self.stdout.write("  escalated  right   random  dollars for 1,000")
            for point in map(result.curve.at, SHARES):
                usd = result.curve.dollars(point.share)
                cost = "not known" if usd is None else f"{usd:.2f}"
                self.stdout.write(f"  {point.share:9.0%}  {point.accuracy:.3f}   {point.random:.3f}  {cost}")
        if result.measuring:
            self.stdout.write("The curve is being measured.")
        elif result.curve_problem:
            self.stdout.write(result.curve_problem)


def _chosen(options: Mapping[str, Any], before: Settings) -> dict[str, Any]:
    """The settings that are named."""
    chosen: dict[str, Any] = {}
    if options["active"] is not None:
        chosen["active"] = options["active"]
    if options["timeout"] is not None:
        chosen["timeout_seconds"] = options["timeout"]
    if options["monthly_usd"] is not None:
        chosen["monthly_usd"] = _dollars(options["monthly_usd"])
    if options["keep_unsure"] is not None:
        chosen["keep_unsure"] = options["keep_unsure"]
    if options["weight"]:
        chosen["weights"] = dict(before.weights) | dict(map(_weight, options["weight"]))
    return chosen


def _dollars(text: str) -> Decimal:
    with suppress(InvalidOperation):
        # Signalling ones cannot even be compared.
        if not (dollars := Decimal(text)).is_snan():
            return dollars
    raise Invalid(f"--monthly-usd must be a number of dollars, not {quoted(text)}.")


def _weight(text: str) -> tuple[str, float]:
    name, _, weight = text.rpartition("=")
    with suppress(ValueError):
        if name:
            return name, float(weight)
    raise Invalid(f"--weight is a field and a number, such as total=2, not {quoted(text)}.")
