from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandParser

from extraction.domain.canaries.verdicts import Rule
from extraction.management.base import KdCommand
from extraction.services.errors import Invalid
from extraction.services.projects import projects
from extraction.services.serving import registry
from extraction.services.serving.canaries import lifecycle, messages, state
from extraction.services.serving.canaries.lifecycle import Wanted
from extraction.services.serving.canaries.state import State

ENDINGS = {"promote": lifecycle.promote, "rollback": lifecycle.roll_back, "stop": lifecycle.stop}


class Command(KdCommand[State]):
    help = "Lets a candidate version answer a share of the documents, compares it with the serving one, and ends that."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug")
        parser.add_argument("action", nargs="?", default="status", choices=["status", "start", *ENDINGS])
        parser.add_argument("name", nargs="?", help="the candidate, for `start`")
        parser.add_argument("--share", type=int, default=Wanted().share, metavar="P", help="per cent of the documents")
        parser.add_argument(
            "--margin", type=float, default=Rule().margin, help="mean ANLS (0–1) by which it may be worse"
        )
        parser.add_argument(
            "--documents", type=int, default=Rule().documents, metavar="N", help="so many are compared at least"
        )
        parser.add_argument(
            "--promote-by-itself", action="store_true", help="promote it once it is surely not worse, without asking"
        )

    def run(self, options: Mapping[str, Any]) -> State:
        project, action = projects.find(options["slug"]), options["action"]
        if (action == "start") != bool(options["name"]):
            raise Invalid("`start` needs the name of a model, and nothing else takes one.")
        if action == "start":
            wanted = Wanted(options["share"], options["margin"], options["documents"], options["promote_by_itself"])
            lifecycle.start(registry.find(project, options["name"]), wanted)
        elif action in ENDINGS:
            ENDINGS[action](project)
        return state.of(project)

    def show(self, result: State) -> None:
        self.stdout.write(messages.of_state(result))
        if result.canary is None:
            return
        if not result.canary.running:
            self.stdout.write(messages.of_ending(result.canary))
        found = result.figures
        for figure in (messages.of_documents, messages.of_lead, messages.of_expected, messages.of_times):
            if text := figure(found):
                self.stdout.write(text)
        if result.canary.running:
            for sentence in (messages.of_verdict(result), *messages.of_doubts(result)):
                self.stdout.write(sentence)
        self.stdout.write("  field                differ  checked  candidate  serving")
        for name, each in found.fields.items():
            candidate, serving = ("–" if score is None else f"{score:.3f}" for score in (each.candidate, each.serving))
            self.stdout.write(f"  {name:20} {each.differing:6} {each.checked:8} {candidate:>10} {serving:>8}")
