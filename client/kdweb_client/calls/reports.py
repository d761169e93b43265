# Made by client/generate.py from the OpenAPI document.
"""How well teacher, student and rules read."""

from __future__ import annotations

from collections.abc import Iterator

from kdweb_client.calling import Calls, address
from kdweb_client.schemas.reports import Report, ReportDetail


class ReportsCalls(Calls):
    """How well teacher, student and rules read."""

    def list_reports(self) -> Iterator[Report]:
        """List reports.

        Newest first.
        """
        return self._list(Report, address("projects", self._project, "reports"))

    def report(self, id: int) -> ReportDetail:
        """A report with its worst answers."""
        return self._object(ReportDetail, "GET", address("projects", self._project, "reports", id))
