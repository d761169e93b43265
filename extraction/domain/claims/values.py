"""Values of a column's cells: what each one says about the column's field, and whether that is certain.

A column is read as a whole first: dates that have one reading tell the order of all its dates, amounts their decimal
sign. Where a column has numbers alone, all in the range of the days that spreadsheets count, these are dates; beside
other cells such a number stays a number. What remains in doubt stays as it was typed.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from decimal import Decimal

from extraction.domain.claims.cells import Cell, CellKind
from extraction.domain.claims.remarks import RemarkCode
from extraction.domain.field_types import Conventions, is_ambiguous, is_invalid, normalize
from extraction.domain.field_types.numeric import Numeric
from extraction.domain.field_types.readers.amounts import write_decimal
from extraction.domain.field_types.readers.day_orders import votes_of as date_votes
from extraction.domain.field_types.readers.decimal_signs import infer_decimal_sign
from extraction.domain.fields import Field

# The days from 1954-10-04 to 2119-01-18 as spreadsheets number them. Whole numbers of such size are no amounts of time.
SERIALS = range(20_000, 80_000)
# Day 0; spreadsheets take 1900 for a leap year, which moves all days since.
DAY_ZERO = datetime.date(1899, 12, 30)
# Values of a column that are looked at for its order of dates and its decimal sign.
LOOKED_AT = 2000


@dataclass(slots=True)
class ColumnSigns:
    """What the cells of a column tell about each other; `add` every cell, then `conventions`."""

    numbers: int = 0
    serials: int = 0
    others: int = 0
    texts: list[str] = field(default_factory=list)

    def add(self, cell: Cell) -> None:
        if cell.kind is CellKind.TEXT and len(self.texts) < LOOKED_AT:
            self.texts.append(cell.text)
        if _is_serial(cell):
            self.serials += 1
        elif not cell.empty and cell.kind is not CellKind.ERROR:
            self.others += 1

    @property
    def are_serials(self) -> bool:
        """Whether the column, as one of dates, has numbers of days alone."""
        return self.serials > 0 and self.others == 0

    def conventions(self, field: Field, known: Conventions) -> Conventions:
        """How the column's texts are written: as they show, else as is `known` of the project."""
        order = date_votes(self.texts).order if field.kind.uses_day_order else None
        sign = infer_decimal_sign(self.texts, values=True) if field.kind.numeric else None
        return Conventions(order or known.day_order, sign or known.decimal_sign)


@dataclass(frozen=True, slots=True)
class Claimed:
    """What a cell says: `value` as typed and its meaning in the field's format (`None` where that is not certain), or
    the remark that refuses it."""

    value: str = ""
    normalized: str | None = None
    remark: RemarkCode | None = None

    @property
    def refused(self) -> bool:
        return self.remark is not None and self.remark.refuses


def claimed(field: Field, cell: Cell, conventions: Conventions, *, serials: bool) -> Claimed:
    """The value of a cell that is not empty; `serials`: the column's numbers are days."""
    if cell.kind is CellKind.ERROR:
        return Claimed(remark=RemarkCode.ERROR_CELL)
    if cell.kind is CellKind.UNCALCULATED:
        return Claimed(remark=RemarkCode.NO_RESULT)
    if len(cell.text) > field.kind.longest:
        return Claimed(remark=RemarkCode.TOO_LONG)
    if field.kind.uses_day_order and _is_serial(cell):
        return _of_day(field, cell, serials)
    if isinstance(field.kind, Numeric) and cell.kind is CellKind.NUMBER:
        text = write_decimal(Decimal(cell.text), field.kind.places)
        return Claimed(text, normalize(field, text, conventions=Conventions(decimal_sign=".")))
    normalized = normalize(field, cell.text, conventions=conventions)
    return Claimed(cell.text, normalized, None if normalized else _doubt(field, cell.text, conventions))


def _of_day(field: Field, cell: Cell, serials: bool) -> Claimed:
    if not serials:
        return Claimed(cell.text, remark=RemarkCode.SERIAL_NUMBER)
    day = (DAY_ZERO + datetime.timedelta(days=int(cell.text))).isoformat()
    return Claimed(day, normalize(field, day))


def _doubt(field: Field, text: str, conventions: Conventions) -> RemarkCode | None:
    if is_ambiguous(field, text, conventions=conventions):
        return RemarkCode.AMBIGUOUS
    return RemarkCode.NOT_READ if is_invalid(field, text) else None


def _is_serial(cell: Cell) -> bool:
    plain = cell.kind in (CellKind.TEXT, CellKind.NUMBER) and len(cell.text) == len(str(SERIALS.start))
    return plain and cell.text.isascii() and cell.text.isdigit() and int(cell.text) in SERIALS


def same_claim(one: Claimed, other: Claimed) -> bool:
    """Whether two cells say the same."""
    if one.normalized is not None and other.normalized is not None:
        return one.normalized.casefold() == other.normalized.casefold()
    return one.value.casefold() == other.value.casefold()
