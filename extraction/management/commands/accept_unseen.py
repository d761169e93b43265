from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext

from extraction.management.base import Error, KdCommand
from extraction.models import Project, Scope, User
from extraction.services.errors import Invalid, NotFound
from extraction.services.projects import accounts, projects, roles, tokens
from extraction.services.review.questions import messages, unseen


@dataclass(frozen=True, slots=True)
class Decided:
    """What was accepted, or what is to be accepted without `done`; `undone` and `kept` are numbers of labels."""

    project: str
    documents: int
    wrong: float
    done: bool = False
    undone: int | None = None
    kept: int | None = None


class Command(KdCommand[Decided]):
    help = "Accepts the waiting documents of which each label is surely right, without a look at them."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug")
        parser.add_argument("--user", metavar="NAME", help="the owner who decides it; without it, only tells how many")
        parser.add_argument("--undo", action="store_true", help="takes the newest decision back")

    def run(self, options: Mapping[str, Any]) -> Decided:
        project = projects.find(options["slug"])
        if options["user"] is None:
            if options["undo"]:
                raise Error("--undo needs --user: the owner who takes it back.")
            found = unseen.acceptable(project)
            return Decided(project.slug, found.documents, found.wrong)
        owner = _owner(project, options["user"])
        if not options["undo"]:
            row = unseen.accept(project, actor=owner)
            return Decided(project.slug, row.documents, row.wrong, done=True)
        newest = unseen.latest(project)
        if newest is None:
            raise NotFound(messages.NO_ACCEPTANCE)
        undone = unseen.undo(project, newest.pk, actor=owner)
        return Decided(project.slug, newest.documents, newest.wrong, True, undone.taken_back, undone.kept)

    def show(self, result: Decided) -> None:
        if result.undone is not None:
            self.stdout.write(messages.taken_back(result.undone, result.kept or 0))
        elif result.done:
            self.stdout.write(messages.accepted_unseen(result.documents))
        elif not result.documents:
            self.stdout.write(gettext(messages.NOTHING_SURE))
        else:
            self.stdout.write(unseen.Acceptable(result.documents, result.wrong).sentence)


def _owner(project: Project, name: str) -> User:
    """The user of that name, who owns the project. Raises `NotFound`, and `Invalid` for everybody else."""
    user = accounts.find_user(name)
    if Scope.MANAGE not in tokens.scopes_of(project, user):
        raise Invalid(roles.needed(tokens.NEEDED[Scope.MANAGE]))
    return user
