from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.management.base import CommandParser

from extraction.domain.errors import quoted
from extraction.management.base import KdCommand
from extraction.models import Automation
from extraction.services.automation import decisions, settings, state
from extraction.services.automation import messages as sentences
from extraction.services.automation.settings import Settings
from extraction.services.automation.state import State
from extraction.services.errors import Conflict, Invalid
from extraction.services.projects import projects

NUMBERS = ("corrections", "labels", "minutes", "weekly_minutes", "margin", "field_margin")
STEPS = 10


class Command(KdCommand[State]):
    help = "Shows what a project does by itself after corrections, changes it, and answers its open question."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug")
        switch = parser.add_mutually_exclusive_group()
        switch.add_argument("--on", action="store_const", const=True, dest="active", help="train by itself from now on")
        switch.add_argument("--off", action="store_const", const=False, dest="active", help="cancels nothing")
        parser.add_argument("--promotion", choices=Automation.Promotion.values, help="what becomes of a new model")
        parser.add_argument("--corrections", type=int, metavar="N", help="train after so many corrections")
        parser.add_argument("--labels", type=int, metavar="N", help="or after so many other new labels")
        parser.add_argument("--minutes", type=float, metavar="M", help="wall clock of one training")
        parser.add_argument("--weekly-minutes", type=float, metavar="M", help="of all in seven days")
        parser.add_argument("--margin", type=float, metavar="SHARE", help="mean ANLS that a model may surely lose")
        parser.add_argument("--field-margin", type=float, metavar="SHARE", help="ANLS that a field may lose")
        parser.add_argument("--monthly-usd", metavar="USD", help="for hints in thirty days")
        parser.add_argument("--answer", choices=("promote", "keep"), help="the answer to the open question")

    def run(self, options: Mapping[str, Any]) -> State:
        project = projects.find(options["slug"])
        if options["answer"]:
            asked = decisions.question(project)
            if asked is None or asked.step.run_id is None:
                raise Conflict("There is no open question.")
            decisions.answer(project, asked.step.run_id, promote=options["answer"] == "promote")
        before = Settings.of(settings.of(project))
        wanted = replace(before, **_chosen(options))
        if wanted != before:
            settings.change(project, wanted)
        return state.of(project)

    def show(self, result: State) -> None:
        chosen = result.settings
        self.stdout.write(
            f"{'on' if chosen.active else 'off'}: after {chosen.corrections} corrections or {chosen.labels} new "
            f"labels, at most {chosen.minutes:g} min each, {chosen.weekly_minutes:g} min in seven days, "
            f"promotion: {chosen.promotion}."
        )
        self.stdout.write(result.sentence + (f" {result.upcoming.at:%Y-%m-%d %H:%M}." if result.upcoming.at else ""))
        if result.question:
            self.stdout.write(f"Question: promote {result.question.model}? Answer with --answer promote or keep.")
            for reason in result.reasons:
                self.stdout.write(f"  {reason}")
        for step in result.steps[:STEPS]:
            about = [step.run.name] if step.run else []
            line = " ".join([step.get_kind_display(), *about, sentences.of_step(step)])
            self.stdout.write(f"{step.created:%Y-%m-%d %H:%M}  {line}".rstrip())


def _chosen(options: Mapping[str, Any]) -> dict[str, Any]:
    """The settings that are named."""
    chosen = {name: options[name] for name in ("active", *NUMBERS) if options[name] is not None}
    if options["promotion"] is not None:
        chosen["promotion"] = Automation.Promotion(options["promotion"])
    if options["monthly_usd"] is not None:
        chosen["monthly_usd"] = _dollars(options["monthly_usd"])
    return chosen


def _dollars(text: str) -> Decimal:
    with suppress(InvalidOperation):
        # Signalling ones cannot even be compared.
        if not (dollars := Decimal(text)).is_snan():
            return dollars
    raise Invalid(f"--monthly-usd must be a number of dollars, not {quoted(text)}.")
