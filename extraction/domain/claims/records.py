"""Claims as lines of a table say them: each cell read as what its column holds, or the line refused.

A line is refused as a whole where something of it cannot be read with certainty: a claim that is half right would
accuse or excuse somebody wrongly.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from extraction.domain.auditing.values import Claim
from extraction.domain.claims.attributes import LONGEST, Attribute
from extraction.domain.claims.cells import Cell, CellKind, TableLine
from extraction.domain.claims.remarks import RemarkCode
from extraction.domain.claims.values import ColumnSigns, claimed
from extraction.domain.field_types import UNKNOWN, Conventions
from extraction.domain.field_types.readers import currencies
from extraction.domain.fields import Field
from extraction.domain.text import storable

AMOUNT, DATE = Field("amount", "money"), Field("date", "date")
# Attributes whose column is read as a whole first.
TYPED = {Attribute.AMOUNT: AMOUNT, Attribute.DATE: DATE}
DECIMALS, LARGEST = 3, Decimal(10) ** 12
MOST_ATTENDEES = 1000
# A day with the time behind it, as systems export it.
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)[T ]\d\d:\d\d.*")
# What is no sign of a currency in an amount as it was typed.
_NO_SIGN = re.compile(r"[\d\s.,:'’()+=*/\-−–]+")
# What stands between the names of people.
_BETWEEN_NAMES = re.compile(r"[,;/\n&]+")


class Unreadable(Exception):
    """A line that makes no claim; `code` says why, `column` is `None` for the line as a whole, `other` the number of
    the line that it contradicts."""

    def __init__(self, code: RemarkCode, column: int | None, other: int | None = None) -> None:
        super().__init__(code.value)
        self.code, self.column, self.other = code, column, other


@dataclass(frozen=True, slots=True)
class RecordReader:
    """Claims from lines. `columns` leads from attributes to columns, `file` names the document; `signs` are those of
    the columns in `TYPED`, complete once `add` was called with every line."""

    columns: Mapping[Attribute, int]
    file: int | None
    known: Conventions = UNKNOWN
    signs: Mapping[Attribute, ColumnSigns] = field(
        default_factory=lambda: {attribute: ColumnSigns() for attribute in TYPED}
    )

    def add(self, line: TableLine) -> None:
        for attribute, signs in self.signs.items():
            if cell := self.cell(line, attribute):
                signs.add(cell)

    def cell(self, line: TableLine, attribute: Attribute) -> Cell | None:
        """`None` for one that is empty or not there."""
        column = self.columns.get(attribute)
        cell = None if column is None else line.cell(column)
        return None if cell is None or cell.empty else cell

    def read(self, line: TableLine, conventions: Mapping[Attribute, Conventions]) -> Claim:
        """The line's claim, with the employee's name as it was typed. Raises `Unreadable`."""
        if self.cell(line, Attribute.EMPLOYEE) is None:
            raise Unreadable(RemarkCode.NO_EMPLOYEE, self.columns.get(Attribute.EMPLOYEE))
        texts = {attribute.value: self._text(line, attribute) for attribute in LONGEST}
        currency = self._currency(line)
        file = line.cell(self.file) if self.file is not None else None
        return Claim(
            amount=self._amount(line, currency, conventions[Attribute.AMOUNT]),
            currency=currency,
            date=self._date(line, conventions[Attribute.DATE]),
            attendees=self._attendees(line),
            file=storable(file.text)[:255] if file else "",
            **texts,
        )

    def conventions(self) -> Mapping[Attribute, Conventions]:
        """How amounts and dates are written, as their columns show, else as is known."""
        return {attribute: self.signs[attribute].conventions(of, self.known) for attribute, of in TYPED.items()}

    def _checked(self, line: TableLine, attribute: Attribute) -> Cell | None:
        cell = self.cell(line, attribute)
        if cell is not None and cell.kind is CellKind.ERROR:
            raise Unreadable(RemarkCode.ERROR_CELL, self.columns[attribute])
        if cell is not None and cell.kind is CellKind.UNCALCULATED:
            raise Unreadable(RemarkCode.NO_RESULT, self.columns[attribute])
        return cell

    def _text(self, line: TableLine, attribute: Attribute) -> str:
        cell = self._checked(line, attribute)
        text = storable(cell.text).strip() if cell else ""
        if len(text) > LONGEST[attribute]:
            raise Unreadable(RemarkCode.TOO_LONG, self.columns[attribute])
        return text

    def _amount(self, line: TableLine, currency: str, conventions: Conventions) -> Decimal:
        cell = self._checked(line, Attribute.AMOUNT)
        if cell is None:
            raise Unreadable(RemarkCode.NO_AMOUNT, self.columns.get(Attribute.AMOUNT))
        read = claimed(AMOUNT, cell, conventions, serials=False).normalized
        if read is None and currency:
            # The currency may tell what its sign groups: `1.234` yen.
            read = claimed(AMOUNT, Cell(f"{currency} {cell.text}", cell.kind), conventions, serials=False).normalized
        amount = Decimal(read) if read is not None else None
        if amount is None or abs(amount) >= LARGEST or -int(amount.as_tuple().exponent) > DECIMALS:
            raise Unreadable(RemarkCode.AMOUNT_NOT_READ, self.columns[Attribute.AMOUNT])
        return amount

    def _date(self, line: TableLine, conventions: Conventions) -> datetime.date | None:
        cell = self._checked(line, Attribute.DATE)
        if cell is None:
            return None
        if moment := _MOMENT.fullmatch(cell.text):
            cell = Cell(moment[1], cell.kind)
        read = claimed(DATE, cell, conventions, serials=self.signs[Attribute.DATE].are_serials)
        try:
            return datetime.date.fromisoformat(read.normalized or "")
        except ValueError:
            raise Unreadable(RemarkCode.DATE_NOT_READ, self.columns[Attribute.DATE]) from None

    def _currency(self, line: TableLine) -> str:
        """As its own column says, else as stands beside the amount; empty where neither tells one."""
        if (cell := self._checked(line, Attribute.CURRENCY)) is not None:
            code = currency_of(cell.text)
            if not code:
                raise Unreadable(RemarkCode.NO_CURRENCY, self.columns[Attribute.CURRENCY])
            return code
        amount = self._checked(line, Attribute.AMOUNT)
        return currency_of(_NO_SIGN.sub("", amount.text)) if amount and amount.kind is CellKind.TEXT else ""

    def _attendees(self, line: TableLine) -> int | None:
        cell = self._checked(line, Attribute.ATTENDEES)
        if cell is None:
            return None
        count = attendees_of(cell.text)
        if count is None:
            raise Unreadable(RemarkCode.NO_COUNT, self.columns[Attribute.ATTENDEES])
        return count


def currency_of(text: str) -> str:
    """The code (ISO 4217) that a code, sign or name stands for; empty where that is none or several."""
    text = text.strip()
    if text.upper() in currencies.codes():
        return text.upper()
    meant = currencies.likeliest(text) if text else ()
    return meant[0] if len(meant) == 1 and meant[0] in currencies.codes() else ""


def attendees_of(text: str) -> int | None:
    """The number that stands there, else of the names; `None` where neither makes sense."""
    text = text.strip()
    if re.fullmatch(r"\d+(?:[.,]0+)?", text):
        count = int(re.split("[.,]", text)[0])
    elif re.fullmatch(r"[-+\d.,\s]+", text):
        return None
    else:
        count = sum(bool(name.strip()) for name in _BETWEEN_NAMES.split(text))
    return count if 0 < count <= MOST_ATTENDEES else None
