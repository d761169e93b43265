"""Registered exporters; pages, command and API offer them in this order, the first by default."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from extraction.domain.errors import gettext_noop
from extraction.services.errors import Invalid
from extraction.services.reports.export.answers.given import Given
from extraction.services.reports.export.answers.lines import AnswerLines
from extraction.services.reports.export.answers.table import AnswerTable
from extraction.services.reports.export.answers.workbook import AnswerWorkbook
from extraction.services.reports.export.datasets.coco import BoxesJson
from extraction.services.reports.export.datasets.huggingface import ImageFolder
from extraction.services.reports.export.label_rows import RowJson, RowTable
from extraction.services.reports.export.labelled_documents import Selected
from extraction.services.reports.export.labels_csv import LabelTable
from extraction.services.reports.export.labels_jsonl import LabelLines
from extraction.services.reports.export.labels_xlsx import LabelWorkbook
from extraction.services.reports.export.protocol import Exporter
from extraction.services.reports.export.report_files import (
    ErrorTable,
    PaperTables,
    PricedReport,
    ReportJson,
    ScoreTable,
)

Subject = TypeVar("Subject")

_OF_PROJECTS: tuple[Exporter[Selected], ...] = (LabelLines(), LabelTable(), LabelWorkbook())
_OF_ROWS: tuple[Exporter[Selected], ...] = (RowTable(), RowJson())
_OF_PAGES: tuple[Exporter[Selected], ...] = (BoxesJson(), ImageFolder())
_OF_REPORTS: tuple[Exporter[PricedReport], ...] = (ScoreTable(), PaperTables(), ErrorTable(), ReportJson())
_OF_ANSWERS: tuple[Exporter[Given], ...] = (AnswerLines(), AnswerTable(), AnswerWorkbook())

PROJECT_EXPORTERS = {exporter.name: exporter for exporter in (*_OF_PROJECTS, *_OF_ROWS, *_OF_PAGES)}
# Those of them whose files have the rows of one group.
ROW_EXPORTERS = frozenset(exporter.name for exporter in _OF_ROWS)
REPORT_EXPORTERS = {exporter.name: exporter for exporter in _OF_REPORTS}
ANSWER_EXPORTERS = {exporter.name: exporter for exporter in _OF_ANSWERS}


def find(exporters: Mapping[str, Exporter[Subject]], name: str | None) -> Exporter[Subject]:
    """The exporter of that name, the first one without a name. Raises `Invalid`."""
    if name is None:
        return next(iter(exporters.values()))
    if name not in exporters:
        raise Invalid(
            gettext_noop("The format of an export is one of {formats}, not {name!r}."),
            formats=", ".join(exporters),
            name=name,
        )
    return exporters[name]
