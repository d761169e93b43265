"""Dates, read only where they have one meaning."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import TYPE_CHECKING

from extraction.domain.errors import gettext_noop
from extraction.domain.field_types.base import AS_PRINTED, FieldType, Meaning
from extraction.domain.field_types.readers.candidates import DayOrder
from extraction.domain.field_types.readers.conventions import Conventions
from extraction.domain.field_types.readers.dates import (
    DATE_FORMATS,
    find_dates,
    has_full_year,
    parse_date,
    read_dates,
    write_date,
)

if TYPE_CHECKING:
    from extraction.domain.fields import Field

# Certainty of a date that is right in one of the two orders of day and month.
UNCERTAIN_ORDER = 0.9
EXAMPLE = datetime.date(2018, 12, 25)


class Date(FieldType):
    """Normalised to the field's format, ISO by default.

    `today` is the clock by which years of two digits are completed.
    """

    name = gettext_noop("date")
    noun = "a date"
    formats = (AS_PRINTED, *DATE_FORMATS)
    uses_day_order = True
    invalid = gettext_noop("Not a valid date")
    typed = True
    alias_words = ("date", "day", "time", "birth")
    find = staticmethod(find_dates)

    def __init__(self, today: Callable[[], datetime.date]) -> None:
        self._today = today

    def parse(self, text: str, day_order: DayOrder) -> datetime.date | None:
        """The one date that `text` holds; `None` in any doubt."""
        return parse_date(text, today=self._today(), day_order=day_order)

    def normalize(self, field: Field, text: str, conventions: Conventions) -> str | None:
        doubtful = conventions.thai and not has_full_year(text)
        date = None if doubtful else self.parse(text, conventions.day_order)
        return write_date(date, field.format) if date else None

    def readings(self, field: Field, text: str, conventions: Conventions) -> tuple[Meaning, ...]:
        """Both days, in one year, of a date of which the day or the month may come first."""
        days = read_dates(text, today=self._today(), day_order=conventions.day_order)
        return tuple(Meaning(write_date(day, field.format), f"{day.day} {day:%B}") for day in days)

    def meanings(self, text: str, conventions: Conventions) -> dict[object, float]:
        certain = self.parse(text, conventions.day_order)
        if certain is not None:
            return {certain: 1.0}
        readings = (self.parse(text, "dmy"), self.parse(text, "mdy"))
        return {reading: UNCERTAIN_ORDER for reading in readings if reading is not None}

    def describe_format(self, field: Field) -> str:
        if field.format == AS_PRINTED:
            return super().describe_format(field)
        return f"written as {field.format}, 25 December 2018 as {write_date(EXAMPLE, field.format)}"

    def example(self, field: Field) -> str:
        return write_date(EXAMPLE, "dd/mm/yyyy")
