"""XLSX workbooks (ISO/IEC 29500), by openpyxl: the first visible sheet, line by line.

Numbers lose the noise of binary fractions as spreadsheets show them (15 digits), dates and times become ISO 8601,
percentages and leading zeros follow the cell's format, a formula has the result that the file holds.
"""

from __future__ import annotations

import datetime
import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from decimal import Decimal
from itertools import repeat
from pathlib import Path
from typing import Any, Self

from extraction.domain.claims.cells import Cell, CellKind, TableLine, text_cell
from extraction.domain.errors import gettext_noop
from extraction.engines.tables.limits import LIMITS, UnreadableTable

BROKEN = gettext_noop("The workbook is damaged or protected: open it in a spreadsheet program and save it as XLSX.")
TOO_LARGE = gettext_noop("The workbook is too large once it is unpacked (at most {limit} MB).")
OTHER = gettext_noop("This is no XLSX workbook: save the table as XLSX or as CSV.")
NO_SHEET = gettext_noop("The workbook has no visible sheet.")
TEXTS = "xl/sharedStrings.xml"
# A formula in the XML of a sheet.
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_ZEROS = re.compile(r"0{2,}")
# Digits of a number that spreadsheets keep.
DIGITS = 15


@dataclass(frozen=True, slots=True)
class Workbook:
    """A workbook whose size is within the limits; `formulas`: a sheet has some."""

    path: Path
    formulas: bool

    @classmethod
    def of(cls, path: Path) -> Self:
        """Raises `UnreadableTable`."""
        try:
            with zipfile.ZipFile(path) as archive:
                # The module reads no more of a part than is declared here.
                sizes = {part.filename: part.file_size for part in archive.infolist()}
                if "xl/workbook.xml" not in sizes:
                    raise UnreadableTable(OTHER)
                if sum(sizes.values()) > LIMITS.unpacked or sizes.get(TEXTS, 0) > LIMITS.texts:
                    raise UnreadableTable(TOO_LARGE, limit=LIMITS.unpacked // 2**20)
                return cls(path, any(_has_formula(archive, name) for name in sizes if "/worksheets/" in name))
        except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, EOFError):
            raise UnreadableTable(BROKEN) from None

    def lines(self) -> Iterator[TableLine]:
        """The lines of the first visible sheet. Raises `UnreadableTable`."""
        with _opened(self.path, results=True) as book:
            sheet, epoch = _sheet(book), book.epoch
            if not self.formulas:
                yield from _lines(sheet, repeat(()), epoch)
                return
            with _opened(self.path, results=False) as entered:
                yield from _lines(sheet, _rows(_sheet(entered)), epoch)


def _has_formula(archive: zipfile.ZipFile, name: str) -> bool:
    with archive.open(name) as part:
        end = b""
        while piece := part.read(2**20):
            if _FORMULA.search(end + piece):
                return True
            end = piece[-16:]
    return False


@contextmanager
def _opened(path: Path, *, results: bool) -> Iterator[Any]:
    """The workbook with the results of formulas, or with the formulas themselves."""
    from openpyxl import load_workbook

    # As a file: of a path the library wants a certain ending.
    with path.open("rb") as file:
        try:
            book = load_workbook(file, read_only=True, data_only=results, keep_links=False)
        except Exception:
            # Whatever a damaged workbook makes it raise.
            raise UnreadableTable(BROKEN) from None
        with closing(book):
            yield book


def _sheet(book: Any) -> Any:
    sheet = next((sheet for sheet in book.worksheets if sheet.sheet_state == "visible"), None)
    if sheet is None:
        raise UnreadableTable(NO_SHEET)
    # What a file says about its sheet's size need not be so.
    sheet.reset_dimensions()
    return sheet


def _lines(sheet: Any, formulas: Iterator[Sequence[Any]], epoch: datetime.datetime) -> Iterator[TableLine]:
    for number, (row, entered) in enumerate(zip(_rows(sheet), formulas, strict=False), start=1):
        cells = [_cell(cell, epoch) for cell in row]
        for column, cell in enumerate(entered):
            if cell.value is not None and cell.data_type == "f" and cells[column].empty:
                cells[column] = Cell(kind=CellKind.UNCALCULATED)
        yield TableLine(number, cells)


def _rows(sheet: Any) -> Iterator[Sequence[Any]]:
    try:
        yield from sheet.iter_rows()
    except Exception:
        raise UnreadableTable(BROKEN) from None


def _cell(cell: Any, epoch: datetime.datetime) -> Cell:
    value = cell.value
    match value:
        case None:
            return Cell()
        case bool():
            return Cell("TRUE" if value else "FALSE", CellKind.BOOLEAN)
        case int() | float():
            return _number(value, cell.number_format or "General")
        case datetime.datetime():
            whole = value.time() == datetime.time()
            return Cell(value.date().isoformat() if whole else value.isoformat(" ", "minutes"), CellKind.DATE)
        case datetime.date():
            return Cell(value.isoformat(), CellKind.DATE)
        case datetime.time() | datetime.timedelta():
            return Cell(str(value), CellKind.TEXT)
        case _ if cell.data_type == "e":
            return Cell(str(value), CellKind.ERROR)
        case _:
            return text_cell(str(value))


def _number(value: float, format: str) -> Cell:
    """As the cell shows it where its format has zeros before the number or a percent sign."""
    plain = _plain(value)
    if "%" in format:
        return Cell(f"{_plain(Decimal(plain) * 100)}%", CellKind.TEXT)
    if _ZEROS.fullmatch(format) and plain.isdigit():
        return Cell(plain.zfill(len(format)), CellKind.TEXT)
    return Cell(plain, CellKind.NUMBER)


def _plain(value: float | Decimal) -> str:
    """Digits with a point, without an exponent and without what binary fractions add: `0.30000000000000004` is 0.3."""
    text = f"{Decimal(f'{value:.{DIGITS}g}'):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
