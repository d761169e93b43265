# Made by client/generate.py from the OpenAPI document.
"""Labels, answers and reports as files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal
from uuid import UUID

from kdweb_client.calling import Calls, address


class ExportsCalls(Calls):
    """Labels, answers and reports as files."""

    def export_labels(
        self,
        *,
        group: str = "",
        format: Literal["jsonl", "csv", "xlsx", "rows", "rows-json", "coco", "huggingface"] | None = None,
    ) -> Iterator[bytes]:
        """Export labels.

        The best labels of all documents that are not rejected, streamed. `jsonl` is what `manage.py load` reads;
        `rows` and `rows-json` have a line for each row of a group, with the columns of its document; `coco` and
        `huggingface` have the places of values on the pages.

        `group`: Whose rows, where the format has them; the first by default.
        `format`: The first by default.
        """
        return self._content(address("projects", self._project, "export"), query={"group": group, "format": format})

    def export_answers(
        self,
        *,
        batch: UUID | None = None,
        since: str | None = None,
        until: str | None = None,
        unsure: bool | None = None,
        format: Literal["jsonl", "csv", "xlsx"] | None = None,
    ) -> Iterator[bytes]:
        """Export answers.

        What was answered for files, and why files were refused, the oldest first, streamed; what waits is left out.
        `csv` and `xlsx` have the project's present fields, `jsonl` every answer whole.

        `batch`: Only those of this batch.
        `since`: Only files that came on this day, by UTC, or later.
        `until`: Only files that came on this day, by UTC, or earlier.
        `unsure`: Only such whose fields a person should look at, or only others.
        `format`: The first by default.
        """
        return self._content(
            address("projects", self._project, "extractions", "export"),
            query={"batch": batch, "since": since, "until": until, "unsure": unsure, "format": format},
        )

    def export_findings(self, *, format: Literal["csv", "json"] | None = None) -> Iterator[bytes]:
        """Export findings.

        All of the newest run, those aside that are held against nobody. No cell is a formula to a spreadsheet.

        `format`: The first by default.
        """
        return self._content(address("projects", self._project, "findings", "export"), query={"format": format})

    def export_report(
        self, id: int, *, format: Literal["csv", "tables", "errors", "json"] | None = None
    ) -> Iterator[bytes]:
        """Export a report.

        A written report; yearly costs are counted at usual prices.

        `format`: The first by default.
        """
        return self._content(address("projects", self._project, "reports", id, "export"), query={"format": format})
