# Made by client/generate.py from the OpenAPI document.
"""Who did what, and when."""

from __future__ import annotations

from collections.abc import Iterator

from kdweb_client.calling import Calls, address
from kdweb_client.schemas.audit_log import AuditAction, Entry


class AuditLogCalls(Calls):
    """Who did what, and when."""

    def audit_log(
        self, *, action: AuditAction | None = None, since: str | None = None, until: str | None = None
    ) -> Iterator[Entry]:
        """List the audit log.

        Newest first. Nobody changes or deletes an entry.

        `action`: Only such entries.
        `since`: Only entries of this day, by UTC, or later.
        `until`: Only entries of this day, by UTC, or earlier.
        """
        return self._list(
            Entry,
            address("projects", self._project, "audit-log"),
            query={"action": action, "since": since, "until": until},
        )
