"""Labels as a table for spreadsheets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extraction.services.quality.reasons import reasons
from extraction.services.reports.export import spreadsheet
from extraction.services.reports.export.labelled_documents import LabelledDocument, Selected, labelled_documents

# Columns of a field after its value.
COLUMNS = ("normalized", "source", "probability", "doubts")


class LabelTable:
    """A row a document; a field has its value, the same in the field's format, the source of the label, the probability
    that it is right, and what speaks against it.

    No field can be called `id` or `file`, nor hold a dot, so that no column has the name of another.
    """

    name = "csv"
    title = "CSV"
    media_type = spreadsheet.MEDIA_TYPE

    def filename(self, subject: Selected) -> str:
        return f"{subject.project.slug}-labels.csv"

    def write(self, subject: Selected) -> Iterator[str]:
        lines = label_lines(subject)
        return spreadsheet.table(next(lines), lines)


def label_lines(subject: Selected) -> Iterator[list[object]]:
    """The header, and a line a document."""
    names = subject.project.schema.names
    yield [*document_header(), *label_header(names)]
    for row in labelled_documents(subject):
        yield [*document_cells(row), *label_cells(row, names)]


def document_header() -> list[str]:
    return ["id", "file", "document.split", "document.review"]


def document_cells(row: LabelledDocument) -> list[object]:
    return [row.document.pk, row.file, row.document.split, row.document.review]


def label_header(names: Sequence[str]) -> list[str]:
    return [column for name in names for column in (name, *(f"{name}.{of}" for of in COLUMNS))]


def label_cells(row: LabelledDocument, names: Sequence[str]) -> list[object]:
    cells: list[object] = []
    for name in names:
        label = row.labels.get(name)
        if label is None:
            cells += [None] * (1 + len(COLUMNS))
        else:
            doubts = "; ".join(reasons(label).opposing) or None
            cells += [label.value, label.normalized, label.source, label.probability, doubts]
    return cells
