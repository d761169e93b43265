"""Places in a line that may be dates, with all that they can mean."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Literal

DayOrder = Literal["dmy", "mdy", "ymd"] | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place in a line that may be a date; `readings` maps the order of its parts to the day it would be.

    `dotted`: day, month and year stand between dots. `year_first`: what three numbers of two digits mean where the
    project prints the year first, which no other project is assumed to do.
    """

    start: int
    end: int
    readings: dict[str, datetime.date]
    dotted: bool = False
    year_first: datetime.date | None = None

    def date(self, day_order: DayOrder) -> datetime.date | None:
        """The one day that it can be; `None` where two remain."""
        if day_order == "ymd" and self.year_first is not None:
            return self.year_first
        if len(set(self.readings.values())) == 1:
            return next(iter(self.readings.values()))
        if self.dotted and "dmy" in self.readings and "ymd" not in self.readings:
            return self.readings["dmy"]
        return self.readings.get(day_order) if day_order else None
