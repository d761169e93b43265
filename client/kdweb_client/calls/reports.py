# Made by client/generate.py from the OpenAPI document.
"""How well teacher, student and rules read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from kdweb_client.calling import Calls, address
from kdweb_client.schemas.reports import Report, ReportDetail


class ReportsCalls(Calls):
    """How well teacher, student and rules read."""

    def list_reports(self) -> Iterator[Report]:
        """List reports.

        Newest first.
        """
        return self._list(Report, address("projects", self._project, "reports"))

    def write_report(
        self,
        *,
        against: Literal["truth", "best"] = "truth",
        split: Any = "test",
        stored: bool = False,
        systems: list[str] | None = None,
        idempotency_key: str | None = None,
    ) -> ReportDetail:
        """Write a report.

        Queues the comparison; ask for the report until it is done.

        `stored`: Take answers that students gave before, where there are any.
        `systems`: Names, or `teacher`, `rules`, `claim`; empty: the usual ones.
        `idempotency_key`: A name for this request; one is made up where none is given.
        """
        return self._object(
            ReportDetail,
            "POST",
            address("projects", self._project, "reports"),
            body={"against": against, "split": split, "stored": stored, "systems": systems},
            key=idempotency_key,
        )

    def report(self, id: int) -> ReportDetail:
        """A report with its worst answers."""
        return self._object(ReportDetail, "GET", address("projects", self._project, "reports", id))

    def recount_report(self, id: int, *, idempotency_key: str | None = None) -> ReportDetail:
        """Compute a report again.

        From the documents, labels and answers that were frozen with it; `recount` then says whether the numbers are
        the same.

        `idempotency_key`: A name for this request; one is made up where none is given.
        """
        return self._object(
            ReportDetail, "POST", address("projects", self._project, "reports", id, "recount"), key=idempotency_key
        )
