from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.management.base import CommandParser

from extraction.domain.json_types import JsonObject
from extraction.management.base import KdCommand
from extraction.models import AuditAction, AuditEntry
from extraction.services.audit_log import chain, listing
from extraction.services.audit_log.chain import Fault, Verification
from extraction.services.audit_log.listing import Filter
from extraction.services.projects import projects

FAULTS = {
    Fault.CHANGED: "Entry {entry} was changed after it was written.",
    Fault.MISSING: "Entries before {entry} are missing, or were put in.",
    Fault.CUT_OFF: "The digest that was noted is not in the log: entries were cut off, or the chain was written anew.",
}


@dataclass(frozen=True, slots=True)
class AuditLog:
    """Entries, the newest first, or what following the chain found."""

    entries: Sequence[AuditEntry]
    verification: Verification | None

    def to_json(self) -> JsonObject:
        return {
            "entries": [entry.to_json() for entry in self.entries],
            "verification": self.verification.to_json() if self.verification else None,
        }


class Command(KdCommand[AuditLog]):
    help = "Lists the audit log of a project or, without one, of the installation; --verify follows its chain."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug", nargs="?")
        parser.add_argument("--limit", type=int, default=50, metavar="N", help="entries at most (%(default)s)")
        parser.add_argument("--action", choices=AuditAction.values, metavar="NAME", help=", ".join(AuditAction.values))
        parser.add_argument("--actor", default="", metavar="USER")
        parser.add_argument("--verify", action="store_true", help="whether the whole log is as it was written")
        parser.add_argument("--known", default="", metavar="DIGEST", help="for --verify: a digest noted earlier")

    def run(self, options: Mapping[str, Any]) -> AuditLog:
        if options["verify"]:
            return AuditLog((), chain.verify(options["known"]))
        project = projects.find(options["slug"]) if options["slug"] else None
        condition = Filter(action=options["action"] or "", actor=options["actor"])
        return AuditLog(list(listing.entries(project, condition)[: max(options["limit"], 0)]), None)

    def show(self, result: AuditLog) -> None:
        found = result.verification
        if found is not None:
            if found.fault is not None:
                self.stdout.write(FAULTS[found.fault].format(entry=found.entry))
            else:
                self.stdout.write(f"{found.entries} entries are as they were written; the newest has the digest")
                self.stdout.write(found.digest)
            return
        for entry in result.entries:
            self.stdout.write(
                f"{entry.pk:>8}  {entry.moment:%Y-%m-%d %H:%M:%S}  {entry.actor or '-':<16} {entry.door:<8} "
                f"{entry.action:<20} {entry.project or '-':<16} {entry.name or f'{entry.kind} {entry.subject}'.strip()}"
            )

    def failed(self, result: AuditLog) -> bool:
        return result.verification is not None and result.verification.fault is not None
