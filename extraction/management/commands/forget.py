from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.management.base import CommandParser

from extraction.domain.json_types import JsonObject
from extraction.management.base import KdCommand
from extraction.models import Document, Project
from extraction.services.documents import intake
from extraction.services.errors import NotFound
from extraction.services.privacy import deletions, messages
from extraction.services.privacy.forgetting import due, evidence, lineage, verify
from extraction.services.privacy.forgetting.evidence import Evidence
from extraction.services.privacy.forgetting.lineage import Learner
from extraction.services.privacy.forgetting.verify import Verification
from extraction.services.projects import projects


@dataclass(frozen=True, slots=True)
class Asked:
    """A document that is to be deleted, what learned from it, and whether it is `deleted` now."""

    document: str
    sha256: str
    learners: list[Learner]
    deleted: bool

    def to_json(self) -> JsonObject:
        return {
            "document": self.document,
            "sha256": self.sha256,
            "learners": [
                {
                    "name": learner.run.name,
                    "model": learner.model is not None,
                    "uses": [use.value for use in learner.uses],
                }
                for learner in self.learners
            ],
            "deleted": self.deleted,
        }


class Command(KdCommand[Evidence | Verification | Asked]):
    help = "Shows what models owe after documents were deleted, begins it, and looks for what is left of them."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug")
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--list", action="store_true", help="what is owed and was forgotten (the default)")
        what.add_argument("--now", action="store_true", help="begin what is owed; workers do it")
        what.add_argument(
            "--verify", action="store_true", help="look through everything stored; ends with 1 where something is left"
        )
        what.add_argument("--document", metavar="HASH", help="which models learned from a document, by its SHA-256")
        parser.add_argument("--yes", action="store_true", help="with --document: delete it")

    def run(self, options: Mapping[str, Any]) -> Evidence | Verification | Asked:
        project = projects.find(options["slug"])
        deletions.settle()
        if options["document"]:
            return _document(project, options["document"], delete=options["yes"])
        if options["verify"]:
            return verify.verify(project)
        if options["now"]:
            due.start(project)
        return evidence.of(project)

    def show(self, result: Evidence | Verification | Asked) -> None:
        match result:
            case Evidence():
                self._show_evidence(result)
            case Verification():
                self._show_verification(result)
            case Asked():
                for learner in result.learners:
                    self.stdout.write(messages.of_learner(learner))
                done = "is deleted" if result.deleted else "is not deleted: say so with --yes"
                self.stdout.write(f"{result.document} {done}.")

    def _show_evidence(self, result: Evidence) -> None:
        self.stdout.write(f"{result.deleted} documents were deleted; models forget them: {result.when.label.lower()}.")
        for entry in result.entries:
            row = entry.row
            parts = [entry.run.name, row.get_state_display(), f"{len(entry.learned)} documents"]
            parts += [messages.of_learned(entry.learned)]
            if row.replacement:
                parts.append(f"successor {row.replacement.name}")
            if row.due:
                parts.append(f"due {row.due:%Y-%m-%d %H:%M}")
            if row.files_deleted:
                parts.append(f"files deleted {row.files_deleted:%Y-%m-%d %H:%M}")
            self.stdout.write("  ".join([*parts, row.problem]).rstrip())

    def _show_verification(self, result: Verification) -> None:
        for document in result.documents:
            left = [f"{each.place.value} {each.number} {', '.join(each.names)}".rstrip() for each in document.left]
            self.stdout.write(f"{document.sha256}  {'; '.join(left) or 'nothing is left'}")
        number = sum(bool(document.left) for document in result.documents)
        total = len(result.documents)
        self.stdout.write(f"{total} documents were deleted; something is left of {number}. Backups were not looked at.")

    def failed(self, result: Evidence | Verification | Asked) -> bool:
        return isinstance(result, Verification) and not result.clean


def _document(project: Project, sha256: str, *, delete: bool) -> Asked:
    rows = Document.objects.filter(project=project, sha256=sha256)
    row = rows.select_related("project").first()
    if row is None:
        raise NotFound("The project has no document with this hash.")
    found = Asked(row.name, row.sha256, lineage.of_documents(project, rows), delete)
    if delete:
        intake.delete(row)
        deletions.settle()
    return found
