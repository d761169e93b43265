from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandParser

from extraction.domain.errors import quoted
from extraction.management.base import KdCommand, Terminal
from extraction.services.errors import Invalid
from extraction.services.projects import projects
from extraction.services.serving import answer_checks, guarantees, messages
from extraction.services.serving.guarantees import Standing


class Command(KdCommand[Standing]):
    help = "Shows and changes which answers of the serving model may be accepted unseen."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug")
        parser.add_argument(
            "--allow",
            action="append",
            default=[],
            metavar="FIELD=SHARE",
            help="share of wrong answers that a field may have, as 0.02; `none` accepts none unseen; may be repeated",
        )
        parser.add_argument("--check", action="store_true", help="let the model read what people checked by now")

    def run(self, options: Mapping[str, Any]) -> Standing:
        project = projects.find(options["slug"])
        if options["allow"]:
            guarantees.set_targets(project, dict(_target(text) for text in options["allow"]))
        if options["check"]:
            answer_checks.check_here(project, Terminal("Check"))
        return guarantees.of(project)

    def show(self, result: Standing) -> None:
        self.stdout.write(messages.of_check(result))
        for field in result.fields:
            self.stdout.write(f"{field.name}: {messages.of_guarantee(field)} {messages.of_agreement(field)}".rstrip())


def _target(text: str) -> tuple[str, float | None]:
    name, _, share = text.rpartition("=")
    if name and share == "none":
        return name, None
    try:
        return name, float(share)
    except ValueError:
        raise Invalid(f"--allow wants FIELD=SHARE, as total=0.02, not {quoted(text)}.") from None
