"""Whether the audit log is as it was written."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from extraction.domain.json_types import JsonObject
from extraction.models import AuditEntry
from extraction.models.audit_log.entries import GENESIS


class Fault(StrEnum):
    CHANGED = "changed"
    """An entry says something else than when it was written."""
    MISSING = "missing"
    """Entries before this one are gone, or were put in."""
    CUT_OFF = "cut_off"
    """The digest that was noted before is not in the log any more."""


@dataclass(frozen=True, slots=True)
class Verification:
    """The number of entries, the digest of the newest, and the first fault with the number of its entry."""

    entries: int
    digest: str
    fault: Fault | None = None
    entry: int | None = None

    def to_json(self) -> JsonObject:
        return {
            "entries": self.entries,
            "digest": self.digest,
            "fault": self.fault.value if self.fault else None,
            "entry": self.entry,
        }


def verify(known: str = "") -> Verification:
    """Follow the chain from its start. `known`: a digest that was noted earlier, which must be in it.

    Whoever can write to the database can also compute a chain anew, or cut off its end: only a digest that was noted
    elsewhere tells.
    """
    last, count, seen = GENESIS, 0, not known or known == GENESIS
    for entry in AuditEntry.objects.order_by("pk").iterator(chunk_size=2000):
        if entry.previous != last:
            return Verification(count, last, Fault.MISSING, entry.pk)
        if entry.computed_digest() != entry.digest:
            return Verification(count, last, Fault.CHANGED, entry.pk)
        last, count = entry.digest, count + 1
        seen = seen or last == known
    return Verification(count, last, None if seen else Fault.CUT_OFF)
