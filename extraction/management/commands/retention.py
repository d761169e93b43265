import argparse
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.core.management.base import CommandParser

from extraction.domain.progress import Silent
from extraction.management.base import KdCommand
from extraction.models import Retention
from extraction.services.privacy import messages, retention, settings
from extraction.services.privacy.retention import Plan
from extraction.services.projects import projects

PERIODS = ("answers", "unreviewed", "rejected", "documents")
FOR_EVER = "ever"


class Command(KdCommand[Plan]):
    help = "Shows what a project keeps for how long and what goes next, and changes it."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug")
        for name in PERIODS:
            parser.add_argument(f"--{name}", type=_days, metavar="DAYS", help=f"a number of days, or {FOR_EVER}")
        parser.add_argument("--when", choices=Retention.When.values, help="when models forget deleted documents")
        parser.add_argument("--versions", choices=Retention.Versions.values, help="which of them are trained again")
        hold = parser.add_mutually_exclusive_group()
        hold.add_argument("--hold", action="store_const", const=True, dest="held", help="a legal hold on the project")
        hold.add_argument("--release", action="store_const", const=False, dest="held", help="end the hold")
        parser.add_argument("--now", action="store_true", help="delete what is due in this process, not at night")

    def run(self, options: Mapping[str, Any]) -> Plan:
        project = projects.find(options["slug"])
        wanted: dict[str, Any] = {
            name: None if options[name] == FOR_EVER else options[name] for name in PERIODS if options[name] is not None
        }
        if options["when"]:
            wanted["when"] = Retention.When(options["when"])
        if options["versions"]:
            wanted["versions"] = Retention.Versions(options["versions"])
        if wanted:
            settings.change(project, replace(settings.of(project), **wanted))
        if options["held"] is not None:
            settings.hold(project, options["held"])
        if options["now"]:
            retention.run(project.pk, Silent())
        return retention.plan(project)

    def show(self, result: Plan) -> None:
        if result.held:
            self.stdout.write("Under a legal hold: nothing is deleted.")
        for rule in result.rules:
            kept = f"{rule.days} days" if rule.days else "for ever"
            line = f"{messages.RULES[rule.rule]}: {kept}, {rule.number} go at {result.night:%Y-%m-%d %H:%M}"
            self.stdout.write(line + (f", the next after {rule.later:%Y-%m-%d}" if rule.later else "") + ".")
        if result.held_documents:
            self.stdout.write(f"{result.held_documents} documents are held for themselves.")


def _days(text: str) -> int | str:
    if text == FOR_EVER:
        return text
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"a number of days or {FOR_EVER}") from None
