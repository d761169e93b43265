"""Answers as a table for spreadsheets."""

from __future__ import annotations

from collections.abc import Iterator

from extraction.services.reports.export import spreadsheet
from extraction.services.reports.export.answers.given import Given, lines


class AnswerTable:
    """A row a file; see `given` for its columns."""

    name = "csv"
    title = "CSV"
    media_type = spreadsheet.MEDIA_TYPE

    def filename(self, subject: Given) -> str:
        return f"{subject.stem}.csv"

    def write(self, subject: Given) -> Iterator[str]:
        rows = lines(subject)
        return spreadsheet.table(next(rows), rows)
